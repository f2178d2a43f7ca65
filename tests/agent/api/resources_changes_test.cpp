// What callers may change, and what is said of a request that is wrong.
#include "fixed_server.hpp"
#include "tests/support/local_paths.hpp"

using namespace imc;
using fixed::ask;
using fixed::header;
using fixed::Server;
using nlohmann::json;

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
