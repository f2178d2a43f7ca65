// What callers get from the API: scopes, routes, lists, problems.
#include "fixed_server.hpp"

#include <set>

using namespace imc;
using fixed::ask;
using fixed::column;
using fixed::header;
using fixed::Server;
using nlohmann::json;

TEST_CASE("without a token only health, description and page are given") {
    const Server server;
    for (const auto* open : {"/v1/health", "/openapi.json", "/"}) {
        CHECK(ask(server.handler, "GET", open, {}, {api::Scope::none, "", false, ""}).status == 200);
    }
    for (const auto* closed : {"/v1/agent", "/v1/sync", "/v1/volumes", "/v1/findings", "/metrics", "/v1/events"}) {
        const auto response = ask(server.handler, "GET", closed, {}, {api::Scope::none, "", false, ""});
        CHECK(response.status == 401);
        CHECK(header(response, "WWW-Authenticate") == "Bearer");
        CHECK(response.body->find("SRV1") == std::string::npos);
    }
}

TEST_CASE("a token that may only read changes nothing") {
    const Server server;
    const fixed::Caller reader{api::Scope::read, "", false, "application/json"};
    const auto response = ask(server.handler, "POST", "/v1/rescan", "{}", reader);
    CHECK(response.status == 403);
    CHECK(json::parse(*response.body)["detail"].get<std::string>().find("operate") != std::string::npos);
    CHECK(ask(server.handler, "DELETE", "/v1/folders/x", {}, reader).status == 403);
    CHECK(ask(server.handler, "PATCH", "/v1/volumes/x", "{}", reader).status == 403);
    CHECK(server.backend->rescans.empty());
    CHECK(ask(server.handler, "GET", "/v1/volumes", {}, reader).status == 200);
}

TEST_CASE("paths and methods that are not there are told apart") {
    const Server server;
    for (const auto* path : {"/v1", "/v1/", "/v1/volume", "/v1/volumes/a/b", "/v2/agent", "/v1/agent/x", "/favicon.ico"}) {
        CHECK(server.get(path, 404)["type"] == "/problems/not-found");
    }
    const auto response = ask(server.handler, "PUT", "/v1/folders", "{}");
    CHECK(response.status == 405);
    CHECK(header(response, "Allow") == "GET, HEAD, POST");
    CHECK(ask(server.handler, "HEAD", "/v1/folders").status == 200);
}

TEST_CASE("an unknown parameter is refused by name") {
    const Server server;
    for (const auto* target : {"/v1/volumes?colour=red", "/v1/agent?x=1", "/v1/sync?sinse=1", "/v1/health?x", "/metrics?y=2"}) {
        CHECK(server.get(target, 400)["type"] == "/problems/bad-parameter");
    }
    CHECK(server.get("/v1/volumes?colour=red", 400)["detail"].get<std::string>().find("colour") == 0);
}

TEST_CASE("values out of range are refused with the parameter's name") {
    const Server server;
    for (const std::string parameter : {"limit=0", "limit=1001", "limit=-1", "limit=1e2", "limit=", "limit=9999999999", "limit=1&limit=2",
                                        "sort=size", "sort=", "cursor=x", "cursor=", "stale=yes", "verdict=fine", "severity=bad"}) {
        const auto problem = server.get("/v1/volumes?" + parameter, 400);
        CHECK(problem["detail"].get<std::string>().find(parameter.substr(0, parameter.find('='))) == 0);
    }
    CHECK(server.get("/v1/volumes?limit=1000")["items"].size() == 4);
}

TEST_CASE("pages follow each other without gap or repetition, in both directions") {
    const Server server;
    for (const std::string sort : {"customer", "-customer", "age", "-usage_bytes", "severity", "verdict", "-newest_written"}) {
        std::vector<std::string> seen;
        std::string cursor;
        do {
            const auto page = server.get("/v1/volumes?limit=1&sort=" + sort + (cursor.empty() ? "" : "&cursor=" + cursor));
            CHECK(page["total"] == 4);
            for (auto& id : column(page, "id")) seen.push_back(id);
            cursor = page["next_cursor"].is_null() ? "" : page["next_cursor"].get<std::string>();
        } while (!cursor.empty() && seen.size() < 10);
        CHECK(seen == column(server.get("/v1/volumes?sort=" + sort), "id"));
        CHECK(std::set<std::string>(seen.begin(), seen.end()).size() == 4);
    }
}

