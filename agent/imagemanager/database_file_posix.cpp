#include "agent/host/files.hpp"
#include "agent/imagemanager/database_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace imc::imagemanager {
namespace {

using boost::system::error_code;

class File final : public DatabaseFile {
public:
    File(int number, const struct stat& found) noexcept : number_(number), found_(found) {}
    ~File() override { ::close(number_); }

    [[nodiscard]] std::uint64_t size() const noexcept override { return static_cast<std::uint64_t>(found_.st_size); }

    [[nodiscard]] bool read(std::uint64_t offset, std::span<std::uint8_t> into) const noexcept override {
        for (std::size_t done = 0; done < into.size();) {
            const ssize_t got = ::pread(number_, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) return false;
            done += static_cast<std::size_t>(got);
        }
        return true;
    }

    [[nodiscard]] bool changed() const noexcept override {
        struct stat now {};
        return ::fstat(number_, &now) != 0 || now.st_size != found_.st_size || now.st_mtim.tv_sec != found_.st_mtim.tv_sec ||
               now.st_mtim.tv_nsec != found_.st_mtim.tv_nsec;
    }

private:
    int number_;
    struct stat found_;
};

}  // namespace

boost::system::result<std::unique_ptr<DatabaseFile>> DatabaseFile::open(const std::string& path) {
    // Without O_NONBLOCK a pipe would be waited for.
    const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (number < 0) return error_code(errno, boost::system::system_category());
    struct stat found {};
    error_code error;
    if (::fstat(number, &found) != 0) {
        error = error_code(errno, boost::system::system_category());
    } else if (!S_ISREG(found.st_mode)) {
        error = host::errc::not_a_file;
    } else if (static_cast<std::uint64_t>(found.st_size) > largest_database) {
        error = host::errc::file_too_large;
    }
    if (error) {
        ::close(number);
        return error;
    }
    return std::unique_ptr<DatabaseFile>(std::make_unique<File>(number, found));
}

}  // namespace imc::imagemanager
