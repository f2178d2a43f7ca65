#include "agent/host/lock.hpp"

#include <vector>
#include <windows.h>

namespace imc::host {
namespace {

class FileLock final : public Lock {
public:
    explicit FileLock(HANDLE handle) : handle_(handle) {}
    ~FileLock() override { CloseHandle(handle_); }
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

private:
    HANDLE handle_;
};

}  // namespace

std::unique_ptr<Lock> take_lock(const std::string& path) {
    const int length = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path.c_str(), -1, nullptr, 0);
    if (length <= 0) return nullptr;
    std::vector<wchar_t> wide(static_cast<std::size_t>(length));
    MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path.c_str(), -1, wide.data(), length);
    const HANDLE handle = CreateFileW(wide.data(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr);
    if (handle == INVALID_HANDLE_VALUE) return nullptr;
    return std::make_unique<FileLock>(handle);
}

}  // namespace imc::host
