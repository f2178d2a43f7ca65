#include "agent/imagemanager/path_map.hpp"

#include <catch2/catch.hpp>
#include <vector>

using imc::config::PathRule;
using imc::config::PathStyle;
using imc::imagemanager::local_path;

namespace {

const std::vector<PathRule> rules = {
    {R"(D:\Backups)", "/srv/backups"}, {R"(D:\Backups\Store)", "/mnt/store/"}, {R"(\\nas\images)", "/srv/nas"}, {R"(E:\)", "/srv/e"}};

std::string posix(const std::string& path) {
    return local_path(path, rules, PathStyle::posix).value_or("nothing");
}

}  // namespace

TEST_CASE("a path is found by the longest rule that fits in whole components") {
    CHECK(posix(R"(D:\Backups\Acme\SRV1)") == "/srv/backups/Acme/SRV1");
    CHECK(posix(R"(d:/backups//Acme\SRV1\)") == "/srv/backups/Acme/SRV1");
    CHECK(posix(R"(D:\Backups\Store\WEB01)") == "/mnt/store/WEB01");
    CHECK(posix(R"(D:\Backups)") == "/srv/backups");
    CHECK(posix(R"(D:\Backups2\Acme)") == "nothing");
    CHECK(posix(R"(\\NAS\Images\Acme)") == "/srv/nas/Acme");
    CHECK(posix(R"(E:\Acme)") == "/srv/e/Acme");
    CHECK(posix(R"(E:\)") == "/srv/e");
}

TEST_CASE("what no rule fits is itself where this computer can have it, else nothing") {
    CHECK(posix("/srv/other") == "/srv/other");
    CHECK(posix(R"(F:\Other)") == "nothing");
    CHECK(posix("relative") == "nothing");
    CHECK(posix("") == "nothing");
    CHECK(local_path(R"(F:\Other)", {}, PathStyle::windows) == R"(F:\Other)");
    CHECK(local_path(R"(\\nas\images\x)", {}, PathStyle::windows) == R"(\\nas\images\x)");
    CHECK_FALSE(local_path("ftp://replica.example.net/x", {}, PathStyle::windows).has_value());
    const std::vector<PathRule> moved = {{R"(D:\Backups)", R"(F:\Mirror)"}};
    CHECK(local_path("D:/Backups/Acme", moved, PathStyle::windows) == R"(F:\Mirror\Acme)");
}

TEST_CASE("no path leads out of where a rule points") {
    CHECK(posix(R"(D:\Backups\..\..\etc)") == "nothing");
    CHECK(posix("/srv/../etc") == "nothing");
    CHECK(posix(R"(D:\Backups\..x)") == "/srv/backups/..x");
}