TEST_CASE("a cursor goes on at the right place when its element is gone") {
    const Server server;
    const auto first = server.get("/v1/volumes?limit=1");
    const auto all = column(server.get("/v1/volumes"), "id");
    auto next = server.backend->copy();
    std::erase_if(next.volumes, [&](const auto& volume) { return volume.id == all[0]; });
    server.backend->publish(next);
    const auto rest = server.get("/v1/volumes?cursor=" + first["next_cursor"].get<std::string>());
    CHECK(column(rest, "id") == std::vector<std::string>(all.begin() + 1, all.end()));
}

TEST_CASE("a cursor of another sort is refused") {
    const Server server;
    const auto cursor = server.get("/v1/volumes?limit=1")["next_cursor"].get<std::string>();
    CHECK(server.get("/v1/volumes?sort=age&cursor=" + cursor, 400)["detail"].get<std::string>().find("cursor") == 0);
}

TEST_CASE("volumes are filtered by whose they are and how they do") {
    const Server server;
    CHECK(column(server.get("/v1/volumes?customer=acme"), "volume") == std::vector<std::string>{"C_VOL", "D_VOL"});
    CHECK(column(server.get("/v1/volumes?customer=acme&customer=GLOBEX"), "volume").size() == 3);
    CHECK(column(server.get("/v1/volumes?machine=dc01"), "customer") == std::vector<std::string>{"Globex"});
    CHECK(column(server.get("/v1/volumes?stale=true&customer=Acme"), "volume") == std::vector<std::string>{"D_VOL"});
    CHECK(column(server.get("/v1/volumes?stale=false"), "volume").size() == 3);
    CHECK(column(server.get("/v1/volumes?q=initech"), "machine") == std::vector<std::string>{"FS1"});
    CHECK(column(server.get("/v1/volumes?q=store/dc"), "machine") == std::vector<std::string>{"DC01"});
    CHECK(server.get("/v1/volumes?q=nothing")["total"] == 0);
    CHECK(server.get("/v1/volumes?folder_id=" + store::folder_id("/srv/Acme/SRV1"))["total"] == 2);
    CHECK(column(server.get("/v1/volumes?severity=critical&severity=warning"), "volume").size() >= 2);
    const auto bad = server.get("/v1/volumes?verdict=broken&verdict=doubtful");
    CHECK(bad["total"] > 0);
    for (const auto& volume : bad["items"]) {
        CHECK((volume["verdict"] == "broken" || volume["verdict"] == "doubtful"));
    }
}

