#include "shuttle/io/proxy.hpp"

#include <catch2/catch.hpp>

using namespace shuttle::io;

TEST_CASE("A proxy is told as people write it") {
    const auto plain = parse_proxy("http://proxy.example:3128");
    REQUIRE(plain.has_value());
    CHECK(plain->at.host == "proxy.example");
    CHECK(plain->at.port == 3128);
    CHECK(plain->user.empty());
    CHECK(parse_proxy("proxy.example")->at.port == 8080);
    CHECK(parse_proxy("http://[::1]")->at.host == "::1");
    CHECK(parse_proxy("http://[::1]:81/")->at.port == 81);
    const auto login = parse_proxy("http://acme%5Cjoe:p%40ss:word@proxy.example:3128/");
    REQUIRE(login.has_value());
    CHECK(login->user == "acme\\joe");
    CHECK(login->password == "p@ss:word");
    CHECK(login->at.host == "proxy.example");
}

TEST_CASE("What is no proxy is refused without repeating its password") {
    for (const char* bad :
         {"socks5://proxy.example:1080", "https://proxy.example", "http://joe:secret@:80", "", "http://joe:secret@x y:1", "a:b:c"}) {
        const auto read = parse_proxy(bad);
        INFO(bad);
        REQUIRE(read.has_error());
        CHECK(read.error().find("secret") == std::string::npos);
    }
}

TEST_CASE("NO_PROXY names hosts and their sub-domains") {
    CHECK(passes_by("*", "relay.example"));
    CHECK(passes_by("localhost, .example", "relay.example"));
    CHECK(passes_by("EXAMPLE", "relay.example"));
    CHECK(passes_by("*.example;other", "relay.example"));
    CHECK(passes_by("10.0.0.1", "10.0.0.1"));
    CHECK_FALSE(passes_by("", "relay.example"));
    CHECK_FALSE(passes_by("ample", "relay.example"));
    CHECK_FALSE(passes_by(",,", "relay.example"));
}

TEST_CASE("The word none goes straight, and a configured proxy wins over everything") {
    CHECK_FALSE(find_proxy("none", {"relay.example", 443})->has_value());
    const auto found = find_proxy("http://proxy.example:1", {"relay.example", 443});
    REQUIRE(found->has_value());
    CHECK((*found)->source == "the configuration");
    CHECK(find_proxy("ftp://x", {"relay.example", 443}).has_error());
}
