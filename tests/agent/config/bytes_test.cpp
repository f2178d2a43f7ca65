#include "agent/config/bytes.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <random>

using namespace imc::config;

TEST_CASE("sizes are read with decimal and binary units") {
    CHECK(parse_bytes("0") == 0);
    CHECK(parse_bytes("123") == 123);
    CHECK(parse_bytes("500 GB") == 500'000'000'000);
    CHECK(parse_bytes("500gb") == 500'000'000'000);
    CHECK(parse_bytes("2 TiB") == std::int64_t{2} << 40);
    CHECK(parse_bytes("1.5 TB") == 1'500'000'000'000);
    CHECK(parse_bytes("1.5 KiB") == 1536);
    CHECK(parse_bytes("0.001 KB") == 1);
    CHECK(parse_bytes("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
    CHECK(parse_bytes("8191 PiB") == std::int64_t{8191} << 50);
}

TEST_CASE("what is no size gives nothing") {
    for (const char* bad : {"",         " ",
                            "GB",       "-1",
                            "+1",       "1.",
                            ".5 GB",    "1.5",
                            "1.5 B",    "1.2345 GB",
                            "1 G",      "1 GBs",
                            "1 2",      "9223372036854775808",
                            "8192 PiB", "99999999999999999999 B",
                            "0x10",     "1e3",
                            "1,5 GB",   "1\tGB"}) {
        INFO(bad);
        CHECK_FALSE(parse_bytes(bad));
    }
}

TEST_CASE("the exact spelling of any size is read back as the same size") {
    CHECK(exact_bytes(10'485'760) == "10 MiB");
    CHECK(exact_bytes(500'000'000'000) == "500 GB");
    CHECK(exact_bytes(12'345) == "12345");
    std::mt19937_64 random(7);
    for (int i = 0; i < 20'000; ++i) {
        const auto bytes = static_cast<std::int64_t>(random() >> (1 + random() % 63));
        REQUIRE(parse_bytes(exact_bytes(bytes)) == bytes);
    }
}
