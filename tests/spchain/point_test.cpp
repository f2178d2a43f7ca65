#include "spchain/folder.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

using namespace spchain;

TEST_CASE("A point is written with three digits at least and without zero parts") {
    CHECK(to_string(1, {}) == "b001");
    CHECK(to_string(1, {0, 12}) == "b001-i012");
    CHECK(to_string(1, {2, 3}) == "b001-d002-i003");
    CHECK(to_string(12, {2, 0}) == "b012-d002");
    CHECK(to_string(1'000, {0, 1'971}) == "b1000-i1971");
    CHECK(to_string(largest_number, {largest_number, largest_number}) == "b4294967294-d4294967294-i4294967294");
}

TEST_CASE("A written point is read back") {
    for (const std::uint32_t base : {1U, 999U, 1'000U, largest_number}) {
        for (const std::uint32_t differential : {0U, 1U, 12'345U, largest_number}) {
            for (const std::uint32_t incremental : {0U, 7U, 1'971U, largest_number}) {
                const Point point{differential, incremental};
                const auto read = parse_point(to_string(base, point));
                REQUIRE(read);
                CHECK(read->first == base);
                CHECK(read->second == point);
            }
        }
    }
}

TEST_CASE("A point is read in any case and digit width") {
    CHECK(parse_point("B1-D2-I3") == std::pair{1U, Point{2, 3}});
    CHECK(parse_point("b0000000000001-i000000000000000012") == std::pair{1U, Point{0, 12}});
    CHECK(parse_point("b1-d2") == std::pair{1U, Point{2, 0}});
}

TEST_CASE("Nothing else is a point") {
    const std::vector<std::string> texts = {
        "",           "b",          "001",        "b0",          "b000",           "b001-",          "b001-i",
        "b001-i000",  "b001-d000",  "b001-d",     "b001-d2-",    "b001-d2-i",      "b001-d2-i0",     "b001-d0-i3",
        "b001-i3-d2", "b001-i3-",   "b001-i3-i4", "b001 ",       " b001",          "b001-x3",        "b001i3",
        "b001--i3",   "b001-i3-cd", "C_VOL-b001", "b4294967295", "b1-i4294967295", "b1-d4294967295", "b99999999999999999999999",
        "b+1",        "b-1",        "b1-i-1",     "i3",          "d2-i3",          "b\xFF",
    };
    for (const std::string& text : texts) {
        CAPTURE(text);
        CHECK_FALSE(parse_point(text));
    }
}

TEST_CASE("Every enumerator has its word") {
    CHECK(to_string(NameType::image) == "image");
    CHECK(to_string(NameType::companion) == "companion");
    CHECK(to_string(NameType::foreign) == "foreign");
    CHECK(to_string(Kind::full) == "full");
    CHECK(to_string(Kind::differential) == "differential");
    CHECK(to_string(Kind::incremental) == "incremental");
    CHECK(to_string(Kind::daily) == "daily");
    CHECK(to_string(Kind::weekly) == "weekly");
    CHECK(to_string(Kind::monthly) == "monthly");
    CHECK(to_string(Kind::rolling) == "rolling");
    CHECK(to_string(Kind::consolidated) == "consolidated");
    CHECK(to_string(Companion::md5) == "md5");
    CHECK(to_string(Companion::bitmap) == "bitmap");
    CHECK(to_string(Companion::spk) == "spk");
    CHECK(to_string(Companion::spwb) == "spwb");
    CHECK(to_string(Companion::tmp) == "tmp");
    CHECK(to_string(Companion::badlog) == "badlog");
    CHECK(to_string(Basis::inferred) == "inferred");
    CHECK(to_string(Basis::observed) == "observed");
    CHECK(to_string(Basis::attested) == "attested");
    CHECK(to_string(Basis::named) == "named");
    CHECK(to_string(Verdict::broken) == "broken");
    CHECK(to_string(Verdict::doubtful) == "doubtful");
    CHECK(to_string(Verdict::presumed) == "presumed");
    CHECK(to_string(Verdict::certain) == "certain");
    CHECK(to_string(State::present) == "present");
    CHECK(to_string(State::settling) == "settling");
    CHECK(to_string(State::orphan) == "orphan");
    CHECK(to_string(Profile::primary) == "primary");
    CHECK(to_string(Profile::replica) == "replica");
}

TEST_CASE("Finding codes have words of their own") {
    CHECK(to_string(FindingCode::chain_broken) == "chain_broken");
    CHECK(to_string(FindingCode::chain_doubtful) == "chain_doubtful");
    CHECK(to_string(FindingCode::points_retired) == "points_retired");
    CHECK(to_string(FindingCode::base_missing) == "base_missing");
    CHECK(to_string(FindingCode::md5_missing) == "md5_missing");
    CHECK(to_string(FindingCode::bad_log) == "bad_log");
    CHECK(to_string(FindingCode::new_base) == "new_base");
    CHECK(to_string(FindingCode::unconventional_image) == "unconventional_image");
    CHECK(to_string(FindingCode::duplicate_image) == "duplicate_image");
    CHECK(to_string(FindingCode::span_gap) == "span_gap");
    CHECK(to_string(FindingCode::apostrophe) == "apostrophe");
    CHECK(to_string(FindingCode::empty_image) == "empty_image");
    CHECK(to_string(FindingCode::image_vanished) == "image_vanished");
    CHECK(to_string(FindingCode::times_lost) == "times_lost");
    std::set<std::string_view> words;
    for (int code = 0; code < finding_code_count; ++code) words.insert(to_string(static_cast<FindingCode>(code)));
    CHECK(words.size() == finding_code_count);
    CHECK(words.count("") == 0);
    CHECK(to_string(static_cast<FindingCode>(finding_code_count)).empty());
}
