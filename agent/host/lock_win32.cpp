#include "agent/host/lock.hpp"
#include "agent/host/wide_win32.hpp"

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
    const HANDLE handle =
        CreateFileW(long_path(path).c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr);
    if (handle == INVALID_HANDLE_VALUE) return nullptr;
    return std::make_unique<FileLock>(handle);
}

}  // namespace imc::host
