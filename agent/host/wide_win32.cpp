#include "agent/host/wide_win32.hpp"

namespace imc::host {

std::wstring wide(std::string_view text) {
    if (text.empty() || text.size() > INT_MAX) return {};
    const int bytes = static_cast<int>(text.size());
    std::wstring result(static_cast<std::size_t>(MultiByteToWideChar(CP_UTF8, 0, text.data(), bytes, nullptr, 0)), L'\0');
    MultiByteToWideChar(CP_UTF8, 0, text.data(), bytes, result.data(), static_cast<int>(result.size()));
    return result;
}

std::string utf8(std::wstring_view text) {
    if (text.empty() || text.size() > INT_MAX) return {};
    const int units = static_cast<int>(text.size());
    std::string result(static_cast<std::size_t>(WideCharToMultiByte(CP_UTF8, 0, text.data(), units, nullptr, 0, nullptr, nullptr)), '\0');
    WideCharToMultiByte(CP_UTF8, 0, text.data(), units, result.data(), static_cast<int>(result.size()), nullptr, nullptr);
    return result;
}

std::wstring long_path(std::string_view path) {
    const std::wstring given = wide(path);
    if (given.empty() || given.starts_with(L"\\\\?\\") || given.starts_with(L"\\\\.\\")) return given;
    const DWORD room = GetFullPathNameW(given.c_str(), 0, nullptr, nullptr);
    std::wstring full(room, L'\0');
    const DWORD length = GetFullPathNameW(given.c_str(), room, full.data(), nullptr);
    if (length == 0 || length >= room) return given;
    full.resize(length);
    // Devices ("NUL", "CON") become "\\.\NUL" and stay what they are.
    if (full.starts_with(L"\\\\.\\")) return full;
    if (full.starts_with(L"\\\\")) return L"\\\\?\\UNC" + full.substr(1);
    return L"\\\\?\\" + full;
}

}  // namespace imc::host
