// What callers get from the API: scopes, routes, lists, tags, problems.
#include "agent/api/brand.hpp"
#include "agent/api/page_files.hpp"
#include "agent/api/views_chain.hpp"
#include "fixed_backend.hpp"
#include "tests/support/local_paths.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

using namespace imc;
using fixed::ask;
using nlohmann::json;

namespace {

struct Server {
    std::shared_ptr<fixed::Backend> backend = std::make_shared<fixed::Backend>();
    api::Handler handler = api::make_api(backend);

    json get(const std::string& target, unsigned status = 200) const {
        const auto response = ask(handler, "GET", target);
        INFO(target << ": " << (response.body ? *response.body : ""));
        REQUIRE(response.status == status);
        return json::parse(*response.body);
    }
    json send(const std::string& method, const std::string& target, const std::string& body, unsigned status) const {
        const auto response = ask(handler, method, target, body);
        INFO(method << " " << target << ": " << (response.body ? *response.body : ""));
        REQUIRE(response.status == status);
        return response.body ? json::parse(*response.body) : json();
    }
    std::string volume_id(const std::string& machine, const std::string& volume) const {
        for (const auto& v : backend->published->volumes) {
            if (v.machine == machine && v.volume == volume) return v.id;
        }
        FAIL("no such volume");
        return {};
    }
};

std::string header(const api::Response& response, const std::string& name) {
    for (const auto& [key, value] : response.headers) {
        if (key == name) return value;
    }
    return {};
}

std::vector<std::string> column(const json& list, const std::string& key) {
    std::vector<std::string> values;
    for (const auto& item : list["items"]) values.push_back(item[key].get<std::string>());
    return values;
}

}  // namespace

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

TEST_CASE("images and points of a volume come in the order of the chain") {
    const Server server;
    const auto base = "/v1/volumes/" + server.volume_id("DC01", "C_VOL");
    const auto points = server.get(base + "/points?limit=1000");
    CHECK(points["items"][0]["point"] == "b001");
    CHECK(points["items"][10]["point"] == "b001-i010");
    CHECK_FALSE(points["items"][0].contains("restore_set"));
    const auto broken = server.get(base + "/points?verdict=broken&limit=1000&restore_sets=true");
    CHECK(broken["total"] > 0);
    for (const auto& point : broken["items"]) {
        CHECK(point["restore_set"].empty());
        CHECK(point["restore_set_bytes"] == 0);
    }
    CHECK(server.get(base + "/points?base=2")["total"] == 0);
    const auto daily = server.get(base + "/images?kind=daily");
    CHECK(column(daily, "name") == std::vector<std::string>{"C_VOL-b001-i024-cd.spi", "C_VOL-b001-i048-cd.spi", "C_VOL-b001-i096-cd.spi"});
    CHECK(server.get(base + "/images?limit=1")["items"][0]["tail"].is_null());
    CHECK(column(server.get(base + "/images?sort=-head&limit=1"), "head") == std::vector<std::string>{"b001-i096"});
    CHECK(server.get(base + "/images?base=x", 400)["detail"].get<std::string>().find("base") == 0);
}

TEST_CASE("a restore set names every file once, base first") {
    const Server server;
    const auto base = "/v1/volumes/" + server.volume_id("SRV1", "C_VOL") + "/points/";
    const auto set = server.get(base + "b001-i030/restore-set");
    std::vector<std::string> names;
    for (const auto& file : set["files"]) names.push_back(file["name"].get<std::string>());
    REQUIRE(names.size() == 31);  // raw increments are certain, which counts before size
    CHECK(names[0] == "C_VOL-b001.spf");
    CHECK(names[1] == "C_VOL-b001-i001.spi");
    CHECK(names.back() == "C_VOL-b001-i030.spi");
    CHECK(server.get(base + "B1-I30/restore-set")["point"] == "b001-i030");
    server.get(base + "b001-i999/restore-set", 404);
    server.get(base + "nonsense/restore-set", 404);
    server.get("/v1/volumes/vol_0000000000000000/points/b001/restore-set", 404);
}

