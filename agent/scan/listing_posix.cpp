#include "agent/scan/error_posix.hpp"
#include "agent/scan/reading.hpp"
#include "agent/scan/utf8.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace imc::scan {
namespace {

struct Closer {
    void operator()(DIR* directory) const { closedir(directory); }
};
using Directory = std::unique_ptr<DIR, Closer>;

boost::system::result<Directory> open_directory(const std::string& path) {
    // A NUL would cut the path short and read another directory.
    if (path.empty() || path.find('\0') != std::string::npos) return make_error_code(errc::not_found);
    const int handle = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
    if (handle < 0) return make_error_code(from_errno(errno));
    Directory directory(fdopendir(handle));
    if (!directory) {
        const int error = errno;
        close(handle);
        return make_error_code(from_errno(error));
    }
    return directory;
}

bool is_dots(const char* name) {
    return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

// False: this entry makes the whole reading fail, with `error` set.
bool add_entry(int handle, const dirent& entry, Listing& listing, bool& vanished, errc& error) {
    if (is_dots(entry.d_name)) return true;
    if (entry.d_type == DT_DIR) {
        add_directory(listing, valid_utf8(entry.d_name));
        return true;
    }
    if (entry.d_type != DT_REG && entry.d_type != DT_UNKNOWN) return true;
    struct statx about {};
    if (statx(handle, entry.d_name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, STATX_TYPE | STATX_SIZE | STATX_MTIME, &about) != 0) {
        if (errno == ENOENT) {
            vanished = true;
            return true;
        }
        error = from_errno(errno);
        return false;
    }
    if (S_ISDIR(about.stx_mode)) add_directory(listing, valid_utf8(entry.d_name));
    if (S_ISREG(about.stx_mode)) {
        add_file(listing, valid_utf8(entry.d_name), about.stx_size, about.stx_mtime.tv_sec,
                 static_cast<std::int64_t>(about.stx_mtime.tv_nsec));
    }
    return true;
}

errc read_all(DIR* directory, const Watch& watch, Listing& listing) {
    const int handle = dirfd(directory);
    bool vanished = false;
    for (unsigned count = 0;; ++count) {
        if (count % 16 == 0) {
            if (const errc e = watch.check(listing); e != errc::ok) return e;
        }
        errno = 0;
        const dirent* entry = readdir(directory);
        if (entry == nullptr) {
            if (errno != 0) return from_errno(errno);
            break;
        }
        errc error = errc::ok;
        if (!add_entry(handle, *entry, listing, vanished, error)) return error;
    }
    if (const errc e = watch.check(listing); e != errc::ok) return e;
    if (!vanished) return errc::ok;
    // Files that vanish are life; a directory that was removed under our hands is not an empty one.
    struct stat about {};
    if (fstat(handle, &about) != 0) return from_errno(errno);
    return about.st_nlink == 0 ? errc::not_found : errc::ok;
}

bool same_time(const struct stat& a, const struct stat& b) {
    return a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

// A file renamed during the reading may have been seen under both names or twice under one.
void drop_duplicates(Listing& listing) {
    const auto by_name = [](const spchain::Entry& a, const spchain::Entry& b) { return a.name < b.name; };
    std::stable_sort(listing.files.begin(), listing.files.end(), by_name);
    const auto last = std::unique(listing.files.begin(), listing.files.end(),
                                  [](const spchain::Entry& a, const spchain::Entry& b) { return a.name == b.name; });
    for (auto it = last; it != listing.files.end(); ++it) listing.bytes -= it->bytes;
    listing.files.erase(last, listing.files.end());
    std::sort(listing.directories.begin(), listing.directories.end());
    listing.directories.erase(std::unique(listing.directories.begin(), listing.directories.end()), listing.directories.end());
}

}  // namespace

boost::system::result<Listing> read_directory(const std::string& path, const Limits& limits, const Fresh&, std::stop_token stop) {
    const Watch watch(limits, std::move(stop));
    auto directory = open_directory(path);
    if (!directory) return directory.error();
    // Entries that are renamed while a directory is read may be missed, and a missed image looks like a lost one:
    // read once more when the directory changed meanwhile.
    for (int attempt = 0;; ++attempt) {
        Listing listing;
        struct stat before {};
        struct stat after {};
        if (fstat(dirfd(directory->get()), &before) != 0) return make_error_code(from_errno(errno));
        if (const errc e = read_all(directory->get(), watch, listing); e != errc::ok) return make_error_code(e);
        if (fstat(dirfd(directory->get()), &after) != 0) return make_error_code(from_errno(errno));
        if (same_time(before, after)) return listing;
        if (attempt == 1) {
            drop_duplicates(listing);
            return listing;
        }
        rewinddir(directory->get());
    }
}

boost::system::result<Listing> list(const std::string& path, const Limits& limits, std::stop_token stop) {
    return read_directory(path, limits, {}, std::move(stop));
}

}  // namespace imc::scan
