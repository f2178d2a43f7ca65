// A file opened for reading so that nobody else is hindered: others may write, rename and remove it meanwhile. What it is not:
// a lock or a copy; whoever needs the bytes to belong together compares stamps. shared_file_posix.cpp, shared_file_win32.cpp.
#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <span>
#include <string>

namespace imc::imagemanager {

// Moves with every writing, as far as the file system keeps times.
struct FileStamp {
    std::uint64_t bytes = 0;
    std::int64_t written = 0;  // in the system's own unit
    friend bool operator==(const FileStamp&, const FileStamp&) = default;
};
[[nodiscard]] std::int64_t unix_time(const FileStamp& stamp) noexcept;  // of writing, in seconds

// Any thread, one at a time. Every function waits for the disk.
class SharedFile {
public:
    // `path` is UTF-8. host::errc::not_a_file, else the system's error.
    [[nodiscard]] static boost::system::result<SharedFile> open(const std::string& path);
    SharedFile(SharedFile&& other) noexcept : handle_(other.handle_) { other.handle_ = none; }
    SharedFile& operator=(SharedFile&&) = delete;
    ~SharedFile();

    [[nodiscard]] boost::system::result<FileStamp> stamp() const noexcept;
    // How many bytes were read: fewer than `into` has only at the file's end.
    [[nodiscard]] boost::system::result<std::size_t> read(std::uint64_t offset, std::span<std::uint8_t> into) const noexcept;
    // The file is read once from front to back: the system may read ahead and need not keep what was read.
    void expect_one_pass() const noexcept;

private:
    static constexpr std::intptr_t none = -1;
    explicit SharedFile(std::intptr_t handle) noexcept : handle_(handle) {}

    std::intptr_t handle_;  // the descriptor or HANDLE
};

}  // namespace imc::imagemanager
