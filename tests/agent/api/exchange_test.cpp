#include "tests/agent/api/live_server.hpp"

#include <catch2/catch.hpp>

using live::Client;
using live::get;
using live::Server;

namespace {

const std::string good = "Authorization: Bearer good\r\n";

std::string post(const std::string& body, const std::string& fields = good) {
    return "POST /echo HTTP/1.1\r\nHost: a\r\n" + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("Many requests go over one connection, also when they are sent together") {
    Server server;
    Client client(server);
    REQUIRE(client.ask(get("/echo/a%2Fb?x=1%202"))->body() == "GET|echo|a/b?x=1 2\n");
    REQUIRE(client.send(get("/echo/1") + get("/slow") + post("three") + get("/echo/4")));
    CHECK(client.receive()->body() == "GET|echo|1\n");
    CHECK(client.receive()->body() == "slow");
    CHECK(client.receive()->body() == "POST|echo\nthree");
    CHECK(client.receive()->body() == "GET|echo|4\n");
    const auto counters = server.counters();
    CHECK(counters.connections == 1);
    CHECK(counters.requests == 5);
    CHECK(counters.responses.at(200) == 5);
}

TEST_CASE("Every answer carries the fields that keep it from being misused") {
    Server server;
    Client client(server);
    const auto answer = client.ask(get("/echo"));
    REQUIRE(answer);
    CHECK((*answer)["Content-Type"] == "application/json");
    CHECK((*answer)["Cache-Control"] == "no-store");
    CHECK((*answer)["X-Content-Type-Options"] == "nosniff");
    CHECK((*answer)["Referrer-Policy"] == "no-referrer");
    CHECK((*answer)["Strict-Transport-Security"].starts_with("max-age="));
    CHECK((*answer)["Server"] == "imconnector");
    CHECK((*answer)["Date"].ends_with(" GMT"));
    CHECK((*answer)["Connection"].empty());
}

TEST_CASE("HEAD gets the header of GET and no body") {
    Server server;
    Client client(server);
    REQUIRE(client.send("HEAD /large HTTP/1.1\r\nHost: a\r\n\r\n" + get("/echo")));
    const auto head = client.receive(true);
    REQUIRE(head);
    CHECK((*head)["Content-Length"] == "300000");
    CHECK((*head)["ETag"] == "\"one\"");
    CHECK(client.receive()->body() == "GET|echo\n");
}

TEST_CASE("What has not changed is not sent again") {
    Server server;
    Client client(server);
    const auto fresh = client.ask(get("/large"));
    CHECK(fresh->body() == std::string(300'000, 'x'));
    CHECK((*fresh)["Cache-Control"] == "no-cache");
    for (const std::string tag : {"\"one\"", "W/\"one\"", "\"zero\", \"one\"", "*"}) {
        const auto same = client.ask(get("/large", "If-None-Match: " + tag + "\r\n"));
        REQUIRE(same);
        CHECK(same->result_int() == 304);
        CHECK((*same)["ETag"] == "\"one\"");
        CHECK(same->count("Content-Length") == 0);
        CHECK(same->body().empty());
    }
    CHECK(client.ask(get("/large", "If-None-Match: \"two\"\r\n"))->result_int() == 200);
}

TEST_CASE("The compressed body goes to those who ask for it, under a weak tag") {
    Server server;
    Client client(server);
    const auto packed = client.ask(get("/large", "Accept-Encoding: br, GZIP;q=0.5\r\n"));
    CHECK(packed->body() == "compressed");
    CHECK((*packed)["Content-Encoding"] == "gzip");
    CHECK((*packed)["Vary"] == "Accept-Encoding");
    CHECK((*packed)["ETag"] == "W/\"one\"");
    const auto refused = client.ask(get("/large", "Accept-Encoding: *, gzip;q=0\r\n"));
    CHECK(refused->body().size() == 300'000);
    CHECK(refused->count("Content-Encoding") == 0);
    CHECK((*refused)["Vary"] == "Accept-Encoding");
}

TEST_CASE("Bodies arrive whole, with a length or in chunks") {
    Server server;
    Client client(server);
    const std::string large(60'000, 'b');
    CHECK(client.ask(post(large))->body() == "POST|echo\n" + large);
    REQUIRE(client.send("POST /echo HTTP/1.1\r\nHost: a\r\n" + good + "Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n"));
    REQUIRE(client.send("1\r\n \r\n0005\r\nworld\r\n0\r\nX-Trailer: t\r\n\r\n"));
    CHECK(client.receive()->body() == "POST|echo\nhello world");
    CHECK(client.ask(get("/echo"))->body() == "GET|echo\n");
}

TEST_CASE("Who waits for a word before sending the body gets it") {
    Server server;
    Client client(server);
    REQUIRE(client.send("POST /echo HTTP/1.1\r\nHost: a\r\n" + good + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
    CHECK(client.some() == "HTTP/1.1 100 Continue\r\n\r\n");
    CHECK(client.ask("ok")->body() == "POST|echo\nok");
}

TEST_CASE("HTTP/1.0 and Connection: close end the connection behind the answer") {
    Server server;
    Client old(server);
    REQUIRE(old.send("GET /echo HTTP/1.0\r\n\r\n"));
    CHECK(old.rest().ends_with("\r\nConnection: close\r\n\r\nGET|echo\n"));
    Client kept(server);
    REQUIRE(kept.ask("GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    CHECK(kept.ask(get("/echo")));
    Client done(server);
    REQUIRE(done.send(get("/echo", "Connection: close\r\n") + get("/echo/never")));
    const auto text = done.rest();
    CHECK(text.ends_with("GET|echo\n"));
    CHECK(text.find("never") == std::string::npos);
}

TEST_CASE("The handler knows who is calling and from where") {
    Server server;
    Client client(server);
    CHECK(client.ask(get("/who", good))->body() == "t_good@127.0.0.1");
    CHECK(client.ask(get("/who"))->body() == "@127.0.0.1");
    CHECK(client.ask(get("/who", "Authorization: Bearer bad\r\n"))->body() == "@127.0.0.1");
    CHECK(server.counters().unauthenticated == 1);
}

TEST_CASE("Nobody's large body is refused before it is sent") {
    Server server;
    for (const std::string framing : {"Content-Length: 5000\r\n", "Transfer-Encoding: chunked\r\n"}) {
        Client client(server);
        const auto answer = client.ask("POST /echo HTTP/1.1\r\nHost: a\r\n" + framing + "\r\n");
        REQUIRE(answer);
        CHECK(answer->result_int() == 401);
        CHECK((*answer)["WWW-Authenticate"] == "Bearer");
        CHECK(client.rest().empty());
    }
    Client small(server);
    CHECK(small.ask(post("small", {}))->body() == "POST|echo\nsmall");
}

TEST_CASE("A handler that throws is a 500 without its text, which goes to the log") {
    Server server;
    Client client(server);
    const auto answer = client.ask(get("/throw"));
    CHECK(answer->result_int() == 500);
    CHECK((*answer)["Content-Type"] == "application/problem+json");
    CHECK(answer->body().find("secret") == std::string::npos);
    CHECK(client.ask(get("/echo"))->result_int() == 200);
    CHECK(server.failures() == std::vector<std::string>{"api: GET request: secret detail"});
}

TEST_CASE("A field's value cannot begin another field") {
    Server server;
    Client client(server);
    const auto answer = client.ask(get("/nothing"));
    CHECK(answer->result_int() == 404);
    CHECK((*answer)["X-Odd"] == "a  Set-Cookie: b");
    CHECK(answer->count("Set-Cookie") == 0);
}
