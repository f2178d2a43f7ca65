#include "agent/host/files.hpp"
#include "agent/imagemanager/database_file.hpp"
#include "agent/scan/wide_win32.hpp"

#include <boost/system/error_code.hpp>

namespace imc::imagemanager {
namespace {

using boost::system::error_code;

error_code last_error() {
    return {static_cast<int>(GetLastError()), boost::system::system_category()};
}

class File final : public DatabaseFile {
public:
    explicit File(HANDLE handle) noexcept : handle_(handle) {}

    [[nodiscard]] error_code look() noexcept {
        if (!handle_) return last_error();
        if (GetFileType(handle_.get()) != FILE_TYPE_DISK) return host::errc::not_a_file;
        if (!GetFileInformationByHandle(handle_.get(), &found_)) return last_error();
        return size() > largest_database ? error_code(host::errc::file_too_large) : error_code();
    }

    [[nodiscard]] std::uint64_t size() const noexcept override { return std::uint64_t{found_.nFileSizeHigh} << 32 | found_.nFileSizeLow; }

    [[nodiscard]] bool read(std::uint64_t offset, std::span<std::uint8_t> into) const noexcept override {
        OVERLAPPED at{};
        at.Offset = static_cast<DWORD>(offset);
        at.OffsetHigh = static_cast<DWORD>(offset >> 32);
        DWORD got = 0;
        return ReadFile(handle_.get(), into.data(), static_cast<DWORD>(into.size()), &got, &at) && got == into.size();
    }

    [[nodiscard]] bool changed() const noexcept override {
        BY_HANDLE_FILE_INFORMATION now{};
        return !GetFileInformationByHandle(handle_.get(), &now) || now.nFileSizeHigh != found_.nFileSizeHigh ||
               now.nFileSizeLow != found_.nFileSizeLow || CompareFileTime(&now.ftLastWriteTime, &found_.ftLastWriteTime) != 0;
    }

private:
    scan::Handle handle_;
    BY_HANDLE_FILE_INFORMATION found_{};
};

}  // namespace

boost::system::result<std::unique_ptr<DatabaseFile>> DatabaseFile::open(const std::string& path) {
    constexpr DWORD share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    const HANDLE handle = CreateFileW(scan::long_path(scan::normalise(path)).c_str(), GENERIC_READ, share, nullptr, OPEN_EXISTING,
                                      FILE_ATTRIBUTE_NORMAL, nullptr);
    auto file = std::make_unique<File>(handle);
    if (const auto error = file->look()) return error;
    return std::unique_ptr<DatabaseFile>(std::move(file));
}

}  // namespace imc::imagemanager