TEST_CASE("a chain has the shape of a scan, and long lists of names give way to null") {
    const Server server;
    const auto chain = server.get("/v1/volumes/" + server.volume_id("SRV1", "C_VOL") + "/chain");
    CHECK(chain["volume"] == "C_VOL");
    const auto& points = chain["chains"][0]["points"];
    CHECK(points.back()["restore_set"].size() == points.back()["restore_set_files"].get<std::size_t>());
    CHECK_FALSE(
        server.get("/v1/volumes/" + server.volume_id("SRV1", "C_VOL") + "/chain?restore_sets=false")["chains"][0]["points"][0].contains(
            "restore_set"));

    const auto entries = fixed::hourly("C_VOL", 2, fixed::today);
    spchain::FolderInput input;
    input.entries = entries;
    input.now = fixed::today + 3'600;
    const auto report = spchain::analyse(input);
    const auto short_lists = api::volume_json(report.volumes[0], entries, {}, {true, 60})["chains"][0]["points"];
    CHECK(short_lists.front()["restore_set"].is_null());
    CHECK_FALSE(short_lists.back()["restore_set"].is_null());
    const auto scan = api::scan_json({"/srv/x", fixed::today, 5, {}}, report, entries);
    CHECK(scan["folder"] == "/srv/x");
    CHECK(scan["incrementals_bytes"] == 5);
    CHECK(scan["companions"] == report.companions);
    CHECK(scan["volumes"][0]["chains"][0]["newest_point"] == "b001-i048");
}

TEST_CASE("an analysis that takes too long is told as such") {
    const Server server;
    server.backend->unavailable = true;
    const auto response = ask(server.handler, "GET", "/v1/volumes/" + server.volume_id("SRV1", "C_VOL") + "/chain");
    CHECK(response.status == 503);
    CHECK_FALSE(header(response, "Retry-After").empty());
    server.backend->unavailable = false;
    CHECK(ask(server.handler, "GET", "/v1/volumes/" + server.volume_id("SRV1", "C_VOL") + "/chain").status == 200);
}

TEST_CASE("folders are adopted and released, and configured ones stay") {
    const Server server;
    const auto response =
        ask(server.handler, "POST", "/v1/folders", support::with_local_paths(R"({"path":"/srv/Initech/OLD1","customer":"Initech"})"));
    REQUIRE(response.status == 201);
    const auto id = json::parse(*response.body)["id"].get<std::string>();
    CHECK(header(response, "Location") == "/v1/folders/" + id);
    CHECK(server.backend->changed_by == "t_test 127.0.0.1");
    CHECK(server.get("/v1/folders/" + id)["state"] == "pending");
    CHECK(server.send("POST", "/v1/folders", support::with_local_paths(R"({"path":"/srv/Initech/OLD1"})"), 409)["type"] ==
          "/problems/folder-managed");
    server.send("DELETE", "/v1/folders/" + id, "", 204);
    server.get("/v1/folders/" + id, 404);
    server.send("DELETE", "/v1/folders/" + store::folder_id("/srv/Acme/SRV1"), "", 409);
}

