#include "agent/verify/plan.hpp"

#include "agent/config/window.hpp"

#include <catch2/catch.hpp>

using namespace imc::verify;

namespace {

constexpr UnixTime now = 1'700'000'000;
constexpr UnixTime day = 86'400;

Candidate candidate(const std::string& name, std::uint32_t radius, UnixTime checked, std::uint64_t bytes = 10) {
    Candidate out;
    out.folder_id = "fld_1";
    out.name = name;
    out.bytes = bytes;
    out.written = now - day;
    out.blast_radius = radius;
    out.checked = checked;
    return out;
}

std::vector<std::string> names(const std::vector<Candidate>& candidates) {
    std::vector<std::string> out;
    for (const auto& one : candidates) out.push_back(one.name);
    return out;
}

}  // namespace

TEST_CASE("blast radius times age decides, and what failed comes before all else") {
    auto failed = candidate("failed", 0, now - day);
    failed.failed = true;
    const auto order =
        plan({candidate("leaf", 0, now - 90 * day), candidate("base", 99, now - 2 * day), candidate("new", 1, 0), failed}, {}, now);
    CHECK(names(order) == std::vector<std::string>{"failed", "base", "leaf", "new"});
}

TEST_CASE("an image that was never checked is older than its file") {
    CHECK(urgency(candidate("never", 0, 0), now) > urgency(candidate("lately", 0, now - day), now));
}

TEST_CASE("what was good lately is not read again, what failed is") {
    Budget budget;
    budget.again_seconds = 30 * day;
    auto failed = candidate("failed", 0, now - day);
    failed.failed = true;
    const auto chosen = plan({candidate("lately", 50, now - 29 * day), candidate("due", 0, now - 30 * day), failed}, budget, now);
    CHECK(names(chosen) == std::vector<std::string>{"failed", "due"});
}

TEST_CASE("what does not fit leaves its place to smaller ones, but the most urgent has its turn whatever its size") {
    Budget budget;
    budget.bytes = 100;
    const auto fits = plan(
        {candidate("a", 9, now - 9 * day, 60), candidate("b", 8, now - 9 * day, 60), candidate("c", 1, now - 9 * day, 40)}, budget, now);
    CHECK(names(fits) == std::vector<std::string>{"a", "c"});
    CHECK(names(plan({candidate("huge", 9, now - 9 * day, 5'000), candidate("small", 1, now - 9 * day, 1)}, budget, now)) ==
          std::vector<std::string>{"huge"});
    budget.bytes = 0;
    CHECK(plan({candidate("huge", 9, now - 9 * day)}, budget, now).empty());
}

TEST_CASE("times beyond all calendars order as well as any") {
    auto odd = candidate("odd", UINT32_MAX, 0);
    odd.written = INT64_MIN + 1;
    auto future = candidate("future", 0, INT64_MAX);
    CHECK(names(plan({future, odd}, {}, now)).front() == "odd");
}

TEST_CASE("hours of the night run over midnight, and the same hour twice is always") {
    using imc::config::parse_window;
    const auto night = parse_window("22:00-06:30").value();
    CHECK(night.seconds() == 8 * 3600 + 1800);
    CHECK(night.since_begin(22 * 3600) == 0);
    CHECK(night.since_begin(3600) == 3 * 3600);
    CHECK_FALSE(night.since_begin(6 * 3600 + 1800).has_value());
    CHECK_FALSE(night.since_begin(12 * 3600).has_value());
    CHECK(parse_window("00:00-24:00")->since_begin(86'399) == 86'399);
    CHECK(parse_window("05:00-05:00")->since_begin(0) == 19 * 3600);
    for (const auto* bad : {"", "1:00-05:00", "01:00-05:60", "24:00-05:00", "01:00-25:00", "01:00 05:00", "01:00-05:00 "}) {
        CHECK_FALSE(parse_window(bad).has_value());
    }
}
