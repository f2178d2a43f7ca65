#include "tests/agent/api/live_server.hpp"
#include "tests/agent/api/mutated.hpp"

#include <catch2/catch.hpp>

using live::Client;
using live::get;
using live::Server;

TEST_CASE("A malformed request is told so as a problem, and nothing behind it is read") {
    Server server;
    const std::pair<std::string, unsigned> cases[] = {
        {"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"POST /echo HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer good\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
        {"get / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
        {"GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505},
    };
    for (const auto& [text, status] : cases) {
        Client client(server);
        REQUIRE(client.send(text + get("/echo")));
        const auto answer = client.receive();
        REQUIRE(answer);
        CHECK(answer->result_int() == status);
        CHECK((*answer)["Content-Type"] == "application/problem+json");
        CHECK(answer->body().find("\"status\":" + std::to_string(status)) != std::string::npos);
        CHECK(client.rest().empty());
    }
}

TEST_CASE("Three thousand mutated requests harm nobody") {
    Server server;
    mutated::Requests requests(3);
    int answered = 0;
    int odd = 0;
    for (int k = 0; k < 3'000; ++k) {
        Client client(server);
        REQUIRE(client.connected());
        client.send(requests.next());
        client.say_goodbye();
        const auto text = client.rest();
        if (!text.empty()) ++answered;
        if (!text.empty() && !text.starts_with("HTTP/1.1 ")) ++odd;
    }
    CHECK(odd == 0);
    CHECK(answered > 1'500);
    CHECK(server.until([](const auto& counters) { return counters.open_connections == 0; }));
    CHECK(server.failures().empty());
    CHECK(server.counters().responses.count(500) == 0);
    CHECK(Client(server).ask(get("/echo"))->body() == "GET|echo\n");
}
