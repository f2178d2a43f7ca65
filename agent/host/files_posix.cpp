#include "agent/host/files.hpp"

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace imc::host {
namespace {

using boost::system::error_code;

constexpr mode_t secret_mode = 0600;
constexpr mode_t public_mode = 0644;
constexpr mode_t private_directory_mode = 0700;
constexpr mode_t parent_directory_mode = 0755;

error_code last_error() {
    return {errno, boost::system::system_category()};
}

class Descriptor {
public:
    explicit Descriptor(int number) noexcept : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    explicit operator bool() const noexcept { return number_ >= 0; }
    [[nodiscard]] int get() const noexcept { return number_; }
    // Where a network file system reports what went wrong with the last writes.
    [[nodiscard]] bool close() noexcept {
        const int number = number_;
        number_ = -1;
        return ::close(number) == 0 || errno == EINTR;
    }

private:
    int number_;
};

bool write_all(int to, const std::string& content) {
    for (std::size_t done = 0; done < content.size();) {
        const ssize_t written = ::write(to, content.data() + done, content.size() - done);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        done += static_cast<std::size_t>(written);
    }
    return true;
}

std::string directory_of(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

error_code flush_directory(const std::string& path) {
    const Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory) return last_error();
    // Some file systems cannot flush a directory and say so by these two.
    if (::fsync(directory.get()) == 0 || errno == EINVAL || errno == ENOTSUP) return {};
    return last_error();
}

error_code write_new(int to, const std::string& content, mode_t mode) {
    Descriptor file(to);
    if (::fchmod(file.get(), mode) != 0 || !write_all(file.get(), content) || ::fsync(file.get()) != 0 || !file.close())
        return last_error();
    return {};
}

error_code close_to_others(const std::string& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) return last_error();
    if (!S_ISDIR(found.st_mode)) return errc::not_a_directory;
    // Shared by everybody on purpose, such as /tmp: closing it would break the computer.
    if ((found.st_mode & S_ISVTX) != 0) return errc::not_private;
    return ::chmod(path.c_str(), private_directory_mode) == 0 ? error_code() : last_error();
}

}  // namespace

boost::system::result<std::string> read_file(const std::string& path, std::size_t limit) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file) return last_error();
    struct stat found {};
    if (::fstat(file.get(), &found) != 0) return last_error();
    if (!S_ISREG(found.st_mode)) return make_error_code(errc::not_a_file);
    if (static_cast<std::uintmax_t>(found.st_size) > limit) return make_error_code(errc::file_too_large);
    std::string content;
    // One byte more than expected, so that a file that grew meanwhile is noticed and a whole one ends at once.
    for (std::size_t room = static_cast<std::size_t>(found.st_size) + 1;;) {
        const std::size_t before = content.size();
        content.resize(before + room);
        const ssize_t got = ::read(file.get(), content.data() + before, room);
        if (got < 0 && errno != EINTR) return last_error();
        content.resize(before + static_cast<std::size_t>(got < 0 ? 0 : got));
        if (content.size() > limit) return make_error_code(errc::file_too_large);
        if (got == 0) return content;
        room = 4096;
    }
}

boost::system::result<void> write_file(const std::string& path, const std::string& content, bool secret) {
    const std::string beside = path + ".new";
    ::unlink(beside.c_str());  // left behind by a write that was cut off
    const int opened = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, secret_mode);
    if (opened < 0) return last_error();
    error_code error = write_new(opened, content, secret ? secret_mode : public_mode);
    if (!error && ::rename(beside.c_str(), path.c_str()) != 0) error = last_error();
    if (error) {
        ::unlink(beside.c_str());
        return error;
    }
    if (error = flush_directory(directory_of(path)); error) return error;
    return {};
}

boost::system::result<void> remove_file(const std::string& path) {
    if (::unlink(path.c_str()) == 0 || errno == ENOENT) return {};
    return last_error();
}

boost::system::result<void> make_private_directory(const std::string& path) {
    if (path.empty()) return boost::system::errc::make_error_code(boost::system::errc::invalid_argument);
    const auto last = path.find_last_not_of('/');
    const std::string whole = last == std::string::npos ? path : path.substr(0, last + 1);
    for (auto slash = whole.find('/', 1); slash != std::string::npos; slash = whole.find('/', slash + 1)) {
        // Only the last one's failure tells: a parent may be there and not be ours to look at.
        ::mkdir(whole.substr(0, slash).c_str(), parent_directory_mode);
    }
    if (::mkdir(whole.c_str(), private_directory_mode) == 0) return {};
    if (errno != EEXIST) return last_error();
    if (const error_code error = close_to_others(whole); error) return error;
    return {};
}

}  // namespace imc::host
