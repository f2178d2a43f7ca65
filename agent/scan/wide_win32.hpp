// What Win32 files of agent/scan and of agent/imagemanager share: wide strings, long paths, handles, error numbers.
// What it is not: for other files than *_win32.cpp.
#pragma once

#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include "agent/scan/listing.hpp"

#include <windows.h>

namespace imc::scan {

[[nodiscard]] std::wstring wide(const std::string& text);
[[nodiscard]] std::string narrow(std::wstring_view text);
// With "\\?\" or "\\?\UNC\", so that length and trailing dots do not matter. `path` is absolute.
[[nodiscard]] std::wstring long_path(const std::string& path);
[[nodiscard]] errc from_win32(DWORD error) noexcept;

// Closes what it holds. Null and INVALID_HANDLE_VALUE are nothing.
class Handle {
public:
    explicit Handle(HANDLE handle) noexcept : handle_(handle) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() {
        if (*this) CloseHandle(handle_);
    }
    explicit operator bool() const noexcept { return handle_ != nullptr && handle_ != INVALID_HANDLE_VALUE; }
    [[nodiscard]] HANDLE get() const noexcept { return handle_; }

private:
    HANDLE handle_;
};

// Opens without standing in anybody's way: full sharing, no data access.
[[nodiscard]] HANDLE open_for_attributes(const std::wstring& path, DWORD access) noexcept;

}  // namespace imc::scan
