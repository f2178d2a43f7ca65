#include "agent/scan/removable_win32.hpp"

#include "agent/scan/wide_win32.hpp"

#include <array>
#include <winioctl.h>

namespace imc::scan {
namespace {

// The root of the volume that holds the path, mount points included, with its separator.
std::wstring volume_root(const std::string& path) {
    const std::wstring whole = long_path(path);
    std::wstring root(whole.size() + 4, L'\0');
    if (!GetVolumePathNameW(whole.c_str(), root.data(), static_cast<DWORD>(root.size()))) return {};
    root.resize(root.find(L'\0'));
    return root;
}

bool leaves_easily(STORAGE_BUS_TYPE bus) {
    return bus == BusTypeUsb || bus == BusType1394 || bus == BusTypeSd || bus == BusTypeMmc;
}

}  // namespace

bool is_removable(const std::string& path) {
    const std::wstring root = volume_root(path);
    if (root.empty()) return false;
    const UINT type = GetDriveTypeW(root.c_str());
    if (type == DRIVE_REMOVABLE || type == DRIVE_CDROM) return true;
    if (type != DRIVE_FIXED) return false;
    std::array<wchar_t, 64> name{};  // "\\?\Volume{...}\" has 49
    if (!GetVolumeNameForVolumeMountPointW(root.c_str(), name.data(), static_cast<DWORD>(name.size()))) return false;
    std::wstring device(name.data());
    if (!device.empty() && device.back() == L'\\') device.pop_back();  // with it the root directory would be opened
    const Handle volume(open_for_attributes(device, 0));
    if (!volume) return false;
    STORAGE_PROPERTY_QUERY query{};
    query.PropertyId = StorageDeviceProperty;
    query.QueryType = PropertyStandardQuery;
    STORAGE_DEVICE_DESCRIPTOR about{};
    DWORD bytes = 0;
    if (!DeviceIoControl(volume.get(), IOCTL_STORAGE_QUERY_PROPERTY, &query, sizeof query, &about, sizeof about, &bytes, nullptr))
        return false;
    return bytes >= sizeof about && (about.RemovableMedia != 0 || leaves_easily(about.BusType));
}

}  // namespace imc::scan
