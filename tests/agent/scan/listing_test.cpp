#include "agent/scan/listing.hpp"

#include "tests/agent/scan/temporary.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
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

TEST_CASE("a listing has names, sizes and times of files and names of directories") {
    const Temporary here;
    here.file("C_VOL-b001.spf", 5'000'000'000, 1'700'000'000);
    here.file("C_VOL-b001-i001.spi", 17, 1'700'003'600);
    here.directory("Incrementals");
    const Listing listing = must_list(here.path());
    REQUIRE(listing.files.size() == 2);
    CHECK(listing.files[0].name == "C_VOL-b001-i001.spi");
    CHECK(listing.files[0].bytes == 17);
    CHECK(listing.files[0].written == 1'700'003'600);
    CHECK(listing.files[1].name == "C_VOL-b001.spf");
    CHECK(listing.files[1].bytes == 5'000'000'000);
    CHECK(listing.directories == std::vector<std::string>{"Incrementals"});
    CHECK(listing.bytes == 5'000'000'017);
}

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

TEST_CASE("the digest does not depend on order and follows every name, size, nanosecond and directory") {
    const Temporary here;
    here.file("a/one", 1, 1'700'000'000);
    here.file("a/two", 2, 1'700'000'000);
    here.file("b/two", 2, 1'700'000'000);
    here.file("b/one", 1, 1'700'000'000);
    std::set<std::uint64_t> seen;
    const std::uint64_t first = must_list(here.path("a")).digest;
    CHECK(must_list(here.path("b")).digest == first);
    seen.insert(first);
    const auto differs = [&] { return seen.insert(must_list(here.path("a")).digest).second; };
    here.stamp("a/one", 1'700'000'000, 100);
    CHECK(differs());
    here.file("a/one", 3, 1'700'000'000);
    CHECK(differs());
    here.file("a/one", 1, 1'700'000'000);
    CHECK_FALSE(differs());
    here.directory("a/three");
    CHECK(differs());
    std::filesystem::rename(here.path("a/one"), here.path("a/onf"));
    CHECK(differs());
    std::filesystem::remove(here.path("a/onf"));
    CHECK(differs());
}

TEST_CASE("sizes that change places between two files change the digest") {
    const Temporary here;
    here.file("a/one", 1, 1'700'000'000);
    here.file("a/two", 2, 1'700'000'000);
    here.file("b/one", 2, 1'700'000'000);
    here.file("b/two", 1, 1'700'000'000);
    CHECK(must_list(here.path("a")).digest != must_list(here.path("b")).digest);
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

TEST_CASE("each way a folder cannot be read has its own error") {
    const Temporary here;
    here.file("file", 1);
    here.directory("closed");
    CHECK(list(here.path("nowhere"), {}, {}).error() == errc::not_found);
    CHECK(list("", {}, {}).error() == errc::not_found);
    CHECK(list(here.path() + std::string("\0x", 2), {}, {}).error() == errc::not_found);
    CHECK(list(here.path("file"), {}, {}).error() == errc::not_a_directory);
    CHECK(list(here.path("file/below"), {}, {}).error() == errc::not_a_directory);
    REQUIRE(symlink("round", here.path("round").c_str()) == 0);
    CHECK(list(here.path("round"), {}, {}).error() == errc::not_found);
    std::stop_source stop;
    stop.request_stop();
    CHECK(list(here.path(), {}, stop.get_token()).error() == errc::cancelled);
    CHECK(list(here.path(), {1'000, -1}, {}).error() == errc::timed_out);
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

TEST_CASE("more entries than the limit are an error, as many as the limit are not") {
    const Temporary here;
    for (int i = 0; i < 40; ++i) here.file("f" + std::to_string(i), 1);
    CHECK(list(here.path(), {39, 60'000}, {}).error() == errc::too_many);
    CHECK(list(here.path(), {40, 60'000}, {}).has_value());
}

TEST_CASE("space and identity are those of the file system and the directory") {
    const Temporary here;
    here.directory("a");
    REQUIRE(symlink(here.path("a").c_str(), here.path("b").c_str()) == 0);
    const auto left = space(here.path());
    REQUIRE(left.has_value());
    CHECK(left->total_bytes > 0);
    CHECK(left->free_bytes <= left->total_bytes);
    CHECK(identity(here.path("a")).value() == identity(here.path("b")).value());
    CHECK(identity(here.path("a")).value() != identity(here.path()).value());
    CHECK(space(here.path("nowhere")).error() == errc::not_found);
    CHECK(identity(here.path("nowhere")).error() == errc::not_found);
}
