#include "tests/agent/monitor/made.hpp"

#include <catch2/catch.hpp>

using namespace imc;
using namespace support;

namespace {

struct World {
    monitor::Known known;
    config::Config config;
    World() {
        known.folders.push_back(folder_record("/srv/acme/srv1", "Acme", "SRV1"));
        known.volumes.push_back(volume_record(known.folders[0], "C_VOL"));
    }
    store::FolderRecord& folder() { return known.folders[0]; }
    store::VolumeRecord& volume() { return known.volumes[0]; }
    std::vector<store::FindingRecord> at(std::int64_t now) const { return monitor::over_time(known, config, now); }
    std::vector<store::FindingRecord> now() const { return at(noon); }
};

}  // namespace

TEST_CASE("a world in order has no findings") {
    CHECK(World().now().empty());
}

TEST_CASE("a volume is stale past its grace and critical past twice of it") {
    World w;
    w.volume().newest_written = noon - 3 * day;
    CHECK(w.now().empty());
    w.volume().newest_written = noon - 3 * day - 1;
    const auto finding = only(w.now(), "volume_stale");
    CHECK(finding.severity == "warning");
    CHECK(finding.key == "time:volume_stale:" + w.volume().id);
    CHECK(finding.says ==
          "C_VOL of SRV1 (Acme) has had no new backup since 2026-11-15 11:59 UTC, which is more than its 3 days of grace; later changes "
          "are in "
          "no backup.");
    CHECK(evidence(finding)["grace_days"] == 3);
    CHECK(evidence(finding)["newest_written"] == "2026-11-15T11:59:59Z");
    CHECK_FALSE(evidence(finding).contains("as_of"));
    w.volume().newest_written = noon - 6 * day - 1;
    CHECK(only(w.now(), "volume_stale").severity == "critical");
}

TEST_CASE("what is said of a stale volume does not change from minute to minute") {
    World w;
    w.volume().newest_written = noon - 4 * day;
    const auto first = only(w.at(noon), "volume_stale");
    const auto later = only(w.at(noon + 1000), "volume_stale");
    CHECK(first.says == later.says);
    CHECK(first.evidence == later.evidence);
    CHECK(first.key == later.key);
}

TEST_CASE("grace of zero days never makes a volume stale") {
    World w;
    w.volume().newest_written = noon - 400 * day;
    w.known.settings[w.volume().id].grace_days = 0;
    CHECK(count(w.now(), "volume_stale") == 0);
    w.known.settings[w.volume().id].grace_days = 500;
    CHECK(count(w.now(), "volume_stale") == 0);
    w.known.settings.clear();
    CHECK(count(w.now(), "volume_stale") == 1);
}

TEST_CASE("a volume whose folder cannot be read is judged by what was last known") {
    World w;
    w.folder().state = "stale";
    w.folder().last_good_scan = noon - 10 * day;
    w.folder().last_scan = noon;
    w.volume().stale = true;
    SECTION("fresh then: nothing is claimed now") {
        w.volume().newest_written = noon - 10 * day - hour;
        CHECK(w.now().empty());
    }
    SECTION("stale then: told as last known") {
        w.volume().newest_written = noon - 14 * day;
        const auto finding = only(w.now(), "volume_stale");
        CHECK(finding.severity == "warning");
        CHECK(finding.says.find("as far as known when its folder was last read, at 2026-11-08 12:00 UTC") != std::string::npos);
        CHECK(evidence(finding)["as_of"] == "2026-11-08T12:00:00Z");
    }
}

TEST_CASE("after a pause of the agent nothing is called stale before the first look") {
    World w;
    w.folder().last_scan = w.folder().last_good_scan = noon - 9 * day;
    w.volume().newest_written = noon - 9 * day - hour;
    w.known.scanning_since = noon - 60;
    CHECK(w.now().empty());
}

TEST_CASE("a volume that has vanished is told as such and not as stale") {
    World w;
    w.volume().newest_written = noon - 30 * day;
    w.volume().base_written = noon - 800 * day;
    w.volume().vanished = noon - 2 * day;
    const auto findings = w.now();
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].code == "volume_vanished");
    CHECK(findings[0].severity == "critical");
    w.known.settings[w.volume().id].grace_days = 0;
    CHECK(only(w.now(), "volume_vanished").severity == "info");
}

