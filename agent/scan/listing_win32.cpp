#include "agent/scan/reading.hpp"
#include "agent/scan/wide_win32.hpp"

#include <cstring>
#include <memory>

namespace imc::scan {
namespace {

// What either way of reading says of one entry. Times in units of 100 ns since 1601.
struct Found {
    std::wstring_view name;
    DWORD attributes = 0;
    DWORD reparse_tag = 0;
    std::uint64_t bytes = 0;
    std::int64_t written = 0;
};

constexpr std::int64_t ticks_per_second = 10'000'000;
constexpr std::int64_t seconds_to_1970 = 11'644'473'600;

std::int64_t seconds_of(std::int64_t ticks) {
    return ticks / ticks_per_second - seconds_to_1970;
}
std::int64_t nanoseconds_of(std::int64_t ticks) {
    return ticks % ticks_per_second * 100;
}

// Links and mount points stand for something elsewhere. Other reparse points (deduplicated, compressed or tiered files)
// are the files themselves and must not be passed over.
bool stands_for_another(const Found& found) {
    return (found.attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 && IsReparseTagNameSurrogate(found.reparse_tag);
}

class Reader {
public:
    Reader(const std::string& path, const Limits& limits, const Fresh& fresh, std::stop_token stop)
        : path_(long_path(path)), fresh_(fresh), watch_(limits, std::move(stop)) {}

    errc read() {
        Handle directory(open_for_attributes(path_, FILE_LIST_DIRECTORY | FILE_READ_ATTRIBUTES | SYNCHRONIZE));
        if (!directory) return from_win32(GetLastError());
        FILE_BASIC_INFO basic{};
        if (GetFileInformationByHandleEx(directory.get(), FileBasicInfo, &basic, sizeof basic) &&
            (basic.FileAttributes & FILE_ATTRIBUTE_DIRECTORY) == 0) {
            return errc::not_a_directory;
        }
        bool supported = true;
        const errc e = read_batches(directory.get(), supported);
        return supported ? e : read_by_find();
    }
    Listing take() { return std::move(listing_); }

private:
    errc read_batches(HANDLE directory, bool& supported) {
        // Servers of SMB refuse buffers over 64 KiB.
        constexpr DWORD size = 65'536;
        const auto buffer = std::make_unique<std::uint64_t[]>(size / sizeof(std::uint64_t));
        auto* const bytes = reinterpret_cast<std::byte*>(buffer.get());
        auto kind = FileIdBothDirectoryRestartInfo;
        for (;; kind = FileIdBothDirectoryInfo) {
            if (const errc e = watch_.check(listing_); e != errc::ok) return e;
            if (!GetFileInformationByHandleEx(directory, kind, bytes, size)) {
                const DWORD error = GetLastError();
                if (error == ERROR_NO_MORE_FILES) return errc::ok;
                // The restarting read of an empty file system root.
                if (error == ERROR_FILE_NOT_FOUND && kind == FileIdBothDirectoryRestartInfo) return errc::ok;
                supported = kind != FileIdBothDirectoryRestartInfo || !means_unsupported(error);
                return from_win32(error);
            }
            if (const errc e = add_batch(bytes); e != errc::ok) return e;
        }
    }

    static bool means_unsupported(DWORD error) {
        return error == ERROR_INVALID_PARAMETER || error == ERROR_NOT_SUPPORTED || error == ERROR_INVALID_LEVEL ||
               error == ERROR_INVALID_FUNCTION || error == ERROR_CALL_NOT_IMPLEMENTED;
    }

    errc add_batch(const std::byte* at) {
        for (;;) {
            const auto* info = reinterpret_cast<const FILE_ID_BOTH_DIR_INFO*>(at);
            Found found;
            found.name = {info->FileName, info->FileNameLength / sizeof(WCHAR)};
            found.attributes = info->FileAttributes;
            found.reparse_tag = info->EaSize;  // holds the tag where the attribute says so
            found.bytes = static_cast<std::uint64_t>(info->EndOfFile.QuadPart);
            found.written = info->LastWriteTime.QuadPart;
            add(found);
            if (info->NextEntryOffset == 0) return watch_.check(listing_);
            at += info->NextEntryOffset;
        }
    }

    errc read_by_find() {
        WIN32_FIND_DATAW data{};
        const std::wstring pattern = path_ + (path_.back() == L'\\' ? L"*" : L"\\*");
        const HANDLE search =
            FindFirstFileExW(pattern.c_str(), FindExInfoBasic, &data, FindExSearchNameMatch, nullptr, FIND_FIRST_EX_LARGE_FETCH);
        if (search == INVALID_HANDLE_VALUE) {
            const DWORD error = GetLastError();
            return error == ERROR_FILE_NOT_FOUND ? errc::ok : from_win32(error);
        }
        const std::unique_ptr<void, decltype(&FindClose)> closer(search, &FindClose);
        do {
            Found found;
            found.name = data.cFileName;
            found.attributes = data.dwFileAttributes;
            found.reparse_tag = data.dwReserved0;
            found.bytes = (std::uint64_t{data.nFileSizeHigh} << 32U) | data.nFileSizeLow;
            found.written =
                static_cast<std::int64_t>((std::uint64_t{data.ftLastWriteTime.dwHighDateTime} << 32U) | data.ftLastWriteTime.dwLowDateTime);
            add(found);
            if (const errc e = watch_.check(listing_); e != errc::ok) return e;
        } while (FindNextFileW(search, &data));
        const DWORD error = GetLastError();
        return error == ERROR_NO_MORE_FILES ? errc::ok : from_win32(error);
    }

    void add(Found found) {
        if (found.name == L"." || found.name == L".." || stands_for_another(found)) return;
        if ((found.attributes & FILE_ATTRIBUTE_DIRECTORY) != 0) {
            add_directory(listing_, narrow(found.name));
            return;
        }
        // An entry of no bytes may be an image that has been open for hours.
        const bool fresh = found.bytes == 0 || seconds_of(found.written) > fresh_.now - fresh_.seconds;
        if (fresh_.seconds > 0 && fresh) ask_the_file(found);
        add_file(listing_, narrow(found.name), found.bytes, seconds_of(found.written), nanoseconds_of(found.written));
    }

    // A directory entry follows an open file only when its writer closes it. What cannot be asked keeps the entry's word.
    void ask_the_file(Found& found) const {
        const std::wstring name = path_ + (path_.back() == L'\\' ? L"" : L"\\") + std::wstring(found.name);
        const Handle file(open_for_attributes(name, FILE_READ_ATTRIBUTES));
        if (!file) return;
        FILE_STANDARD_INFO standard{};
        FILE_BASIC_INFO basic{};
        if (GetFileInformationByHandleEx(file.get(), FileStandardInfo, &standard, sizeof standard)) {
            found.bytes = static_cast<std::uint64_t>(standard.EndOfFile.QuadPart);
        }
        if (GetFileInformationByHandleEx(file.get(), FileBasicInfo, &basic, sizeof basic)) {
            found.written = basic.LastWriteTime.QuadPart;
        }
    }

    std::wstring path_;
    Fresh fresh_;
    Watch watch_;
    Listing listing_;
};

}  // namespace

boost::system::result<Listing> read_directory(const std::string& path, const Limits& limits, const Fresh& fresh, std::stop_token stop) {
    if (path.empty() || path.find('\0') != std::string::npos) return make_error_code(errc::not_found);
    Reader reader(path, limits, fresh, std::move(stop));
    if (const errc e = reader.read(); e != errc::ok) return make_error_code(e);
    return reader.take();
}

boost::system::result<Listing> list(const std::string& path, const Limits& limits, std::stop_token stop) {
    return read_directory(path, limits, {}, std::move(stop));
}

}  // namespace imc::scan
