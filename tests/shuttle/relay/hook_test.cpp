#include "shuttle/relay/hook.hpp"

#include <catch2/catch.hpp>

using namespace shuttle::relay;

TEST_CASE("A webhook's URL is taken apart, and one that would protect nothing is refused") {
    const auto url = parse_hook_url("https://portal.example/hooks/in?key=1");
    REQUIRE(url.has_value());
    CHECK(url->tls);
    CHECK(url->host == "portal.example");
    CHECK(url->port == "443");
    CHECK(url->target == "/hooks/in?key=1");
    CHECK(url->authority == "portal.example");
    const auto bare = parse_hook_url("https://portal.example:8443?x");
    REQUIRE(bare.has_value());
    CHECK(bare->port == "8443");
    CHECK(bare->target == "/?x");
    for (const auto* here : {"http://127.0.0.1:8080/", "http://localhost", "http://[::1]:1/x"}) {
        INFO(here);
        CHECK(parse_hook_url(here).has_value());
    }
    CHECK(parse_hook_url("http://[::1]:1/x")->host == "::1");
    for (const std::string wrong :
         {"", "portal.example", "ftp://portal.example", "http://portal.example/", "http://127.0.0.1.portal.example/", "https://",
          "https:///x", "https://a@b/", "https://portal.example/#top", "https://portal.example:0/", "https://portal.example:99999/",
          "https://portal example/", "https://portal.example/a\r\nX: y", "HTTPS://x"}) {
        INFO(wrong);
        CHECK_FALSE(parse_hook_url(wrong).has_value());
    }
    CHECK_FALSE(parse_hook_url("https://portal.example/" + std::string(3'000, 'x')).has_value());
}

TEST_CASE("What is shown of a URL ends before its path") {
    CHECK(shown_url("https://portal.example:8443/hooks?key=secret") == "https://portal.example:8443/...");
    CHECK(shown_url("https://portal.example/") == "https://portal.example");
    CHECK(shown_url("https://portal.example?key=secret") == "https://portal.example/...");
    CHECK(shown_url("nonsense").empty());
}

TEST_CASE("Secrets are bytes in base64, or long enough words") {
    const auto known = secret_bytes("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    REQUIRE(known.has_value());
    CHECK(known->size() == 24);
    CHECK(secret_bytes("sixteen letters!").has_value() == false);  // a blank
    CHECK(secret_bytes("sixteen-letters!").has_value());
    for (const std::string wrong : {"", "short", "whsec_", "whsec_short", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS*", "fifteen-letters"}) {
        INFO(wrong);
        CHECK_FALSE(secret_bytes(wrong).has_value());
    }
    CHECK_FALSE(secret_bytes(std::string(201, 'x')).has_value());
}

TEST_CASE("A signature is that of the published specification") {
    // The example of standard-webhooks/standard-webhooks, spec/standard-webhooks.md.
    const auto secret = secret_bytes("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    REQUIRE(secret.has_value());
    CHECK(signature(*secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1'614'265'330, R"({"test": 2432232314})") ==
          "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}
