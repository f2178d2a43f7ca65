#include "agent/scan/walk.hpp"

#include "tests/agent/scan/temporary.hpp"

#include <catch2/catch.hpp>

using namespace imc::scan;
using imc::test::Temporary;

namespace {
constexpr std::int64_t now = 1'700'000'000;
}

TEST_CASE("a look sees the folder's own files and only counts what lies in Incrementals") {
    const Temporary here;
    here.file("C_VOL-b001.spf", 100, now - 5'000);
    here.file("INCREMENTALS/C_VOL-b001-i001.spi", 10);
    here.file("INCREMENTALS/C_VOL-b001-i002.spi", 20);
    here.file("INCREMENTALS/deeper/C_VOL-b001-i003.spi", 40);
    here.file("other/D_VOL-b001.spf", 80);
    const auto seen = look(here.path(), {}, now, 120, {});
    REQUIRE(seen.has_value());
    CHECK(seen->listing.files.size() == 1);
    CHECK(seen->incrementals_known);
    CHECK(seen->incrementals_bytes == 30);
    CHECK(seen->incrementals_files == 2);
    CHECK(seen->space_known);
    CHECK(seen->space.total_bytes > 0);
    CHECK(seen->identity == identity(here.path()).value());
}

TEST_CASE("the digest of a look follows Incrementals and stays when nothing changed") {
    const Temporary here;
    here.file("C_VOL-b001.spf", 100, now - 5'000);
    here.file("Incrementals/x", 10);
    const auto first = look(here.path(), {}, now, 120, {}).value().digest;
    CHECK(look(here.path(), {}, now + 60, 120, {}).value().digest == first);
    here.file("other/x", 1);
    const auto second = look(here.path(), {}, now, 120, {}).value().digest;
    here.file("other/y", 1);
    CHECK(look(here.path(), {}, now, 120, {}).value().digest == second);
    here.file("Incrementals/x", 11);
    CHECK(look(here.path(), {}, now, 120, {}).value().digest != second);
}

TEST_CASE("Incrementals that cannot be read are not known, which is not none") {
    const Temporary here;
    here.file("C_VOL-b001.spf", 100);
    here.file("Incrementals/x", 10);
    here.file("Incrementals/y", 10);
    const auto known = look(here.path(), {}, now, 0, {}).value();
    const auto cut = look(here.path(), {2, 60'000}, now, 0, {}).value();
    CHECK(cut.incrementals_known);
    here.file("Incrementals/z", 10);
    const auto unknown = look(here.path(), {2, 60'000}, now, 0, {}).value();
    CHECK(unknown.listing.files.size() == 1);
    CHECK_FALSE(unknown.incrementals_known);
    CHECK(unknown.incrementals_error == errc::too_many);
    CHECK(unknown.incrementals_bytes == 0);
    CHECK(unknown.digest != known.digest);
}

TEST_CASE("a look at a folder that is not there is an error") {
    const Temporary here;
    CHECK(look(here.path("gone"), {}, now, 120, {}).error() == errc::not_found);
    std::stop_source stop;
    stop.request_stop();
    CHECK(look(here.path(), {}, now, 120, stop.get_token()).error() == errc::cancelled);
}

TEST_CASE("the children of a backup store are its directories, sorted, without Incrementals") {
    const Temporary here;
    here.directory("web02");
    here.directory("db01/deeper");
    here.directory("incrementals");
    here.file("D_VOL-b001.spf", 1);
    CHECK(children(here.path(), {}, {}).value() == std::vector<std::string>{here.path("db01"), here.path("web02")});
    CHECK(children(here.path("gone"), {}, {}).error() == errc::not_found);
}

TEST_CASE("discovery finds folders that hold images and sums them up") {
    const Temporary here;
    here.file("acme/web01/C_VOL-b001.spf", 100, now - 900);
    here.file("acme/web01/C_VOL-b001-i001.spi", 10, now - 300);
    here.file("acme/web01/C_VOL-b001-i001.md5", 1, now);
    here.file("acme/web01/Incrementals/C_VOL-b001-i002.spi", 10);
    here.file("globex/notes.txt", 10);
    here.file("D_VOL-b001.spf", 7, now);
    const auto found = discover(here.path(), {}, {}).value();
    CHECK(found.complete);
    CHECK(found.unreadable.empty());
    REQUIRE(found.found.size() == 2);
    CHECK(found.found[0].path == here.path());
    CHECK(found.found[1].path == here.path("acme/web01"));
    CHECK(found.found[1].images == 2);
    CHECK(found.found[1].bytes == 110);
    CHECK(found.found[1].newest_written == now - 300);
}

TEST_CASE("discovery stays within its depth, and says when another limit cut it") {
    const Temporary here;
    here.file("1/2/3/C_VOL-b001.spf", 1);
    here.file("1/2/C_VOL-b001.spf", 1);
    here.file("0/C_VOL-b001.spf", 1);
    DiscoveryLimits limits;
    limits.depth = 2;
    CHECK(discover(here.path(), limits, {}).value().found.size() == 2);
    CHECK(discover(here.path(), limits, {}).value().complete);
    limits.depth = 3;
    CHECK(discover(here.path(), limits, {}).value().found.size() == 3);
    limits.directories = 3;
    CHECK_FALSE(discover(here.path(), limits, {}).value().complete);
    limits.directories = 100;
    limits.found = 1;
    CHECK_FALSE(discover(here.path(), limits, {}).value().complete);
    CHECK(discover(here.path(), limits, {}).value().found.size() == 1);
    limits.milliseconds = 0;
    CHECK_FALSE(discover(here.path(), limits, {}).value().complete);
}

TEST_CASE("discovery names what it could not read and goes on; an unreadable root is an error") {
    const Temporary here;
    for (int i = 0; i < 5; ++i) here.file("crowded/f" + std::to_string(i), 1);
    here.file("fine/C_VOL-b001.spf", 1);
    DiscoveryLimits limits;
    limits.each.entries = 4;
    const auto found = discover(here.path(), limits, {}).value();
    CHECK(found.unreadable == std::vector<std::string>{here.path("crowded")});
    CHECK(found.found.size() == 1);
    CHECK_FALSE(found.complete);
    CHECK(discover(here.path("crowded"), limits, {}).error() == errc::too_many);
    CHECK(discover(here.path("gone"), limits, {}).error() == errc::not_found);
    std::stop_source stop;
    stop.request_stop();
    CHECK(discover(here.path(), limits, stop.get_token()).error() == errc::cancelled);
}
