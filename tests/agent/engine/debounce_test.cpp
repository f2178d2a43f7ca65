// When what is heard of a folder becomes a look.
#include "agent/engine/hints.hpp"

#include <catch2/catch.hpp>

using imc::engine::Debounce;
using namespace std::chrono_literals;
using Folders = std::vector<std::string>;

TEST_CASE("A look follows the pause after the last change, once") {
    Debounce debounce(3s, 30s);
    const Debounce::Time start{};
    debounce.heard("a", start);
    debounce.heard("b", start + 1s);
    debounce.heard("a", start + 2s);
    CHECK(debounce.due(start + 3s).empty());
    CHECK(debounce.due(start + 4s) == Folders{"b"});
    CHECK(debounce.due(start + 5s) == Folders{"a"});
    CHECK_FALSE(debounce.waiting());
    CHECK(debounce.due(start + 60s).empty());
}

TEST_CASE("A folder that changes all the time is looked at now and then, not never and not always") {
    Debounce debounce(3s, 30s);
    int looks = 0;
    for (auto now = Debounce::Time{}; now < Debounce::Time{} + 10min; now += 1s) {
        debounce.heard("busy", now);
        looks += static_cast<int>(debounce.due(now).size());
    }
    CHECK(looks >= 10);
    CHECK(looks <= 20);
}

TEST_CASE("What is watched no more is forgotten") {
    Debounce debounce(3s, 30s);
    debounce.heard("a", {});
    debounce.heard("b", {});
    debounce.keep({"b"});
    CHECK(debounce.due(Debounce::Time{} + 10s) == Folders{"b"});
}
