// /v1/sync as a portal uses it: everything once, then only what changed, and next to nothing when nothing did.
#include "fixed_backend.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace imc;
using fixed::ask;
using nlohmann::json;

namespace {

struct Portal {
    std::shared_ptr<fixed::Backend> backend = std::make_shared<fixed::Backend>();
    api::Handler handler = api::make_api(backend);
    std::string cursor;
    std::string tag;

    json sync(const std::string& since) {
        const auto response = ask(handler, "GET", "/v1/sync" + (since.empty() ? "" : "?since=" + since));
        REQUIRE(response.status == 200);
        const auto document = json::parse(*response.body);
        cursor = document["cursor"].get<std::string>();
        tag = response.etag;
        return document;
    }
    unsigned again() const {
        const auto response = ask(handler, "GET", "/v1/sync?since=" + cursor, {}, {api::Scope::read, tag, false, ""});
        if (response.status == 304) CHECK(response.body == nullptr);
        return response.status;
    }
};

}  // namespace

TEST_CASE("the first sync gives everything and the next one nothing") {
    Portal portal;
    const auto all = portal.sync("");
    CHECK(all["full"] == true);
    CHECK(all["folders"].size() == 4);
    CHECK(all["volumes"].size() == 4);
    CHECK(all["findings"].size() == portal.backend->published->findings.size());
    CHECK(all["unmanaged_folders"].size() == 2);
    CHECK(portal.again() == 304);
    const auto nothing = portal.sync(portal.cursor);
    CHECK(nothing["full"] == false);
    CHECK(nothing["folders"].empty());
    CHECK(nothing["volumes"].empty());
    CHECK(nothing["findings"].empty());
    CHECK(portal.backend->reads_of_history == 0);
}

TEST_CASE("a difference has what changed, what closed and what was removed") {
    Portal portal;
    (void)portal.sync("");
    auto next = portal.backend->copy();
    next.volumes[1].usage_bytes += 1;
    next.volumes[1].seq = 11;
    portal.backend->publish(next);
    auto ended = portal.backend->closed.front();
    ended.key = "ended later";
    ended.seq = 11;
    portal.backend->closed.push_back(ended);
    ended.key = "ended after the snapshot";
    ended.seq = 12;
    portal.backend->closed.push_back(ended);
    portal.backend->removed.tombstones = {{"volume", "vol_1", 9}, {"volume", "vol_2", 11}, {"folder", "fld_3", 12}};
    CHECK(portal.again() == 200);
    const auto difference = portal.sync(portal.cursor);
    CHECK(difference["full"] == false);
    REQUIRE(difference["volumes"].size() == 1);
    CHECK(difference["volumes"][0]["id"] == next.volumes[1].id);
    REQUIRE(difference["findings"].size() == 1);
    CHECK(difference["findings"][0]["key"] == "ended later");
    CHECK_FALSE(difference["findings"][0]["closed"].is_null());
    CHECK(difference["removed"] == json::array({{{"kind", "volume"}, {"id", "vol_2"}}}));
}

TEST_CASE("a cursor that means nothing here gives everything") {
    Portal portal;
    (void)portal.sync("");
    const auto good = portal.cursor;
    for (const auto& cursor : {std::string("other") + good.substr(2), std::string("e1.10"), std::string("e1.99") + good.substr(5),
                               std::string("nonsense"), std::string("e1..") + good.substr(6), std::string()}) {
        CHECK(portal.sync(cursor)["full"] == true);
    }
    auto next = portal.backend->copy();
    portal.backend->publish(next);
    portal.backend->removed.complete = false;
    CHECK(portal.sync(good)["full"] == true);
    CHECK(ask(portal.handler, "GET", "/v1/sync?since=" + std::string(201, 'x')).status == 400);
}

TEST_CASE("what changes outside of the history changes tag and document") {
    Portal portal;
    (void)portal.sync("");
    SECTION("settings, which the cursor does not count") {
        auto next = portal.backend->copy();
        next.settings[next.volumes[1].id].grace_days = 30;
        --next.cursor;
        portal.backend->publish(next);
        CHECK(portal.again() == 200);
        const auto document = portal.sync(portal.cursor);
        CHECK(document["full"] == true);
        CHECK(document["volumes"][1]["grace_days"] == 30);
    }
    SECTION("configuration") {
        auto next = portal.backend->copy();
        config::Config config;
        config.grace_days = 9;
        next.config = std::make_shared<const config::Config>(config);
        --next.cursor;
        portal.backend->publish(next);
        CHECK(portal.sync(portal.cursor)["full"] == true);
    }
    SECTION("a search for unmanaged folders") {
        auto next = portal.backend->copy();
        next.unmanaged.folders.pop_back();
        --next.cursor;
        portal.backend->publish(next);
        CHECK(portal.again() == 200);
        CHECK(portal.sync(portal.cursor)["unmanaged_folders"].size() == 1);
    }
    SECTION("the agent itself") {
        portal.backend->agent.config_problem = "imconnector.toml:3: scna: unknown";
        CHECK(portal.again() == 200);
        CHECK(portal.sync(portal.cursor)["agent"]["config_problem"] == "imconnector.toml:3: scna: unknown");
    }
}

TEST_CASE("time alone changes nothing in a sync") {
    Portal portal;
    const auto before = portal.sync("");
    portal.backend->clock += 3 * 86'400;
    auto next = portal.backend->copy();  // looks that found nothing new
    for (auto& folder : next.folders) folder.last_scan = folder.last_good_scan = portal.backend->clock;
    for (auto& finding : next.findings) finding.last_seen = portal.backend->clock;
    --next.cursor;
    portal.backend->publish(next);
    CHECK(portal.again() == 304);
    CHECK(portal.sync("") == before);
}
