#include "agent/store/history.hpp"
#include "tests/agent/store/support.hpp"

#include <catch2/catch.hpp>

using namespace imc::store;
using namespace imc::test;

TEST_CASE("a finding that stays open keeps its beginning, and only its look moves") {
    const Temporary here;
    auto opened = open_history(here.path("h.db"));
    auto& history = opened.history;
    const auto cursor = history.set_findings("time:", {finding("time:", "volume_stale")}, 10).value();
    CHECK(history.set_findings("time:", {finding("time:", "volume_stale")}, 20).value() == cursor);
    auto all = history.findings(true).value();
    REQUIRE(all.size() == 1);
    CHECK(all[0].first_seen == 10);
    CHECK(all[0].last_seen == 20);
    CHECK(all[0].closed == 0);
    CHECK(all[0].seq == cursor);
}

TEST_CASE("a finding whose words change moves the cursor and keeps its beginning") {
    const Temporary here;
    auto opened = open_history(here.path("h.db"));
    auto changed = finding("time:", "volume_stale");
    const auto cursor = opened.history.set_findings("time:", {changed}, 10).value();
    changed.severity = "critical";
    CHECK(opened.history.set_findings("time:", {changed}, 20).value() == cursor + 1);
    const auto all = opened.history.findings(true).value();
    REQUIRE(all.size() == 1);
    CHECK(all[0].severity == "critical");
    CHECK(all[0].first_seen == 10);
    CHECK(all[0].seq == cursor + 1);
}

TEST_CASE("a finding closes with the last look at which it held, and opening again is a new episode") {
    const Temporary here;
    auto opened = open_history(here.path("h.db"));
    auto& history = opened.history;
    REQUIRE(history.set_findings("time:", {finding("time:", "volume_stale")}, 10).has_value());
    REQUIRE(history.set_findings("time:", {finding("time:", "volume_stale")}, 20).has_value());
    REQUIRE(history.set_findings("time:", {}, 30).has_value());
    CHECK(history.findings(false).value().empty());
    REQUIRE(history.set_findings("time:", {}, 35).has_value());
    REQUIRE(history.set_findings("time:", {finding("time:", "volume_stale")}, 40).has_value());
    REQUIRE(history.set_findings("time:", {finding("time:", "volume_stale")}, 50).has_value());
    const auto all = history.findings(true).value();
    REQUIRE(all.size() == 2);
    CHECK(all[0].first_seen == 40);
    CHECK(all[0].last_seen == 50);
    CHECK(all[0].closed == 0);
    CHECK(all[1].first_seen == 10);
    CHECK(all[1].last_seen == 20);
    CHECK(all[1].closed == 30);
    CHECK(all[0].key == all[1].key);
}

TEST_CASE("scopes do not touch each other's findings, also where one name begins like another") {
    const Temporary here;
    auto opened = open_history(here.path("h.db"));
    auto& history = opened.history;
    REQUIRE(history.set_findings("agent:", {finding("agent:", "x")}, 10).has_value());
    REQUIRE(history.set_findings("agent2:", {finding("agent2:", "x")}, 10).has_value());
    REQUIRE(history.set_findings("agent:", {}, 20).has_value());
    REQUIRE(history.findings(false).value().size() == 1);
    CHECK(history.findings(false).value()[0].key == "agent2:x");
}

TEST_CASE("a finding outside its scope is refused and nothing of the call is kept") {
    const Temporary here;
    auto opened = open_history(here.path("h.db"));
    CHECK(opened.history.set_findings("agent:", {finding("agent:", "x"), finding("time:", "y")}, 10).error() == errc::failed);
    CHECK(opened.history.findings(true).value().empty());
    CHECK(opened.history.set_findings("agent:", {finding("agent:", "x"), finding("agent:", "x")}, 10).has_value());
    CHECK(opened.history.findings(true).value().size() == 1);
}

TEST_CASE("findings of a scan were last seen at the folder's last good look, changed or not") {
    const Temporary here;
    auto opened = open_history(here.path("h.db"));
    auto& history = opened.history;
    auto given = change("/srv/a", 1);
    given.findings = {finding("scan:" + given.folder.id + ":", "md5_missing", given.folder.id)};
    const auto cursor = history.apply(given, 10).value();
    CHECK(history.touch(given.folder.id, 20, given.folder.free_bytes, given.folder.total_bytes).value() == cursor);
    CHECK(history.findings(false).value()[0].last_seen == 20);
    auto stale = given.folder;
    stale.error = "network";
    REQUIRE(history.mark_stale(stale, {}, 30).has_value());
    CHECK(history.findings(false).value()[0].last_seen == 20);
    given.findings.clear();
    REQUIRE(history.apply(given, 40).has_value());
    CHECK(history.findings(true).value()[0].last_seen == 20);
    CHECK(history.findings(true).value()[0].closed == 40);
}

TEST_CASE("tidying drops old closed findings, and a reader that never heard of their end starts anew") {
    const Temporary here;
    auto opened = open_history(here.path("h.db"));
    auto& history = opened.history;
    const auto first = history.set_findings("time:", {finding("time:", "a"), finding("time:", "b")}, 10).value();
    const auto second = history.set_findings("time:", {finding("time:", "b")}, 20).value();
    REQUIRE(history.tidy(20, 0).has_value());
    CHECK(history.findings(true).value().size() == 2);
    CHECK(history.removed_since(first).value().complete);
    REQUIRE(history.tidy(21, 0).has_value());
    CHECK(history.findings(true).value().size() == 1);
    CHECK_FALSE(history.removed_since(first).value().complete);
    CHECK(history.removed_since(second).value().complete);
}

TEST_CASE("the newest finding comes first") {
    const Temporary here;
    auto opened = open_history(here.path("h.db"));
    REQUIRE(opened.history.set_findings("a:", {finding("a:", "old")}, 10).has_value());
    REQUIRE(opened.history.set_findings("b:", {finding("b:", "new")}, 20).has_value());
    const auto all = opened.history.findings(false).value();
    CHECK(all[0].code == "new");
    CHECK(all[1].code == "old");
}
