#include "tools/generator/files.hpp"

#include <cerrno>
#include <fcntl.h>
#include <stdexcept>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace generator {
namespace {

class Handle {
public:
    explicit Handle(int handle) : handle_(handle) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() {
        if (handle_ >= 0) ::close(handle_);
    }
    [[nodiscard]] int get() const { return handle_; }

private:
    int handle_;
};

[[noreturn]] void fail(const std::filesystem::path& path) {
    throw std::runtime_error(path.string() + ": " + std::error_code(errno, std::generic_category()).message());
}

bool write_all(int handle, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(handle, text.data(), text.size());
        if (written < 0 && errno != EINTR) return false;
        if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

void write_files(const std::filesystem::path& directory, std::span<const File> files) {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (error) throw std::runtime_error(directory.string() + ": " + error.message());
    const Handle folder(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() < 0) fail(directory);
    for (const auto& file : files) {
        const Handle handle(::openat(folder.get(), file.name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
        if (handle.get() < 0) fail(directory / file.name);
        const bool filled =
            file.content.empty() ? ::ftruncate(handle.get(), static_cast<off_t>(file.bytes)) == 0 : write_all(handle.get(), file.content);
        const timespec when{static_cast<time_t>(file.written), file.nanoseconds};
        const timespec times[2] = {when, when};
        if (!filled || ::futimens(handle.get(), times) != 0) fail(directory / file.name);
    }
}

}  // namespace generator