TEST_CASE("a volume past its grace is stale, and last known data is told apart from it") {
    const Server server;
    const auto volume = server.get("/v1/volumes/" + server.volume_id("SRV1", "D_VOL"));
    CHECK(volume["stale"] == true);
    CHECK(volume["data_stale"] == false);
    CHECK(volume["grace_days"] == 3);
    CHECK(volume["age_seconds"] == 10 * 86'400 - 12);  // as of the full minute
    CHECK(volume["severity"] != "ok");
    CHECK(volume["verification"]["state"] == "unknown");
    CHECK_FALSE(volume["findings"].empty());
    const auto unreadable = server.get("/v1/volumes/" + server.volume_id("FS1", "C_VOL"));
    CHECK(unreadable["data_stale"] == true);
    CHECK(unreadable["quota_bytes"].is_null());
    CHECK(unreadable["severity"] == server.get("/v1/folders/" + store::folder_id("/srv/Initech/FS1"))["severity"]);
    CHECK(server.get("/v1/volumes/" + server.volume_id("SRV1", "C_VOL"))["grace_days"] == 7);
}

TEST_CASE("a volume without grace is never overdue, and one from the future has no age") {
    const Server server;
    auto next = server.backend->copy();
    const auto id = server.volume_id("SRV1", "D_VOL");
    next.settings[id].grace_days = 0;
    for (auto& volume : next.volumes) {
        if (volume.machine == "DC01") volume.newest_written = fixed::today + 5 * 86'400;
    }
    server.backend->publish(next);
    CHECK(server.get("/v1/volumes/" + id)["overdue_at"].is_null());
    CHECK(server.get("/v1/volumes/" + id)["stale"] == false);
    CHECK(server.get("/v1/volumes/" + server.volume_id("DC01", "C_VOL"))["age_seconds"].is_null());
}

TEST_CASE("folders tell what is free, what is wrong and what they hold") {
    const Server server;
    const auto folder = server.get("/v1/folders/" + store::folder_id("/srv/Acme/SRV1"));
    CHECK(folder["volumes"] == 2);
    CHECK(folder["free_bytes"] == 900'000'000'000);
    CHECK(folder["error"].is_null());
    CHECK(column(server.get("/v1/folders?state=stale"), "error") == std::vector<std::string>{"network"});
    CHECK(column(server.get("/v1/folders?type=backup_store"), "path") == std::vector<std::string>{"/srv/Globex/Store"});
    CHECK(column(server.get("/v1/folders?sort=-path"), "path").front() == "/srv/Initech/FS1");
    CHECK(server.get("/v1/folders/" + store::folder_id("/srv/Acme/SRV1") + "/samples")["items"][0]["free_bytes"].is_null());
    CHECK(server.get("/v1/folders/fld_0000000000000000", 404)["type"] == "/problems/not-found");
}

TEST_CASE("findings are open unless closed ones are asked for") {
    const Server server;
    const auto open = server.get("/v1/findings");
    CHECK(open["total"] == server.backend->published->findings.size());
    CHECK(open["items"][0]["severity"] == "critical");
    const auto closed = server.get("/v1/findings?state=closed");
    REQUIRE(closed["total"] == 1);
    CHECK(closed["items"][0]["closed"] == "2026-11-21T08:30:12Z");
    CHECK(server.get("/v1/findings?state=all")["total"].get<std::size_t>() == open["total"].get<std::size_t>() + 1);
    CHECK(server.get("/v1/findings?severity=critical&customer=globex")["total"] > 0);
    CHECK(server.get("/v1/findings?volume_id=" + server.volume_id("SRV1", "C_VOL"))["total"] == 0);
    CHECK(server.get("/v1/findings?code=chain_broken&q=C_VOL")["total"] > 0);
    CHECK(server.get("/v1/findings?state=open&state=closed", 400)["detail"].get<std::string>().find("state") == 0);
}

TEST_CASE("a caller is told who it is and what it may do") {
    const Server server;
    CHECK(server.get("/v1/agent")["caller"]["scope"] == "operate");
    const auto reader = ask(server.handler, "GET", "/v1/agent", {}, {api::Scope::read, "", false, ""});
    CHECK(json::parse(*reader.body)["caller"]["scope"] == "read");
    const auto calls = server.get("/page/about.json")["calls"];
    CHECK(std::find(calls.begin(), calls.end(), "GET v1/volumes/*/chain") != calls.end());
}

TEST_CASE("the tunnel is told with the step that fails, and none where the agent is enrolled nowhere") {
    const Server server;
    auto tunnel = server.get("/v1/agent")["tunnel"];
    CHECK(tunnel["state"] == "connected");
    CHECK(tunnel["relay"] == "Globex relay");
    CHECK(tunnel["intercepted_by"] == "CN=Initech Web Guard");
    CHECK(tunnel["since"] == "2026-11-21T08:30:12Z");
    CHECK(tunnel["problem"].is_null());
    CHECK(tunnel["round_trip_ms"] == 14.2);
    const auto metrics = [&] { return *ask(server.handler, "GET", "/metrics").body; };
    CHECK(metrics().find("imc_tunnel_up 1\n") != std::string::npos);
    CHECK(metrics().find("imc_tunnel_round_trip_seconds 0.0142\n") != std::string::npos);
    auto& facts = server.backend->agent.tunnel;
    facts.state = "waiting";
    facts.step = "TCP";
    facts.problem = "connection refused";
    facts.round_trip_us = 0;
    tunnel = server.get("/v1/agent")["tunnel"];
    CHECK(tunnel["state"] == "waiting");
    CHECK(tunnel["step"] == "TCP");
    CHECK(tunnel["problem"] == "connection refused");
    CHECK(tunnel["round_trip_ms"].is_null());
    CHECK(metrics().find("imc_tunnel_up 0\n") != std::string::npos);
    facts = {};
    CHECK(server.get("/v1/agent")["tunnel"].is_null());
    CHECK(metrics().find("imc_tunnel_enrolled 0\n") != std::string::npos);
    CHECK(metrics().find("imc_tunnel_up") == std::string::npos);
}

TEST_CASE("the description has the version of the program") {
    const Server server;
    const auto document = server.get("/openapi.json");
    CHECK(document["openapi"] == "3.1.0");
    CHECK(document["info"]["version"] == "0.1.0");
}

TEST_CASE("the live feed is handed through") {
    const Server server;
    const auto response = ask(server.handler, "GET", "/v1/events");
    CHECK(response.status == 200);
    CHECK(response.content_type == "text/event-stream");
    CHECK(response.feed != nullptr);
}
