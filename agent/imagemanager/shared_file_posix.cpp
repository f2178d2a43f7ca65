#include "agent/host/files.hpp"
#include "agent/imagemanager/shared_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace imc::imagemanager {
namespace {

boost::system::error_code last_error() noexcept {
    return {errno, boost::system::system_category()};
}

int descriptor(std::intptr_t handle) noexcept {
    return static_cast<int>(handle);
}

}  // namespace

std::int64_t unix_time(const FileStamp& stamp) noexcept {
    return stamp.written / 1'000'000'000;
}

boost::system::result<SharedFile> SharedFile::open(const std::string& path) {
    // Without O_NONBLOCK a pipe would be waited for.
    const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (number < 0) return last_error();
    SharedFile file(number);
    struct stat found {};
    if (::fstat(number, &found) != 0) return last_error();
    if (!S_ISREG(found.st_mode)) return host::make_error_code(host::errc::not_a_file);
    return file;
}

SharedFile::~SharedFile() {
    if (handle_ != none) ::close(descriptor(handle_));
}

boost::system::result<FileStamp> SharedFile::stamp() const noexcept {
    struct stat found {};
    if (::fstat(descriptor(handle_), &found) != 0) return last_error();
    return FileStamp{static_cast<std::uint64_t>(found.st_size), found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec};
}

boost::system::result<std::size_t> SharedFile::read(std::uint64_t offset, std::span<std::uint8_t> into) const noexcept {
    std::size_t done = 0;
    while (done < into.size()) {
        const ssize_t got = ::pread(descriptor(handle_), into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return last_error();
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

void SharedFile::expect_one_pass() const noexcept {
    ::posix_fadvise(descriptor(handle_), 0, 0, POSIX_FADV_SEQUENTIAL);
}

}  // namespace imc::imagemanager
