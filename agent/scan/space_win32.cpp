#include "agent/scan/wide_win32.hpp"

#include <array>
#include <cstdio>

namespace imc::scan {

boost::system::result<Space> space(const std::string& path) {
    ULARGE_INTEGER available{};
    ULARGE_INTEGER total{};
    std::wstring directory = long_path(path);
    // The root of a share is asked for with its separator.
    if (directory.back() != L'\\') directory.push_back(L'\\');
    if (!GetDiskFreeSpaceExW(directory.c_str(), &available, &total, nullptr)) return make_error_code(from_win32(GetLastError()));
    return Space{total.QuadPart, available.QuadPart};
}

boost::system::result<std::string> identity(const std::string& path) {
    const Handle directory(open_for_attributes(long_path(path), FILE_READ_ATTRIBUTES));
    if (!directory) return make_error_code(from_win32(GetLastError()));
    std::array<char, 80> text{};
    int length = 0;
    FILE_ID_INFO wide_id{};
    BY_HANDLE_FILE_INFORMATION about{};
    // The 128-bit number first: on ReFS the 64-bit one is not unique.
    if (GetFileInformationByHandleEx(directory.get(), FileIdInfo, &wide_id, sizeof wide_id)) {
        length = std::snprintf(text.data(), text.size(), "%llx:", static_cast<unsigned long long>(wide_id.VolumeSerialNumber));
        for (const auto byte : wide_id.FileId.Identifier) {
            length += std::snprintf(text.data() + length, text.size() - static_cast<std::size_t>(length), "%02x", byte);
        }
    } else if (GetFileInformationByHandle(directory.get(), &about)) {
        length =
            std::snprintf(text.data(), text.size(), "%lx:%lx%08lx", about.dwVolumeSerialNumber, about.nFileIndexHigh, about.nFileIndexLow);
    } else {
        return make_error_code(from_win32(GetLastError()));
    }
    return std::string(text.data(), static_cast<std::size_t>(length));
}

}  // namespace imc::scan
