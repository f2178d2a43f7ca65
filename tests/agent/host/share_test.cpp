#include "agent/host/share.hpp"

#include <catch2/catch.hpp>

using namespace imc::host;

TEST_CASE("The share of a path is its server and first folder, and local paths have none") {
    CHECK(share_of(R"(\\nas01\backups)") == R"(\\nas01\backups)");
    CHECK(share_of(R"(\\nas01\backups\Acme\SRV1)") == R"(\\nas01\backups)");
    CHECK(share_of(R"(\\?\UNC\nas01\backups\Acme)") == R"(\\nas01\backups)");
    CHECK(share_of(R"(\\?\unc\nas01\Backups$\)") == R"(\\nas01\Backups$)");
    CHECK(share_of("//nas01/backups/Acme") == R"(\\nas01\backups)");
    for (const char* path : {"", R"(\)", R"(\\)", R"(\\nas01)", R"(\\nas01\)", R"(\\\backups)", R"(\\?\C:\Backups)", R"(\\?\UNC\)",
                             R"(\\?\UNC\nas01)", R"(\\.\pipe\x)", R"(C:\Backups\x)", "/srv/backups/x", "relative"}) {
        CAPTURE(path);
        CHECK(share_of(path).empty());
    }
}

TEST_CASE("Shares are the same whatever the case of their letters") {
    CHECK(same_share(R"(\\NAS01\Backups)", R"(\\nas01\backups)"));
    CHECK_FALSE(same_share(R"(\\nas01\backups)", R"(\\nas01\backup)"));
    CHECK_FALSE(same_share("", R"(\\nas01\backups)"));
}

TEST_CASE("A share that is not there is told, with the reason, and never as connected") {
    const auto outcome = connect_share(R"(\\share.invalid\backups)", R"(ACME\backup)", "not a password");
    CHECK(outcome.state == (shares_take_logins() ? ShareState::unreachable : ShareState::unsupported));
    CHECK_FALSE(outcome.why.empty());
}
