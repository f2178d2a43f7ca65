#include "agent/scan/wide_win32.hpp"

#include "agent/scan/paths.hpp"
#include "agent/scan/utf8.hpp"

namespace imc::scan {

std::wstring wide(const std::string& text) {
    const std::u16string units = utf16_from_utf8(text);
    return {units.begin(), units.end()};
}

std::string narrow(std::wstring_view text) {
    return utf8_from_utf16(std::u16string(text.begin(), text.end()));
}

std::wstring long_path(const std::string& path) {
    const std::string normal = normalise(PathStyle::windows, path);
    if (normal.starts_with("\\\\?\\")) {
        // The root of a volume or a shadow copy is a directory only with its separator.
        return wide(parent(PathStyle::windows, normal) == normal ? normal + "\\" : normal);
    }
    if (normal.starts_with("\\\\")) return L"\\\\?\\UNC\\" + wide(normal.substr(2));
    return L"\\\\?\\" + wide(normal);
}

errc from_win32(DWORD error) noexcept {
    switch (error) {
        case ERROR_SUCCESS:
            return errc::ok;
        case ERROR_FILE_NOT_FOUND:
        case ERROR_PATH_NOT_FOUND:
        case ERROR_INVALID_NAME:
        case ERROR_BAD_PATHNAME:
        case ERROR_INVALID_DRIVE:
        case ERROR_DELETE_PENDING:
        case ERROR_CANT_RESOLVE_FILENAME:
            return errc::not_found;
        case ERROR_ACCESS_DENIED:
        case ERROR_SHARING_VIOLATION:
        case ERROR_LOGON_FAILURE:
        case ERROR_ACCOUNT_RESTRICTION:
        case ERROR_PRIVILEGE_NOT_HELD:
        case ERROR_NETWORK_ACCESS_DENIED:
            return errc::access_denied;
        case ERROR_DIRECTORY:
            return errc::not_a_directory;
        case ERROR_NOT_READY:
        case ERROR_CRC:
        case ERROR_IO_DEVICE:
        case ERROR_GEN_FAILURE:
        case ERROR_DEV_NOT_EXIST:
        case ERROR_BAD_NETPATH:
        case ERROR_BAD_NET_NAME:
        case ERROR_BAD_NET_RESP:
        case ERROR_NETNAME_DELETED:
        case ERROR_NETWORK_BUSY:
        case ERROR_NETWORK_UNREACHABLE:
        case ERROR_HOST_UNREACHABLE:
        case ERROR_REM_NOT_LIST:
        case ERROR_UNEXP_NET_ERR:
        case ERROR_SEM_TIMEOUT:
        case ERROR_DEVICE_NOT_CONNECTED:
        case ERROR_CONNECTION_REFUSED:
        case ERROR_CONNECTION_ABORTED:
        case ERROR_NO_NETWORK:
        case ERROR_NO_NET_OR_BAD_PATH:
        case ERROR_NO_LOGON_SERVERS:
            return errc::network;
        default:
            return errc::io;
    }
}

HANDLE open_for_attributes(const std::wstring& path, DWORD access) noexcept {
    constexpr DWORD sharing = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    return CreateFileW(path.c_str(), access, sharing, nullptr, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr);
}

}  // namespace imc::scan
