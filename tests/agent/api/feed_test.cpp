#include "tests/agent/api/live_server.hpp"

#include <catch2/catch.hpp>
#include <memory>

using imc::api::ServerCounters;
using live::Client;
using live::get;
using live::Server;

TEST_CASE("A feed gives its events as they come, heartbeats between them, and ends the connection with itself") {
    Server server;
    Client client(server);
    const auto answer = client.ask(get("/feed"));
    REQUIRE(answer);
    CHECK((*answer)["Content-Type"] == "text/event-stream");
    CHECK((*answer)["Transfer-Encoding"] == "chunked");
    CHECK((*answer)["Cache-Control"] == "no-store");
    CHECK(answer->body() == "data: 4\n\n: \n\ndata: 2\n\n: \n\ndata: 0\n\n");
    CHECK(client.rest().empty());
    CHECK(server.counters().open_feeds == 0);
}

TEST_CASE("A feed over HTTP/1.0 is not chunked") {
    Server server;
    Client client(server);
    REQUIRE(client.send("GET /feed HTTP/1.0\r\n\r\n"));
    CHECK(client.rest().ends_with("\r\n\r\ndata: 4\n\n: \n\ndata: 2\n\n: \n\ndata: 0\n\n"));
}

TEST_CASE("HEAD of a feed does not follow it") {
    Server server;
    Client client(server);
    REQUIRE(client.send("HEAD /follow HTTP/1.1\r\nHost: a\r\n\r\n"));
    CHECK(client.rest().ends_with("\r\n\r\n"));
    CHECK(server.counters().open_feeds == 0);
}

TEST_CASE("Only so many follow at once, and the place of one who left is free at once") {
    Server server;
    std::vector<std::unique_ptr<Client>> followers;
    for (int k = 0; k < 4; ++k) {
        followers.push_back(std::make_unique<Client>(server));
        REQUIRE(followers.back()->send(get("/follow")));
        std::string text;
        while (text.find("hello") == std::string::npos) {
            const auto more = followers.back()->some();
            REQUIRE_FALSE(more.empty());
            text += more;
        }
    }
    Client refused(server);
    const auto answer = refused.ask(get("/follow"));
    CHECK(answer->result_int() == 503);
    CHECK((*answer)["Retry-After"] == "30");
    followers.pop_back();
    REQUIRE(server.until([](const ServerCounters& counters) { return counters.open_feeds == 3; }));
    Client fifth(server);
    REQUIRE(fifth.send(get("/follow")));
    CHECK(fifth.some().starts_with("HTTP/1.1 200 OK\r\n"));
}
