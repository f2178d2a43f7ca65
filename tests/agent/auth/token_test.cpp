#include "agent/auth/token.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace imc::auth;

TEST_CASE("A new token is well formed, and its record holds all but the secret") {
    const auto token = make_token("portal", "read", 1'000, 2'000);
    CHECK(token.secret.size() == 42);
    CHECK(token.secret.starts_with("imc_"));
    CHECK(well_formed(token.secret));
    CHECK(token.record.id.size() == 10);
    CHECK(token.record.id.starts_with("t_"));
    CHECK(token.record.name == "portal");
    CHECK(token.record.scope == "read");
    CHECK(token.record.created == 1'000);
    CHECK(token.record.expires == 2'000);
    CHECK(token.record.revoked == 0);
    CHECK(token.record.sha256 == sha256_hex(token.secret));
}

TEST_CASE("Tokens differ, and use the whole alphabet") {
    std::set<std::string> secrets;
    std::set<char> letters;
    for (int k = 0; k < 200; ++k) {
        const auto token = make_token("x", "read", 0, 0);
        secrets.insert(token.secret);
        letters.insert(token.secret.begin() + 4, token.secret.begin() + 36);
    }
    CHECK(secrets.size() == 200);
    CHECK(letters.size() == 62);
}

TEST_CASE("Every mistyped character is noticed without a look-up") {
    const auto token = make_token("x", "operate", 0, 0).secret;
    for (std::size_t k = 0; k < token.size(); ++k) {
        auto wrong = token;
        wrong[k] = wrong[k] == 'a' ? 'b' : 'a';
        CHECK_FALSE(well_formed(wrong));
    }
    CHECK_FALSE(well_formed(token + "0"));
    CHECK_FALSE(well_formed(token.substr(1)));
    CHECK_FALSE(well_formed(""));
    CHECK_FALSE(well_formed(std::string(42, '\0')));
}

TEST_CASE("The hash is SHA-256 in hexadecimal") {
    CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
