#include "agent/auth/networks.hpp"

#include "tests/agent/auth/must.hpp"

#include <catch2/catch.hpp>

using namespace imc::auth;

namespace {

bool in(const std::vector<std::string>& cidrs, const std::string& address) {
    return must(Networks::parse(cidrs)).contain(plain_address(address).value());
}

}  // namespace

TEST_CASE("An address is in a network when its leading bits are") {
    CHECK(in({"10.0.0.0/8"}, "10.255.0.1"));
    CHECK_FALSE(in({"10.0.0.0/8"}, "11.0.0.1"));
    CHECK(in({"192.168.1.128/25"}, "192.168.1.128"));
    CHECK_FALSE(in({"192.168.1.128/25"}, "192.168.1.127"));
    CHECK(in({"203.0.113.7/32"}, "203.0.113.7"));
    CHECK(in({"2001:db8::/33"}, "2001:db8:7fff::1"));
    CHECK_FALSE(in({"2001:db8::/33"}, "2001:db8:8000::1"));
    CHECK(in({"10.0.0.0/8", "fd00::/8"}, "fdab::1"));
    CHECK_FALSE(in({}, "10.0.0.1"));
}

TEST_CASE("All of IPv4 and all of IPv6 are different things") {
    CHECK(in({"0.0.0.0/0"}, "198.51.100.1"));
    CHECK_FALSE(in({"0.0.0.0/0"}, "2001:db8::1"));
    CHECK(in({"::/0"}, "2001:db8::1"));
    CHECK_FALSE(in({"::/0"}, "198.51.100.1"));
}

TEST_CASE("IPv4 written as IPv6 is IPv4, and a zone does not matter") {
    CHECK(in({"10.0.0.0/8"}, "::ffff:10.1.2.3"));
    CHECK_FALSE(in({"::/0"}, "::ffff:10.1.2.3"));
    CHECK(in({"fe80::/10"}, "fe80::1%1"));
}

TEST_CASE("What is no network is refused by its name") {
    for (const std::string bad :
         {"", "10.0.0.0/33", "10.0.0/8", "10.0.-0.0/8", "010.0.0.0/8", "::/129", "example.com/8", "10.0.0.0/8x", "10.0.0.0/-1"}) {
        const auto networks = Networks::parse({"10.0.0.0/8", bad});
        REQUIRE(networks.has_error());
        CHECK(networks.error().find("\"" + bad + "\"") == 0);
    }
    CHECK_FALSE(plain_address("localhost"));
}
