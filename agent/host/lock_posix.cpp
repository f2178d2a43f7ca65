#include "agent/host/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace imc::host {
namespace {

class FileLock final : public Lock {
public:
    explicit FileLock(int descriptor) : descriptor_(descriptor) {}
    ~FileLock() override { ::close(descriptor_); }
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

private:
    int descriptor_;
};

}  // namespace

std::unique_ptr<Lock> take_lock(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return nullptr;
    auto lock = std::make_unique<FileLock>(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) return nullptr;
    return lock;
}

}  // namespace imc::host
