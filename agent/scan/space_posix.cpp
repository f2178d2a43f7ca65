#include "agent/scan/error_posix.hpp"
#include "agent/scan/listing.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <sys/stat.h>
#include <sys/statvfs.h>

namespace imc::scan {

errc from_errno(int error) noexcept {
    switch (error) {
        case 0:
            return errc::ok;
        case ENOENT:
        case ELOOP:
            return errc::not_found;  // links that lead nowhere
        case EACCES:
        case EPERM:
            return errc::access_denied;
        case ENOTDIR:
            return errc::not_a_directory;
        case EIO:
        case ESTALE:
        case ENODEV:
        case ENXIO:
        case ENOMEDIUM:
        case ENOLINK:
        case EREMOTEIO:
        case ENOTCONN:
        case EHOSTDOWN:
        case EHOSTUNREACH:
        case ENETDOWN:
        case ENETUNREACH:
        case ENETRESET:
        case ECONNABORTED:
        case ECONNREFUSED:
        case ECONNRESET:
        case ESHUTDOWN:
        case EPIPE:
        case ETIMEDOUT:
            return errc::network;
        default:
            return errc::io;
    }
}

boost::system::result<Space> space(const std::string& path) {
    struct statvfs about {};
    while (statvfs(path.c_str(), &about) != 0) {
        if (errno != EINTR) return make_error_code(from_errno(errno));
    }
    // Some file systems of containers and FUSE answer, but with nothing.
    if (about.f_blocks == 0) return make_error_code(errc::io);
    const std::uint64_t unit = about.f_frsize != 0 ? about.f_frsize : about.f_bsize;
    return Space{about.f_blocks * unit, about.f_bavail * unit};
}

boost::system::result<std::string> identity(const std::string& path) {
    struct stat about {};
    if (stat(path.c_str(), &about) != 0) return make_error_code(from_errno(errno));
    std::array<char, 48> text{};
    const int length = std::snprintf(text.data(), text.size(), "%llx:%llx", static_cast<unsigned long long>(about.st_dev),
                                     static_cast<unsigned long long>(about.st_ino));
    return std::string(text.data(), static_cast<std::size_t>(length));
}

}  // namespace imc::scan