TEST_CASE("a base is old after a year and critical after two") {
    World w;
    w.volume().base_written = noon - 364 * day;
    CHECK(w.now().empty());
    w.volume().base_written = noon - 365 * day;
    CHECK(only(w.now(), "old_base").severity == "warning");
    w.volume().base_written = noon - 730 * day;
    const auto finding = only(w.now(), "old_base");
    CHECK(finding.severity == "critical");
    CHECK(finding.says.find("Base b001 of C_VOL of SRV1 (Acme) is from 2024-11-18") == 0);
    w.config.base_age_critical_days = 0;
    CHECK(only(w.now(), "old_base").severity == "warning");
    w.config.base_age_warning_days = 0;
    CHECK(w.now().empty());
    w.config = {};
    w.volume().base_written = 0;
    CHECK(w.now().empty());
}

TEST_CASE("an image from the future is a wrong clock and not a fresh backup") {
    World w;
    w.volume().newest_written = noon + day;
    CHECK(w.now().empty());
    w.volume().newest_written = noon + day + 1;
    const auto finding = only(w.now(), "clock_wrong");
    CHECK(finding.volume_id == w.volume().id);
    CHECK(w.at(noon + 2).empty());
}

TEST_CASE("a clock that went back is told once for the agent") {
    World w;
    w.folder().last_scan = w.folder().last_good_scan = noon + 2 * day;
    CHECK(only(w.now(), "clock_wrong").key == "time:clock_wrong:agent");
}

TEST_CASE("a folder that is not looked at for three intervals is overdue") {
    World w;
    w.folder().last_scan = noon - 3 * 900 - 120;
    CHECK(w.now().empty());
    w.folder().last_scan -= 1;
    const auto finding = only(w.now(), "scan_overdue");
    CHECK(finding.severity == "warning");
    CHECK(finding.says.find("though a look is due every 15 min") != std::string::npos);
    w.folder().last_scan = noon - 2 * day;
    CHECK(only(w.now(), "scan_overdue").severity == "critical");
    w.known.scanning_since = noon - 100;
    CHECK(count(w.now(), "scan_overdue") == 0);
}

TEST_CASE("a folder that waits for its first look for too long is overdue too") {
    World w;
    w.known.volumes.clear();
    w.folder().state = "pending";
    w.folder().last_scan = w.folder().last_good_scan = 0;
    w.folder().first_seen = noon - 2 * hour;
    CHECK(only(w.now(), "scan_overdue").says.find("has not been looked at yet") != std::string::npos);
    w.folder().first_seen = noon - 60;
    CHECK(w.now().empty());
}

TEST_CASE("two folders on one directory are one conflict") {
    World w;
    auto other = folder_record("/mnt/link", "Acme", "SRV1");
    w.folder().identity = other.identity = "801:77";
    w.known.folders.push_back(other);
    const auto finding = only(w.now(), "folder_conflict");
    CHECK(evidence(finding)["paths"] == nlohmann::json::array({"/mnt/link", "/srv/acme/srv1"}));
    CHECK(finding.key == "time:folder_conflict:" + other.id);
    w.known.folders[1].identity = "801:78";
    CHECK(w.now().empty());
    w.known.folders[0].identity = w.known.folders[1].identity = "";
    CHECK(w.now().empty());
}

TEST_CASE("findings come in the order of their keys whatever the order of the records") {
    World w;
    w.known.folders.push_back(folder_record("/srv/globex/srv2", "Globex", "SRV2"));
    w.known.volumes.push_back(volume_record(w.known.folders[1], "D_VOL"));
    for (auto& v : w.known.volumes) v.newest_written = noon - 5 * day, v.base_written = noon - 500 * day;
    const auto forward = w.now();
    std::swap(w.known.volumes[0], w.known.volumes[1]);
    std::swap(w.known.folders[0], w.known.folders[1]);
    const auto backward = w.now();
    REQUIRE(forward.size() == 4);
    REQUIRE(backward.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(forward[i].key == backward[i].key);
        CHECK(forward[i].says == backward[i].says);
    }
}
