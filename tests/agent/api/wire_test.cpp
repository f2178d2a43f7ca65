#include "agent/api/wire.hpp"

#include <catch2/catch.hpp>

using namespace imc::api;

TEST_CASE("Tags are compared weakly, in lists and with the star") {
    for (const std::string yes : {"\"a\"", "W/\"a\"", "*", " * ", "\"b\" , W/\"a\"", "\"a\",\"b\""}) {
        CHECK(etag_matches(yes, "\"a\""));
        CHECK(etag_matches(yes, "W/\"a\""));
    }
    for (const std::string no : {"", "\"b\"", "a", "\"aa\"", ","}) CHECK_FALSE(etag_matches(no, "\"a\""));
    CHECK_FALSE(etag_matches("*", ""));
}

TEST_CASE("Only a good answer to reading turns into a 304") {
    Request request;
    request.if_none_match = "*";
    for (const std::string method : {"GET", "HEAD", "POST"}) {
        for (const unsigned status : {200U, 404U}) {
            request.method = method;
            auto response = json_response(status, "{}");
            response.etag = "\"a\"";
            const auto body = settle_body(response, request);
            const bool turned = status == 200 && method != "POST";
            CHECK(response.status == (turned ? 304 : status));
            CHECK(body == (turned ? BodyKind::none : BodyKind::plain));
        }
    }
}

TEST_CASE("Answers without a body say so, and 204 says nothing of a length") {
    Response response;
    response.status = 202;
    CHECK(header_text(response, {}, "now").find("Content-Length: 0\r\n") != std::string::npos);
    response.status = 204;
    CHECK(header_text(response, {}, "now").find("\r\nContent-") == std::string::npos);
}

TEST_CASE("A handler's own Cache-Control stays the only one") {
    auto response = json_response(200, "{}");
    response.headers.emplace_back("cache-control", "max-age=60");
    const auto text = header_text(response, {BodyKind::plain, true, false}, "now");
    CHECK(text.find("no-store") == std::string::npos);
    CHECK(text.find("cache-control: max-age=60\r\n") != std::string::npos);
}

TEST_CASE("Dates are written as HTTP has them") {
    CHECK(http_date(784'111'777) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
    CHECK(http_date(951'782'400) == "Tue, 29 Feb 2000 00:00:00 GMT");
}

TEST_CASE("A chunk says its size in hexadecimal") {
    CHECK(chunk(std::string(26, 'x')) == "1a\r\n" + std::string(26, 'x') + "\r\n");
}
