// Links, special files, permissions and names of bytes: what only POSIX has.
#include "agent/scan/walk.hpp"
#include "tests/agent/scan/temporary.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <sys/stat.h>
#include <unistd.h>

using namespace imc::scan;
using imc::test::Temporary;

namespace {

Listing must_list(const std::string& path) {
    auto listing = list(path, {}, {});
    REQUIRE(listing.has_value());
    std::sort(listing->files.begin(), listing->files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    std::sort(listing->directories.begin(), listing->directories.end());
    return std::move(*listing);
}

// Runs as somebody whom permissions bind; false: this process cannot become one.
class Unprivileged {
public:
    Unprivileged() : was_(geteuid()) {
        if (was_ == 0) changed_ = seteuid(65534) == 0;
    }
    Unprivileged(const Unprivileged&) = delete;
    Unprivileged& operator=(const Unprivileged&) = delete;
    ~Unprivileged() {
        if (changed_ && seteuid(was_) != 0) std::abort();
    }
    [[nodiscard]] bool bound() const { return was_ != 0 || changed_; }

private:
    uid_t was_;
    bool changed_ = false;
};

}  // namespace

TEST_CASE("links, sockets and pipes are not listed, but the folder itself may be a link") {
    const Temporary here;
    here.file("real/C_VOL-b001.spf", 3);
    here.directory("elsewhere");
    REQUIRE(symlink(here.path("real/C_VOL-b001.spf").c_str(), here.path("real/D_VOL-b001.spf").c_str()) == 0);
    REQUIRE(symlink(here.path("elsewhere").c_str(), here.path("real/below").c_str()) == 0);
    REQUIRE(mkfifo(here.path("real/E_VOL-b001.spf").c_str(), 0600) == 0);
    REQUIRE(symlink(here.path("real").c_str(), here.path("link").c_str()) == 0);
    const Listing listing = must_list(here.path("link"));
    REQUIRE(listing.files.size() == 1);
    CHECK(listing.files[0].name == "C_VOL-b001.spf");
    CHECK(listing.directories.empty());
}

TEST_CASE("names that are no UTF-8 become valid and stay different") {
    const Temporary here;
    here.file(
        "Gr\xfc\xdf"
        "e",
        1);
    here.file(
        "Gr\xfc\xe0"
        "e",
        2);
    here.file(
        "Gr\xc3\xbc\xc3\x9f"
        "e",
        3);
    const Listing listing = must_list(here.path());
    REQUIRE(listing.files.size() == 3);
    CHECK(listing.files[0].name == "Gr\u00fc\u00dfe");
    CHECK(listing.files[1].name ==
          "Gr\uFFFD"
          "FC\uFFFD"
          "DFe");
    CHECK(listing.files[2].name ==
          "Gr\uFFFD"
          "FC\uFFFD"
          "E0e");
}

TEST_CASE("a file in the middle of a path, a link that leads round and a closed folder have their own errors") {
    const Temporary here;
    here.file("file", 1);
    here.directory("closed");
    CHECK(list(here.path("file/below"), {}, {}).error() == errc::not_a_directory);
    REQUIRE(symlink("round", here.path("round").c_str()) == 0);
    CHECK(list(here.path("round"), {}, {}).error() == errc::not_found);
    REQUIRE(chmod(here.path("closed").c_str(), 0) == 0);
    REQUIRE(chmod(here.path().c_str(), 0755) == 0);
    const Unprivileged user;
    if (user.bound()) CHECK(list(here.path("closed"), {}, {}).error() == errc::access_denied);
}

TEST_CASE("a folder whose names can be read but not its files is an error, not a folder without images") {
    const Temporary here;
    here.file("half/C_VOL-b001.spf", 1);
    REQUIRE(chmod(here.path("half").c_str(), 0744) == 0);
    const Unprivileged user;
    if (user.bound()) CHECK(list(here.path("half"), {}, {}).error() == errc::access_denied);
}

TEST_CASE("a link to a directory has the directory's identity") {
    const Temporary here;
    here.directory("a");
    REQUIRE(symlink(here.path("a").c_str(), here.path("b").c_str()) == 0);
    CHECK(identity(here.path("a")).value() == identity(here.path("b")).value());
}

TEST_CASE("discovery follows no link, even one that leads back up") {
    const Temporary here;
    here.file("a/C_VOL-b001.spf", 1);
    REQUIRE(symlink(here.path().c_str(), here.path("a/up").c_str()) == 0);
    REQUIRE(symlink(here.path("a").c_str(), here.path("again").c_str()) == 0);
    CHECK(discover(here.path(), {}, {}).value().found.size() == 1);
}

TEST_CASE("a link is no child of a backup store") {
    const Temporary here;
    here.directory("db01");
    REQUIRE(symlink(here.path("db01").c_str(), here.path("link").c_str()) == 0);
    CHECK(children(here.path(), {}, {}).value() == std::vector<std::string>{here.path("db01")});
}
