#include "agent/monitor/words.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <random>

using namespace imc::monitor;

TEST_CASE("sizes are shown with at most one decimal and never as a thousand of a unit") {
    CHECK(bytes_text(0) == "0 B");
    CHECK(bytes_text(999) == "999 B");
    CHECK(bytes_text(1000) == "1 KB");
    CHECK(bytes_text(1234) == "1.2 KB");
    CHECK(bytes_text(99'949) == "99.9 KB");
    CHECK(bytes_text(99'951) == "100 KB");
    CHECK(bytes_text(999'499) == "999 KB");
    CHECK(bytes_text(999'500) == "1 MB");
    CHECK(bytes_text(240'400'000'000) == "240 GB");
    CHECK(bytes_text(1'200'000'000'000) == "1.2 TB");
    CHECK(bytes_text(std::numeric_limits<std::uint64_t>::max()) == "18.4 EB");
}

TEST_CASE("ages are shown in the two largest units that matter") {
    CHECK(age_text(-5) == "0 s");
    CHECK(age_text(59) == "59 s");
    CHECK(age_text(60) == "1 min");
    CHECK(age_text(3599) == "59 min");
    CHECK(age_text(3600) == "1 h");
    CHECK(age_text(5 * 3600 + 12 * 60) == "5 h 12 min");
    CHECK(age_text(86'400) == "1 day");
    CHECK(age_text(3 * 86'400 + 4 * 3600 + 59) == "3 days 4 h");
    CHECK(age_text(40 * 86'400 + 5 * 3600) == "40 days");
    CHECK(age_text(std::numeric_limits<std::int64_t>::min()) == "0 s");
    CHECK_FALSE(age_text(std::numeric_limits<std::int64_t>::max()).empty());
}

TEST_CASE("lists name some and count the rest") {
    CHECK(list_text({"a"}, 3, 1) == "a");
    CHECK(list_text({"a", "b"}, 3, 2) == "a and b");
    CHECK(list_text({"a", "b", "c"}, 3, 3) == "a, b and c");
    CHECK(list_text({"a", "b", "c", "d"}, 3, 20) == "a, b, c and 17 more");
    CHECK(list_text({"a"}, 3, 2) == "a and 1 more");
    CHECK(list_text({}, 3, 0).empty());
    CHECK(count_text(1, "image", "images") == "1 image");
    CHECK(count_text(0, "image", "images") == "0 images");
}

TEST_CASE("times are written in UTC and read back the same") {
    CHECK(rfc3339(0) == "1970-01-01T00:00:00Z");
    CHECK(rfc3339(1'795'003'200) == "2026-11-18T12:00:00Z");
    CHECK(rfc3339(-1) == "1969-12-31T23:59:59Z");
    CHECK(rfc3339(951'782'400) == "2000-02-29T00:00:00Z");
    CHECK(rfc3339(std::numeric_limits<std::int64_t>::max()) == "9999-12-31T23:59:59Z");
    CHECK(rfc3339(std::numeric_limits<std::int64_t>::min()) == "0000-01-01T00:00:00Z");
    CHECK(moment_text(1'795'003'259) == "2026-11-18 12:00 UTC");
    std::mt19937_64 random(3);
    std::uniform_int_distribution<std::int64_t> times(-62'167'219'200, 253'402'300'799);
    for (int i = 0; i < 20'000; ++i) {
        const std::int64_t time = times(random);
        REQUIRE(parse_rfc3339(rfc3339(time)) == time);
    }
}

TEST_CASE("times with offsets, fractions and leap seconds are read") {
    CHECK(parse_rfc3339("2026-11-18T13:00:00+01:00") == 1'795'003'200);
    CHECK(parse_rfc3339("2026-11-18t06:30:00.123456-05:30") == 1'795'003'200);
    CHECK(parse_rfc3339("2026-11-18 12:00:00z") == 1'795'003'200);
    CHECK(parse_rfc3339("2016-12-31T23:59:60Z") == parse_rfc3339("2017-01-01T00:00:00Z"));
}

TEST_CASE("what is no time gives nothing") {
    for (const char* bad :
         {"", "2026-11-18", "2026-11-18T12:00Z", "2026-11-18T12:00:00", "2026-13-18T12:00:00Z", "2026-02-29T12:00:00Z",
          "2026-11-31T12:00:00Z", "2026-11-18T24:00:00Z", "2026-11-18T12:60:00Z", "2026-11-18T12:00:61Z", "2026-11-18T12:00:00.Z",
          "2026-11-18T12:00:00+0100", "2026-11-18T12:00:00+24:00", "2026-11-18T12:00:00Zx", " 2026-11-18T12:00:00Z", "+026-11-18T12:00:00Z",
          "26-11-18T12:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z"}) {
        INFO(bad);
        CHECK_FALSE(parse_rfc3339(bad));
    }
}

TEST_CASE("text is wrapped between words") {
    CHECK(wrapped("aa bb cc", 5, 0) == "aa bb\ncc\n");
    CHECK(wrapped("aa bb cc", 5, 2) == "  aa\n  bb\n  cc\n");
    CHECK(wrapped("aaaaaaaaaa b", 5, 0) == "aaaaaaaaaa\nb\n");
    CHECK(wrapped("", 5, 0).empty());
}
