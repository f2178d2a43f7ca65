// Long paths, names that are no UTF-16, stale entries of open files, drives and devices: what only Windows has.
#include "agent/scan/removable_win32.hpp"
#include "agent/scan/walk.hpp"
#include "agent/scan/wide_win32.hpp"
#include "tests/agent/scan/temporary.hpp"

#include <catch2/catch.hpp>
#include <ctime>
#include <map>

using namespace imc::scan;
using imc::test::Temporary;

namespace {

struct Held {
    explicit Held(const std::wstring& path, DWORD sharing = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)
        : handle(CreateFileW(path.c_str(), GENERIC_WRITE, sharing, nullptr, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr)) {}
    void write(std::size_t bytes) const {
        const std::string content(bytes, 'x');
        DWORD written = 0;
        REQUIRE(WriteFile(handle.get(), content.data(), static_cast<DWORD>(content.size()), &written, nullptr));
    }
    Handle handle;
};

std::map<std::string, std::uint64_t> sizes(const std::string& path) {
    std::map<std::string, std::uint64_t> found;
    const auto listing = list(path, {}, {});
    REQUIRE(listing.has_value());
    for (const auto& file : listing->files) found[file.name] = file.bytes;
    return found;
}

// As much below a directory as no function without the prefix can name.
std::string make_deep(const Temporary& here) {
    std::string path = here.path();
    while (path.size() < 700) {
        path = join(path, "a folder with a long name that holds the images of one server " + std::to_string(path.size()));
        REQUIRE(CreateDirectoryW(long_path(path).c_str(), nullptr));
    }
    return path;
}

}  // namespace

TEST_CASE("folders deeper than 260 characters are read like others") {
    const Temporary here;
    const std::string deep = make_deep(here);
    Held(long_path(join(deep, "C_VOL-b001.spf"))).write(11);
    CHECK(sizes(deep) == std::map<std::string, std::uint64_t>{{"C_VOL-b001.spf", 11}});
    CHECK(space(deep).has_value());
    CHECK(identity(deep).has_value());
    DiscoveryLimits limits;
    limits.depth = 40;
    const auto found = discover(here.path(), limits, {});
    REQUIRE(found.has_value());
    REQUIRE(found->found.size() == 1);
    CHECK(found->found[0].path == deep);
    // Below the limit of the functions that the temporary directory is removed with.
    CHECK(DeleteFileW(long_path(join(deep, "C_VOL-b001.spf")).c_str()));
    for (std::string path = deep; path != here.path(); path = parent(path)) CHECK(RemoveDirectoryW(long_path(path).c_str()));
}

TEST_CASE("a file that is being written has the size that it has, whatever its directory says") {
    const Temporary here;
    const Held image(long_path(here.path("C_VOL-b001.spf")));
    image.write(12'345);
    const auto seen = look(here.path(), {}, std::time(nullptr), 3'600, {});
    REQUIRE(seen.has_value());
    REQUIRE(seen->listing.files.size() == 1);
    CHECK(seen->listing.files[0].bytes == 12'345);
}

TEST_CASE("the digest follows the last 100 ns of a time") {
    const Temporary here;
    const Held image(long_path(here.path("C_VOL-b001.spf")));
    const auto stamped = [&](DWORD ticks) {
        const FILETIME time{0x2A69C000U + ticks, 0x01DA17D0U};  // in November 2023
        REQUIRE(SetFileTime(image.handle.get(), nullptr, nullptr, &time));
        return list(here.path(), {}, {}).value().digest;
    };
    const auto first = stamped(0);
    CHECK(stamped(1) != first);
    CHECK(stamped(0) == first);
}

TEST_CASE("a file that its writer lets nobody open is listed all the same") {
    const Temporary here;
    const Held image(long_path(here.path("C_VOL-b001.spf")), 0);
    image.write(77);
    const auto seen = look(here.path(), {}, std::time(nullptr), 3'600, {});
    REQUIRE(seen.has_value());
    CHECK(seen->listing.files.size() == 1);
}

TEST_CASE("names with a lone surrogate become valid UTF-8 and stay different") {
    CHECK(narrow(std::wstring(L"a\xD800z")) != narrow(std::wstring(L"a\xD801z")));
    CHECK(narrow(std::wstring(L"Gr\x00FC\x00DF"
                              L"e")) ==
          "Gr\xC3\xBC\xC3\x9F"
          "e");
    CHECK(wide("Gr\xC3\xBC\xC3\x9F"
               "e") ==
          L"Gr\x00FC\x00DF"
          L"e");
}

TEST_CASE("names beyond ASCII are read as they are") {
    const Temporary here;
    Held(long_path(join(here.path(),
                        "Stra\xC3\x9F"
                        "e_\xE6\x97\xA5\xE6\x9C\xAC_VOL-b001.spf")))
        .write(3);
    const auto found = sizes(here.path());
    CHECK(found == std::map<std::string, std::uint64_t>{{"Stra\xC3\x9F"
                                                         "e_\xE6\x97\xA5\xE6\x9C\xAC_VOL-b001.spf",
                                                         3}});
    CHECK(DeleteFileW(long_path(join(here.path(), found.begin()->first)).c_str()));
}

TEST_CASE("paths get the prefix that lifts the limit of their length, shares their own") {
    CHECK(long_path("C:\\backups\\acme") == L"\\\\?\\C:\\backups\\acme");
    CHECK(long_path("c:/backups/./acme/") == L"\\\\?\\C:\\backups\\acme");
    CHECK(long_path("\\\\nas\\backups\\acme") == L"\\\\?\\UNC\\nas\\backups\\acme");
    CHECK(long_path("C:\\") == L"\\\\?\\C:\\");
}

TEST_CASE("the root of a drive is a directory with space, a drive that is not there is not found") {
    CHECK(list("C:\\", {}, {}).has_value());
    REQUIRE(space("C:\\").has_value());
    CHECK(space("C:\\")->total_bytes > 0);
    CHECK(identity("C:\\").has_value());
    CHECK(list("Q:\\", {}, {}).error() == errc::not_found);
    CHECK(space("Q:\\backups").error() == errc::not_found);
    CHECK_FALSE(is_removable("C:\\windows"));
    CHECK_FALSE(is_removable("Q:\\backups"));
}

TEST_CASE("every error that a share may give is the network's, every refusal is one of access") {
    CHECK(from_win32(ERROR_BAD_NETPATH) == errc::network);
    CHECK(from_win32(ERROR_NETNAME_DELETED) == errc::network);
    CHECK(from_win32(ERROR_LOGON_FAILURE) == errc::access_denied);
    CHECK(from_win32(ERROR_SHARING_VIOLATION) == errc::access_denied);
    CHECK(from_win32(ERROR_DIRECTORY) == errc::not_a_directory);
    CHECK(from_win32(ERROR_PATH_NOT_FOUND) == errc::not_found);
    CHECK(from_win32(ERROR_DISK_CORRUPT) == errc::io);
}