TEST_CASE("a body that is wrong is refused with the place or the key") {
    const Server server;
    const auto refused = [&](const std::string& body, const std::string& names) {
        const auto detail = server.send("POST", "/v1/folders", support::with_local_paths(body), 400)["detail"].get<std::string>();
        INFO(body << ": " << detail);
        CHECK(detail.find(names) != std::string::npos);
    };
    refused(R"({"path":)", "byte 9");
    refused("[]", "object");
    refused("{}", "path");
    refused(R"({"path":"relative"})", "path");
    refused(R"({"path":7})", "path: a text");
    refused(R"({"path":null})", "path");
    refused(R"({"path":"/x","type":"strange"})", "type");
    refused(R"({"path":"/x","colour":"red"})", "colour: unknown");
    refused(R"({"path":"/x","path":"/y"})", "path: the key is there twice");
    refused("{\"path\":\"/x\\u0000y\"}", "path");
    refused("{\"path\":\"/x\xff\"}", "byte");
    refused(R"({"path":"/x","customer":")" + std::string(256, 'a') + "\"}", "customer: at most 255");
    refused(R"({"path":)" + std::string(40, '[') + std::string(40, ']') + "}", "32 levels");
    refused(std::string(100'000, '['), "32 levels");
    CHECK(ask(server.handler, "POST", "/v1/folders", "path=/x", {api::Scope::operate, "", false, "text/plain"}).status == 415);
    CHECK(ask(server.handler, "POST", "/v1/folders", "{}", {api::Scope::operate, "", false, "application/json; charset=utf-8"}).status ==
          400);
}

TEST_CASE("settings of a volume change key by key") {
    const Server server;
    const auto target = "/v1/volumes/" + server.volume_id("SRV1", "C_VOL");
    const auto changed = server.send("PATCH", target, R"({"grace_days":30})", 200);
    CHECK(changed["settings"] == json({{"grace_days", 30}, {"expected_retention", {{"daily", 30}}}, {"notes", "Rotated weekly."}}));
    CHECK(changed["grace_days"] == 30);
    CHECK(server.get(target)["settings"] == changed["settings"]);
    CHECK(server.send("PATCH", target, R"({"grace_days":null,"expected_retention":null,"notes":""})", 200)["settings"] ==
          json({{"grace_days", nullptr}, {"expected_retention", nullptr}, {"notes", ""}}));
    for (const auto* body : {"{}", R"({"grace_days":-1})", R"({"grace_days":3651})", R"({"grace_days":1.5})", R"({"grace_days":"1"})",
                             R"({"grace_days":18446744073709551615})", R"({"notes":null})", R"({"expected_retention":[]})", R"({"x":1})"}) {
        server.send("PATCH", target, body, 400);
    }
    server.send("PATCH", target, R"({"expected_retention":{"x":")" + std::string(9'000, 'x') + "\"}}", 400);
    server.send("PATCH", target, R"({"notes":")" + std::string(4'001, 'x') + "\"}", 400);
    server.send("PATCH", "/v1/volumes/vol_0000000000000000", R"({"notes":""})", 404);
}

TEST_CASE("a rescan is asked for one folder or for all") {
    const Server server;
    server.send("POST", "/v1/rescan", "", 202);
    server.send("POST", "/v1/rescan", "{}", 202);
    const auto id = store::folder_id("/srv/Acme/SRV1");
    CHECK(server.send("POST", "/v1/rescan", json({{"folder_id", id}}).dump(), 202)["folder_id"] == id);
    CHECK(server.backend->rescans == std::vector<std::string>{"", "", id});
    server.send("POST", "/v1/rescan", R"({"folder_id":"fld_none"})", 404);
    server.send("POST", "/v1/rescan", R"({"folder_id":""})", 400);
}

TEST_CASE("the page names the product as configured, as text and never as markup") {
    const Server server;
    auto next = server.backend->copy();
    config::Config config;
    config.brand.product = "Acme <Backup> & Co";
    next.config = std::make_shared<const config::Config>(config);
    server.backend->publish(next);
    const auto response = ask(server.handler, "GET", "/", {}, {api::Scope::none, "", false, ""});
    CHECK(response.content_type == "text/html; charset=utf-8");
    CHECK(response.body->find("<title>Acme &lt;Backup&gt; &amp; Co</title>") != std::string::npos);
    CHECK(response.body->find("<Backup>") == std::string::npos);
    CHECK(response.body->find("{{") == std::string::npos);
    CHECK(response.body->find("/openapi.json") != std::string::npos);
}

