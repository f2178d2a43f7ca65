#include "shuttle/relay/health.hpp"

#include <catch2/catch.hpp>

using namespace shuttle::relay;

namespace {

// What is due now, as words, noted as told.
std::vector<std::string> told(Health& health, std::int64_t now) {
    std::vector<std::string> words;
    const auto due = health.due(now);
    for (const auto& event : due) words.push_back(event.agent + " " + std::string(word_of(event.what)));
    health.noted(due);
    return words;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("An agent is told to be offline after the grace, and one that is back before is no news") {
    Health health({60, 5, 600});
    health.know({{"a", Standing::online}, {"b", Standing::online}}, 1'000);
    health.up("a", 1'000);
    health.up("b", 1'000);
    CHECK(told(health, 1'001) == Words{});
    health.down("a", 1'100);
    health.down("b", 1'100);
    health.up("b", 1'159);
    CHECK(told(health, 1'159) == Words{});
    CHECK(told(health, 1'160) == Words{"a offline"});
    CHECK(told(health, 2'000) == Words{});
    health.up("a", 5'000);
    CHECK(told(health, 5'000) == Words{"a online"});
    CHECK(told(health, 5'001) == Words{});
}

TEST_CASE("What could not be written down is due again") {
    Health health({60, 5, 600});
    health.know({{"a", Standing::offline}}, 0);
    health.up("a", 10);
    CHECK(health.due(10).size() == 1);
    CHECK(health.due(11).size() == 1);
    CHECK(told(health, 12) == Words{"a online"});
    CHECK(told(health, 13) == Words{});
}

TEST_CASE("After a restart only what has changed is told, and what is not back within the grace") {
    Health health({60, 5, 600});
    health.know({{"a", Standing::online}, {"b", Standing::offline}, {"c", Standing::online}, {"d", Standing::unknown}}, 1'000);
    health.up("a", 1'005);
    health.up("b", 1'005);
    CHECK(told(health, 1'006) == Words{"b online"});
    CHECK(told(health, 1'059) == Words{});
    CHECK(told(health, 1'060) == Words{"c offline", "d offline"});
}

TEST_CASE("An agent that has joined just now is told online, though nobody knew it") {
    Health health({60, 5, 600});
    health.know({}, 0);
    health.up("new", 100);
    CHECK(told(health, 100) == Words{"new online"});
    health.know({{"new", Standing::unknown}}, 101);
    CHECK(told(health, 101) == Words{});
    health.down("new", 102);
    health.know({}, 103);  // revoked
    CHECK(told(health, 1'000) == Words{});
}

TEST_CASE("Flapping is told once, and what became of it when it has kept still") {
    Health health({60, 5, 600});
    health.know({{"a", Standing::online}}, 0);
    std::int64_t now = 1'000;
    health.up("a", now);
    health.down("a", now += 10);
    health.up("a", now += 10);
    health.down("a", now += 10);
    CHECK(told(health, now) == Words{});
    health.up("a", now += 10);  // the fifth
    const auto due = health.due(now);
    REQUIRE(due.size() == 1);
    CHECK(due[0].what == Standing::flapping);
    CHECK(due[0].since == 1'000);
    CHECK(due[0].changes == 5);
    health.noted(due);
    CHECK(health.flapping() == 1);
    for (int more = 0; more < 20; ++more) {
        health.down("a", now += 70);
        CHECK(told(health, now) == Words{});
        health.up("a", now += 70);
        CHECK(told(health, now) == Words{});
    }
    CHECK(told(health, now + 599) == Words{});
    CHECK(told(health, now + 600) == Words{"a online"});
    CHECK(health.flapping() == 0);
}

TEST_CASE("Changes that lie far apart are no flapping, and one session that replaces another is a change") {
    Health health({60, 5, 600});
    health.know({{"a", Standing::online}, {"b", Standing::online}}, 0);
    health.up("a", 0);
    health.up("b", 0);
    for (std::int64_t now = 300; now < 6'000; now += 300) {
        health.down("a", now);
        health.up("a", now + 10);
        CHECK(told(health, now + 11) == Words{});
    }
    for (std::int64_t now = 10'001; now < 10'005; ++now) health.up("b", now);
    CHECK(told(health, 10'005) == Words{});
    health.up("b", 10'005);
    CHECK(told(health, 10'005) == Words{"b flapping"});
}

TEST_CASE("Words of standings are read back") {
    for (const auto standing : {Standing::unknown, Standing::online, Standing::offline, Standing::flapping})
        CHECK(standing_of(word_of(standing)) == standing);
    CHECK(standing_of("nonsense") == Standing::unknown);
}
