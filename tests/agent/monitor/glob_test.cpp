#include "agent/monitor/glob.hpp"

#include "agent/monitor/evaluate.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace imc;
using monitor::glob_match;

namespace {

// The definition, to hold the quick matcher against.
bool by_definition(std::string_view pattern, std::string_view text) {
    if (pattern.empty()) return text.empty();
    if (pattern[0] == '*') return by_definition(pattern.substr(1), text) || (!text.empty() && by_definition(pattern, text.substr(1)));
    return !text.empty() && (pattern[0] == '?' || pattern[0] == text[0]) && by_definition(pattern.substr(1), text.substr(1));
}

}  // namespace

TEST_CASE("patterns match without case, across slashes, and as a whole") {
    CHECK(glob_match("Acme/*", "ACME/srv1/C_VOL"));
    CHECK(glob_match("*/D_VOL", "Acme/SRV1/d_vol"));
    CHECK(glob_match("*", ""));
    CHECK(glob_match("", ""));
    CHECK(glob_match("a?c", "aBc"));
    CHECK(glob_match("a?c",
                     "a\xC3\xA9"
                     "c"));
    CHECK_FALSE(glob_match("a?c", "ac"));
    CHECK_FALSE(glob_match("Acme", "Acme/SRV1/C_VOL"));
    CHECK_FALSE(glob_match("Acme/*/C_VOL", "Acme/SRV1/C_VOL2"));
    CHECK_FALSE(glob_match("", "a"));
}

TEST_CASE("random patterns match as their definition says") {
    std::mt19937 random(11);
    const auto text_of = [&](const std::string& alphabet, std::size_t most) {
        std::string text;
        for (std::size_t n = random() % (most + 1); n > 0; --n) text += alphabet[random() % alphabet.size()];
        return text;
    };
    for (int i = 0; i < 50'000; ++i) {
        const std::string pattern = text_of("ab*?", 7);
        const std::string text = text_of("ab", 9);
        if (glob_match(pattern, text) != by_definition(pattern, text)) FAIL(pattern << " against " << text);
    }
}

TEST_CASE("a pattern made to be slow is not") {
    std::string pattern;
    for (int i = 0; i < 400; ++i) pattern += "*a";
    // exponential back-tracking would not end
    CHECK_FALSE(glob_match(pattern + "b", std::string(1000, 'a')));
}

TEST_CASE("grace comes from the volume itself, else the first rule that matches, else the default") {
    store::VolumeRecord volume;
    volume.customer = "Acme";
    volume.machine = "LAB-1";
    volume.volume = "C_VOL";
    config::Config config;
    config.grace_days = 3;
    CHECK(monitor::grace_days(volume, nullptr, config) == 3);
    config.grace = {{"globex/*", 9}, {"acme/lab-?/*", 7}, {"acme/*", 5}};
    CHECK(monitor::grace_days(volume, nullptr, config) == 7);
    volume.machine = "SRV1";
    CHECK(monitor::grace_days(volume, nullptr, config) == 5);
    store::VolumeSettings settings;
    CHECK(monitor::grace_days(volume, &settings, config) == 5);
    settings.grace_days = 0;
    CHECK(monitor::grace_days(volume, &settings, config) == 0);
}
