#include "agent/host/timezone.hpp"

#include <catch2/catch.hpp>

using namespace imc::host;

namespace {

constexpr spchain::UnixTime begin_2020 = 1'577'836'800;
constexpr spchain::UnixTime begin_2026 = 1'767'225'600;

}  // namespace

TEST_CASE("The first offset holds from the beginning, and every other one from the second of its change") {
    const auto changes = local_offsets(begin_2020, begin_2026);
    REQUIRE_FALSE(changes.empty());
    CHECK(changes.front().from == begin_2020);
    CHECK(changes.front().offset_seconds == local_offset(begin_2020));
    for (std::size_t i = 1; i < changes.size(); ++i) {
        CHECK(changes[i].from > changes[i - 1].from);
        CHECK(local_offset(changes[i].from) == changes[i].offset_seconds);
        CHECK(local_offset(changes[i].from - 1) == changes[i - 1].offset_seconds);
    }
    CHECK(changes.back().offset_seconds == local_offset(begin_2026));
}

TEST_CASE("An offset is one that a place on Earth may have") {
    for (auto t = begin_2020; t < begin_2026; t += 30 * 86'400) {
        CHECK(local_offset(t) >= -12 * 3600);
        CHECK(local_offset(t) <= 14 * 3600);
        CHECK(local_offset(t) % 900 == 0);
    }
}

#ifndef _WIN32
// CTest runs this in the zone of Berlin; Windows takes its zone from elsewhere.
TEST_CASE("Summer begins and ends on the right second") {
    const auto changes = local_offsets(1'704'067'200, 1'735'689'600);  // 2024
    REQUIRE(changes.size() == 3);
    CHECK(changes[0].offset_seconds == 3600);
    CHECK(changes[1].from == 1'711'846'800);  // 2024-03-31T01:00:00Z
    CHECK(changes[1].offset_seconds == 7200);
    CHECK(changes[2].from == 1'729'990'800);  // 2024-10-27T01:00:00Z
    CHECK(changes[2].offset_seconds == 3600);
}
#endif
