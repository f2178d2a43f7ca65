#include "agent/host/files.hpp"
#include "agent/imagemanager/shared_file.hpp"
#include "agent/scan/paths.hpp"
#include "agent/scan/wide_win32.hpp"

#include <algorithm>

namespace imc::imagemanager {
namespace {

boost::system::error_code last_error() noexcept {
    return {static_cast<int>(GetLastError()), boost::system::system_category()};
}

HANDLE handle_of(std::intptr_t value) noexcept {
    return reinterpret_cast<HANDLE>(value);
}

}  // namespace

// Ticks of 100 ns since 1601.
std::int64_t unix_time(const FileStamp& stamp) noexcept {
    return stamp.written / 10'000'000 - 11'644'473'600;
}

boost::system::result<SharedFile> SharedFile::open(const std::string& path) {
    constexpr DWORD share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    const HANDLE handle = CreateFileW(scan::long_path(scan::normalise(path)).c_str(), GENERIC_READ, share, nullptr, OPEN_EXISTING,
                                      FILE_FLAG_SEQUENTIAL_SCAN, nullptr);
    if (handle == INVALID_HANDLE_VALUE) return last_error();
    SharedFile file(reinterpret_cast<std::intptr_t>(handle));
    if (GetFileType(handle) != FILE_TYPE_DISK) return host::make_error_code(host::errc::not_a_file);
    return file;
}

SharedFile::~SharedFile() {
    if (handle_ != none) CloseHandle(handle_of(handle_));
}

boost::system::result<FileStamp> SharedFile::stamp() const noexcept {
    BY_HANDLE_FILE_INFORMATION found{};
    if (!GetFileInformationByHandle(handle_of(handle_), &found)) return last_error();
    const auto join = [](DWORD high, DWORD low) { return std::uint64_t{high} << 32U | low; };
    return FileStamp{join(found.nFileSizeHigh, found.nFileSizeLow),
                     static_cast<std::int64_t>(join(found.ftLastWriteTime.dwHighDateTime, found.ftLastWriteTime.dwLowDateTime))};
}

boost::system::result<std::size_t> SharedFile::read(std::uint64_t offset, std::span<std::uint8_t> into) const noexcept {
    constexpr std::size_t most = std::size_t{1} << 24;  // of one call
    std::size_t done = 0;
    while (done < into.size()) {
        OVERLAPPED at{};
        at.Offset = static_cast<DWORD>((offset + done) & 0xFFFFFFFFU);
        at.OffsetHigh = static_cast<DWORD>((offset + done) >> 32U);
        DWORD got = 0;
        if (!ReadFile(handle_of(handle_), into.data() + done, static_cast<DWORD>(std::min(most, into.size() - done)), &got, &at)) {
            if (GetLastError() == ERROR_HANDLE_EOF) break;
            return last_error();
        }
        if (got == 0) break;
        done += got;
    }
    return done;
}

void SharedFile::expect_one_pass() const noexcept {
    // open() says so already.
}

}  // namespace imc::imagemanager
