#include "agent/config/address.hpp"

#include <catch2/catch.hpp>

using namespace imc::config;

TEST_CASE("addresses of both families are told from what is none") {
    for (const char* good : {"0.0.0.0", "255.255.255.255", "::", "::1", "1::", "2001:db8::7", "1:2:3:4:5:6:7:8", "::ffff:192.0.2.7",
                             "1:2:3:4:5:6:192.0.2.7", "FE80::A", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8"}) {
        INFO(good);
        CHECK(parse_address(good));
    }
    for (const char* bad : {"",
                            "1.2.3",
                            "1.2.3.4.5",
                            "256.1.1.1",
                            "01.2.3.4",
                            "1.2.3.-4",
                            "1..2.3",
                            "a.b.c.d",
                            ":",
                            ":::",
                            "1:2:3:4:5:6:7",
                            "1:2:3:4:5:6:7:8:9",
                            "1::2::3",
                            "12345::",
                            "::g",
                            "fe80::1%eth0",
                            "1:2:3:4:5:6:7:8::",
                            "1.2.3.4:5",
                            "::1.2.3",
                            "1.2.3.4::",
                            "1:2:3:4:5:6:7:1.2.3.4",
                            " ::1",
                            "+1.2.3.4"}) {
        INFO(bad);
        CHECK_FALSE(parse_address(bad));
    }
    CHECK(parse_address("::ffff:192.0.2.7")->bytes[12] == 192);
    CHECK(parse_address("1::8")->bytes[15] == 8);
    CHECK(parse_address("1::8")->bits == 128);
}

TEST_CASE("listening addresses need a port, and IPv6 ones brackets") {
    for (const char* good : {"0.0.0.0:8443", "127.0.0.1:0", "[::]:65535", "[2001:db8::7]:443"}) {
        INFO(good);
        CHECK(refuse_listen(good).empty());
    }
    for (const char* bad : {"0.0.0.0", "0.0.0.0:", ":8443", "*:8443", "[::]", "[::]8443", "[0.0.0.0]:1", "::1:8443", "0.0.0.0:65536",
                            "0.0.0.0:-1", "localhost:1", "[]:1", "0.0.0.0:08443"}) {
        INFO(bad);
        CHECK_FALSE(refuse_listen(bad).empty());
    }
}

TEST_CASE("networks have a prefix length and no bit beyond it") {
    for (const char* good : {"0.0.0.0/0", "::/0", "10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32", "2001:db8::7/128", "172.16.0.0/12"}) {
        INFO(good);
        CHECK(refuse_cidr(good).empty());
    }
    for (const char* bad :
         {"10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/8", "::/129", "2001:db8::7/32", "/8", "10.0.0.0/8/8", "x/8", "172.16.0.0/11"}) {
        INFO(bad);
        CHECK_FALSE(refuse_cidr(bad).empty());
    }
    CHECK(refuse_cidr("172.17.5.4/12").find("\"172.16.0.0/12\"") != std::string::npos);
}

TEST_CASE("names for a certificate are DNS names or addresses") {
    for (const char* good : {"a", "backup.example.net", "*.example.net", "192.0.2.7", "2001:db8::7", "SRV_1.local", "x1.1y"}) {
        INFO(good);
        CHECK(refuse_host_name(good).empty());
    }
    for (const char* bad : {"", ".", "a..b", "a.", "-a.b", "a-.b", "a b", "1.2.3", "a/b", "*", "*.", "a:1"}) {
        INFO(bad);
        CHECK_FALSE(refuse_host_name(bad).empty());
    }
    CHECK_FALSE(refuse_host_name(std::string(64, 'a')).empty());
}
