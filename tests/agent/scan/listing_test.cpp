#include "agent/scan/listing.hpp"

#include "tests/agent/scan/temporary.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

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
#ifdef _WIN32
    here.stamp("a/one", 1'700'000'001, 0);  // the library there sets whole seconds; windows_listing_test.cpp has finer ones
#else
    here.stamp("a/one", 1'700'000'000, 100);
#endif
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

TEST_CASE("each way a folder cannot be read has its own error") {
    const Temporary here;
    here.file("file", 1);
    CHECK(list(here.path("nowhere"), {}, {}).error() == errc::not_found);
    CHECK(list("", {}, {}).error() == errc::not_found);
    CHECK(list(here.path() + std::string("\0x", 2), {}, {}).error() == errc::not_found);
    CHECK(list(here.path("file"), {}, {}).error() == errc::not_a_directory);
    std::stop_source stop;
    stop.request_stop();
    CHECK(list(here.path(), {}, stop.get_token()).error() == errc::cancelled);
    CHECK(list(here.path(), {1'000, -1}, {}).error() == errc::timed_out);
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
    const auto left = space(here.path());
    REQUIRE(left.has_value());
    CHECK(left->total_bytes > 0);
    CHECK(left->free_bytes <= left->total_bytes);
    CHECK(identity(here.path("a")).value() == identity(here.path("a")).value());
    CHECK(identity(here.path("a")).value() != identity(here.path()).value());
    CHECK(space(here.path("nowhere")).error() == errc::not_found);
    CHECK(identity(here.path("nowhere")).error() == errc::not_found);
}
