#include "agent/api/message_head.hpp"

#include <catch2/catch.hpp>

using namespace imc::api;

namespace {

unsigned status_of(const std::string& text) {
    const auto head = parse_head(text + "\r\n");
    return head ? 200 : head.error().status;
}

Head head_of(const std::string& fields, const std::string& line = "GET / HTTP/1.1") {
    const auto head = parse_head(line + "\r\nHost: a\r\n" + fields + "\r\n");
    if (!head) FAIL(head.error().detail);
    return *head;
}

}  // namespace

TEST_CASE("A head becomes method, decoded path and query, and the fields that matter") {
    const auto head = head_of(
        "authorization:Bearer x\r\nAccept:  a/b \r\naccept: c/d\r\nIF-NONE-MATCH: \"1\"\r\nIf-None-Match: \"2\"\r\n"
        "Last-Event-ID: 7\r\nContent-Type: application/json\r\nContent-Length: 12\r\nX-Other: \t\xC3\xA4\r\n",
        "PATCH /v1/vol%20umes/%C3%A4?a=1+2&b=%26&a=3#end HTTP/1.1");
    const auto& request = head.request;
    CHECK(request.method == "PATCH");
    CHECK(request.target == "/v1/vol%20umes/%C3%A4?a=1+2&b=%26&a=3");
    CHECK(request.path == std::vector<std::string>{"v1", "vol umes", "\xC3\xA4"});
    CHECK(request.parameter("a") == "1 2");
    CHECK(request.parameter("b") == "&");
    CHECK(request.accept == "a/b, c/d");
    CHECK(request.if_none_match == "\"1\", \"2\"");
    CHECK(request.last_event_id == "7");
    CHECK(request.content_type == "application/json");
    CHECK(head.authorization == "Bearer x");
    CHECK(head.framing == Framing::length);
    CHECK(head.length == 12);
}

TEST_CASE("Whether the connection goes on follows version and field") {
    CHECK(head_of("").keep_alive);
    CHECK_FALSE(head_of("Connection: Upgrade, Close\r\n").keep_alive);
    CHECK_FALSE(head_of("", "GET / HTTP/1.0").keep_alive);
    CHECK(head_of("Connection: Keep-Alive\r\n", "GET / HTTP/1.0").keep_alive);
    CHECK_FALSE(head_of("Connection: keep-alive\r\nConnection: close\r\n").keep_alive);
}

TEST_CASE("Compression is accepted when it is asked for with any weight but zero") {
    for (const std::string yes : {"gzip", "GZIP", "br, gzip;q=0.001", "*", "*;q=0, gzip", "gzip; q=1.0"}) {
        CHECK(head_of("Accept-Encoding: " + yes + "\r\n").request.accepts_gzip);
    }
    for (const std::string no : {"", "br", "gzip;q=0", "gzip ; Q=0.000", "*;q=0", "*, gzip;q=0", "xgzip"}) {
        CHECK_FALSE(head_of("Accept-Encoding: " + no + "\r\n").request.accepts_gzip);
    }
}

TEST_CASE("Every target within the rules is understood") {
    for (const std::string target : {"/", "/a//b/../.", "https://agent.example:8443/v1", "http://x/y?z", "/?a=b=c&&d", "/%41"}) {
        CHECK(status_of("GET " + target + " HTTP/1.1\r\nHost: a\r\n") == 200);
    }
    CHECK(parse_head("GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n")->request.path == std::vector<std::string>{"a", "..", "b"});
    CHECK(parse_head("GET https://h/a?b HTTP/1.1\r\nHost: a\r\n\r\n")->request.path == std::vector<std::string>{"a"});
}

TEST_CASE("Targets that hide something are refused") {
    const std::string bad[] = {"*",    "a",    "//%",     "/%4",        "/%zz",  "/%00",      "/%0d%0a",
                               "/%7f", "/%ff", "/%C0%80", "/%ED%A0%80", "/?a=%", "/\xC3\xA4", "/\x01"};
    for (const auto& target : bad) CHECK(status_of("GET " + target + " HTTP/1.1\r\nHost: a\r\n") == 400);
    std::string many;
    for (int k = 0; k < 65; ++k) many += "/x";
    CHECK(status_of("GET " + many + " HTTP/1.1\r\nHost: a\r\n") == 400);
    many = "/?";
    for (int k = 0; k < 65; ++k) many += "x&";
    CHECK(status_of("GET " + many + " HTTP/1.1\r\nHost: a\r\n") == 400);
    CHECK(status_of("GET /" + std::string(8'191, 'x') + " HTTP/1.1\r\nHost: a\r\n") == 200);
    CHECK(status_of("GET /" + std::string(8'192, 'x') + " HTTP/1.1\r\nHost: a\r\n") == 414);
}

TEST_CASE("What two readers could read differently is refused") {
    const std::pair<std::string, unsigned> cases[] = {
        {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400},
        {"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", 400},
        {"Content-Length: 5\r\nContent-Length: 5\r\n", 400},
        {"Content-Length: 5, 5\r\n", 400},
        {"Content-Length: +5\r\n", 400},
        {"Content-Length: -1\r\n", 400},
        {"Content-Length: 0x5\r\n", 400},
        {"Content-Length: \r\n", 400},
        {"Content-Length: 99999999999999999999\r\n", 400},
        {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400},
        {"Transfer-Encoding: gzip, chunked\r\n", 501},
        {"Transfer-Encoding: identity\r\n", 501},
        {"Transfer-Encoding : chunked\r\n", 400},
        {" Transfer-Encoding: chunked\r\n", 400},
        {"X: a\r\n folded\r\n", 400},
        {"X\r\n", 400},
        {": x\r\n", 400},
        {"X(y): z\r\n", 400},
        {"X: a\rb\r\n", 400},
        {std::string("X: a\0b\r\n", 8), 400},
        {"Host: b\r\n", 400},
        {"Authorization: Bearer a\r\nAuthorization: Bearer b\r\n", 400},
        {"Expect: something\r\n", 417},
    };
    for (const auto& [fields, status] : cases) {
        INFO(fields);
        CHECK(status_of("POST / HTTP/1.1\r\nHost: a\r\n" + fields) == status);
    }
    CHECK(status_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\n") == 400);
    std::string many;
    for (int k = 0; k < 100; ++k) many += "X: y\r\n";
    CHECK(status_of("GET / HTTP/1.1\r\nHost: a\r\n" + many) == 431);
}

TEST_CASE("Request lines that are none are refused") {
    const std::pair<std::string, unsigned> cases[] = {
        {"", 400},
        {"GET", 400},
        {"GET /", 400},
        {"GET  / HTTP/1.1", 400},
        {"GET / HTTP/1.1 ", 400},
        {" GET / HTTP/1.1", 400},
        {"GET / http/1.1", 400},
        {"GET / HTTP/1", 400},
        {"GET / HTTP/2.0", 505},
        {"PRI * HTTP/2.0", 505},
        {"G@T / HTTP/1.1", 400},
        {"get / HTTP/1.1", 501},
        {"G!T / HTTP/1.1", 501},
        {std::string(33, 'A') + " / HTTP/1.1", 501},
        {"CONNECT a:443 HTTP/1.1", 400},
    };
    for (const auto& [line, status] : cases) {
        INFO(line);
        CHECK(status_of(line + "\r\nHost: a\r\n") == status);
    }
    CHECK(status_of("PROPFIND / HTTP/1.1\r\nHost: a\r\n") == 200);
}