TEST_CASE("all files of the page come with a policy that lets in nothing from elsewhere") {
    const Server server;
    for (const auto* path : {"/", "/page/main.js", "/page/style.css", "/page/icon.svg", "/page/brand.css", "/page/about.json"}) {
        const auto response = ask(server.handler, "GET", path, {}, {api::Scope::none, "", true, ""});
        INFO(path);
        CHECK(response.status == 200);
        const auto policy = header(response, "Content-Security-Policy");
        CHECK(policy.find("default-src 'none'; script-src 'self'; style-src 'self'") == 0);
        for (const auto* part : {"frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'"}) {
            CHECK(policy.find(part) != std::string::npos);
        }
        CHECK(policy.find("unsafe") == std::string::npos);
        CHECK(header(response, "X-Frame-Options") == "DENY");
        CHECK(ask(server.handler, "GET", path, {}, {api::Scope::none, response.etag, true, ""}).status == 304);
    }
    const auto script = ask(server.handler, "GET", "/page/main.js", {}, {api::Scope::none, "", true, ""});
    CHECK(script.content_type == "text/javascript; charset=utf-8");
    REQUIRE(script.body_gzip);
    CHECK(script.body_gzip->size() < script.body->size());
}

TEST_CASE("the page has no code or style of its own in its markup, and knows no address of anybody else") {
    const Server server;
    const auto home = *ask(server.handler, "GET", "/", {}, {api::Scope::none, "", false, ""}).body;
    CHECK(home.find(" style=") == std::string::npos);
    CHECK(home.find(" onclick=") == std::string::npos);
    CHECK(home.find("<style") == std::string::npos);
    for (const auto& file : api::page_files()) {
        INFO(file.name);
        const std::string text(file.bytes);
        for (const auto* foul :
             {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "localStorage", "document.cookie"}) {
            CHECK(text.find(foul) == std::string::npos);
        }
        auto at = text.find("://");
        while (at != std::string::npos) {
            CHECK(text.substr(at, 14) == "://www.w3.org/");  // the name of a namespace
            at = text.find("://", at + 1);
        }
        // What index.html and the modules name is there.
        if (file.name.ends_with(".js")) CHECK(ask(server.handler, "GET", "/page/" + std::string(file.name), {}, {}).status == 200);
    }
}

TEST_CASE("files that the page does not have are not found, and nothing of the disk is") {
    const Server server;
    for (const auto* path : {"/page/", "/page/nothing.js", "/page/..%2Fmain.js", "/page/%2e%2e", "/page/MAIN.JS"}) {
        CHECK(server.get(path, 404)["type"] == "/problems/not-found");
    }
    CHECK(server.get("/page/main.js?x=1", 400)["type"] == "/problems/bad-parameter");
}

TEST_CASE("the configured colour reaches style and icon, with text that can be read on it") {
    const Server server;
    const auto style = [&] { return *ask(server.handler, "GET", "/page/brand.css", {}, {api::Scope::none, "", false, ""}).body; };
    CHECK(style().find("--brand") == std::string::npos);
    for (const auto& [color, text] : {std::pair{"#ffd400", "#000000"}, std::pair{"#7a1f6b", "#ffffff"}}) {
        auto next = server.backend->copy();
        config::Config config;
        config.brand.color = color;
        next.config = std::make_shared<const config::Config>(config);
        server.backend->publish(next);
        CHECK(style() == ":root {\n    --brand: " + std::string(color) + ";\n    --on-brand: " + text + ";\n}\n");
        CHECK(ask(server.handler, "GET", "/page/icon.svg", {}, {}).body->find(color) != std::string::npos);
        CHECK(server.get("/page/about.json")["color"] == color);
    }
    CHECK(api::luminance("#ffffff") == Approx(1.0));
    CHECK(api::luminance("red;}") == 0);
    CHECK(api::brand_style("#12345;").find("--brand") == std::string::npos);
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
