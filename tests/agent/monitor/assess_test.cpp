#include "tests/agent/monitor/made.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace imc;
using namespace support;
using spchain::FindingCode;
using spchain::Verdict;

TEST_CASE("a whole chain gives a volume with its sums and newest point") {
    MadeFolder made;
    made.chain("C_VOL", 1, 10, hour).retention_bytes = 500;
    const auto assessed = made.assess();
    CHECK(assessed.findings.empty());
    REQUIRE(assessed.volumes.size() == 1);
    const auto& v = assessed.volumes[0];
    CHECK(v.id == store::volume_id("/srv/acme/srv1", "C_VOL"));
    CHECK(v.folder_id == made.folder.id);
    CHECK(v.machine == "SRV1");
    CHECK(v.customer == "Acme");
    CHECK(v.images == 11);
    CHECK(v.chains == 1);
    CHECK(v.base == 1);
    CHECK(v.base_written == noon - 11 * hour);
    CHECK(v.newest_point == "b001-i010");
    CHECK(v.newest_image == "C_VOL-b001-i010.spi");
    CHECK(v.newest_written == noon - hour);
    CHECK(v.verdict == "certain");
    CHECK(v.newest_restorable_point == "b001-i010");
    CHECK(v.newest_restorable_written == noon - hour);
    CHECK(v.usage_bytes == 1100);
    CHECK(v.retention_bytes == 500);
    CHECK(v.points == std::array<std::uint64_t, 4>{0, 0, 0, 11});
    CHECK(v.vanished == 0);
    CHECK_FALSE(v.stale);
}

TEST_CASE("the newest point may be broken while an older one can be restored") {
    MadeFolder made;
    auto& chain = made.chain("C_VOL", 1, 5, hour);
    for (std::size_t i = 4; i <= 5; ++i) {
        chain.points[i].verdict = Verdict::broken;
        chain.points[i].restore_bytes = 0;
    }
    chain.usage_bytes = 1030;
    chain.retention_bytes = 20;
    const auto v = made.assess().volumes[0];
    CHECK(v.newest_point == "b001-i005");
    CHECK(v.verdict == "broken");
    CHECK(v.newest_restorable_point == "b001-i003");
    CHECK(v.newest_restorable_written == noon - 3 * hour);
    CHECK(v.usage_bytes == 1030);
    CHECK(v.retention_bytes == 20);
    CHECK(v.points == std::array<std::uint64_t, 4>{2, 0, 0, 4});
}

TEST_CASE("the newest base speaks for the volume, and an older one is restored from where it is broken") {
    MadeFolder made;
    made.chain("C_VOL", 1, 3, 10 * day);
    auto& second = made.chain("C_VOL", 2, 2, hour);
    for (auto& point : second.points) point.verdict = Verdict::broken;
    second.usage_bytes = 0;
    second.retention_bytes = 1020;
    const auto v = made.assess().volumes[0];
    CHECK(v.base == 2);
    CHECK(v.chains == 2);
    CHECK(v.newest_point == "b002-i002");
    CHECK(v.verdict == "broken");
    CHECK(v.newest_restorable_point == "b001-i003");
    CHECK(v.usage_bytes == 1030);
    CHECK(v.retention_bytes == 1020);
}

TEST_CASE("a new base that is still being written does not make the volume look broken") {
    MadeFolder made;
    made.chain("C_VOL", 1, 3, hour);
    auto& second = made.chain("C_VOL", 2, 0, 0);
    second.points.clear();
    second.newest = -1;
    second.images[0].state = spchain::State::settling;
    second.usage_bytes = 0;
    const auto v = made.assess().volumes[0];
    CHECK(v.base == 1);
    CHECK(v.verdict == "certain");
    CHECK(v.newest_point == "b001-i003");
}

TEST_CASE("a consolidated image of the newest point does not make it look newer") {
    MadeFolder made;
    auto& chain = made.chain("C_VOL", 1, 2, 5 * day);
    spchain::Image daily = chain.images.back();
    daily.entry = static_cast<std::uint32_t>(made.entries.size());
    daily.kind = spchain::Kind::daily;
    daily.written = noon - 4 * day;
    chain.newest_written = daily.written;
    chain.images.push_back(daily);
    made.entries.push_back({"C_VOL-b001-i002-cd.spi", 10, daily.written});
    SECTION("while the raw increment is there") {
        const auto v = made.assess().volumes[0];
        CHECK(v.newest_written == noon - 5 * day);
        CHECK(v.newest_image == "C_VOL-b001-i002.spi");
    }
    SECTION("nor once retention has removed the raw increment, as far as memory tells") {
        chain.images.erase(chain.images.end() - 2);
        chain.points.back().written = daily.written;
        CHECK(made.assess().volumes[0].newest_written == noon - 4 * day);
        spchain::Memory gone;
        gone.name = "c_vol-b001-i002.spi";
        gone.written = noon - 5 * day;
        made.report.memory.push_back(gone);
        const auto v = made.assess().volumes[0];
        CHECK(v.newest_written == noon - 5 * day);
        CHECK(v.newest_image == "C_VOL-b001-i002-cd.spi");
    }
    SECTION("but what an earlier chain with the same numbers left in memory does not count") {
        spchain::Memory gone;
        gone.name = "C_VOL-b001-i002-cw.spi";
        gone.written = noon - 300 * day;
        made.report.memory.push_back(gone);
        CHECK(made.assess().volumes[0].newest_written == noon - 5 * day);
    }
}

TEST_CASE("a volume was first seen when memory first saw one of its images") {
    MadeFolder made;
    made.chain("C_VOL", 1, 2, hour);
    CHECK(made.assess().volumes[0].first_seen == noon);
    spchain::Memory memory;
    memory.name = "C_VOL-b001.spf";
    memory.first_seen = noon - 9 * day;
    made.report.memory.push_back(memory);
    CHECK(made.assess().volumes[0].first_seen == noon - 9 * day);
}

TEST_CASE("a break is told with its points, its cause and what it leaves alone") {
    MadeFolder made;
    made.chain("C_VOL", 1, 40, hour);
    auto& f = made.finding("C_VOL", FindingCode::chain_broken, 1, 3);
    f.points = {"b001-i031", "b001-i032", "b001-i033"};
    f.absent = {"C_VOL-b001-i030.spi"};
    f.files = {"C_VOL-b001-i031.spi"};
    const auto finding = only(made.assess().findings, "chain_broken");
    CHECK(finding.says ==
          "3 restore points of C_VOL of SRV1 (Acme) (b001-i031, b001-i032 and b001-i033) cannot be restored because C_VOL-b001-i030.spi is "
          "missing; the newest point of b001 is not affected.");
    CHECK(finding.remedy == "Bring C_VOL-b001-i030.spi back from a replica or an older copy; if there is none, these points are lost.");
    CHECK(finding.severity == "critical");
    CHECK(finding.key == "scan:" + made.folder.id + ":chain_broken:c_vol:b001");
    CHECK(finding.folder_id == made.folder.id);
    CHECK(finding.volume_id == store::volume_id("/srv/acme/srv1", "C_VOL"));
    CHECK(evidence(finding) == nlohmann::json::parse(R"({"count":3,"base":"b001","files":["C_VOL-b001-i031.spi"],
        "points":["b001-i031","b001-i032","b001-i033"],"absent":["C_VOL-b001-i030.spi"]})"));
}

TEST_CASE("long runs of points are told by their ends, and no end is told that is not known") {
    MadeFolder made;
    made.chain("C_VOL", 1, 40, hour);
    auto& f = made.finding("C_VOL", FindingCode::chain_broken, 1, 5);
    f.points = {"b001-i031", "b001-i032", "b001-i033", "b001-i034", "b001-i035"};
    f.newest_affected = true;
    auto says = only(made.assess().findings, "chain_broken").says;
    CHECK(says ==
          "5 restore points of C_VOL of SRV1 (Acme) (b001-i031 to b001-i035) cannot be restored because no complete row of files leads "
          "there; the newest is among them, so the volume cannot be returned to its latest state.");
    f.points[4] = "b001-i039";
    says = only(made.assess().findings, "chain_broken").says;
    CHECK(says.find("(between b001-i031 and b001-i039)") != std::string::npos);
    f.count = 900;
    says = only(made.assess().findings, "chain_broken").says;
    CHECK(says.find("900 restore points of C_VOL of SRV1 (Acme) (the first is b001-i031)") == 0);
    f.count = 1;
    f.points = {"b001-i031"};
    says = only(made.assess().findings, "chain_broken").says;
    CHECK(says.find("Restore point b001-i031 of C_VOL of SRV1 (Acme) cannot be restored") == 0);
}

TEST_CASE("a break of an old chain does not claim that the volume's latest state is lost") {
    MadeFolder made;
    made.chain("C_VOL", 1, 4, 20 * day);
    made.chain("C_VOL", 2, 4, hour);
    auto& f = made.finding("C_VOL", FindingCode::chain_broken, 1, 2);
    f.points = {"b001-i003", "b001-i004"};
    f.newest_affected = true;
    const auto says = only(made.assess().findings, "chain_broken").says;
    CHECK(says.find("latest state") == std::string::npos);
    CHECK(says.find("the newest point of b001 is among them") != std::string::npos);
}

TEST_CASE("doubt is told as doubt") {
    MadeFolder made;
    made.chain("C_VOL", 1, 4, hour);
    auto& f = made.finding("C_VOL", FindingCode::chain_doubtful, 1, 2);
    f.points = {"b001-i003", "b001-i004"};
    f.newest_affected = true;
    const auto finding = only(made.assess().findings, "chain_doubtful");
    CHECK(finding.severity == "warning");
    CHECK(
        finding.says ==
        "A consolidated image is probably missing before 2 restore points of C_VOL of SRV1 (Acme) (b001-i003 and b001-i004): whether they "
        "can be restored is doubtful; the newest point of b001 is among them.");
}

TEST_CASE("a missing digest is critical where ShadowProtect writes and a warning on a replica") {
    MadeFolder made;
    made.chain("C_VOL", 1, 4, hour);
    auto& f = made.finding("C_VOL", FindingCode::md5_missing, 0, 1);
    f.files = {"C_VOL-b001-i002.spi"};
    CHECK(only(made.assess().findings, "md5_missing").severity == "critical");
    CHECK(only(made.assess().findings, "md5_missing").key == "scan:" + made.folder.id + ":md5_missing:c_vol:");
    made.folder.profile = "replica";
    const auto finding = only(made.assess().findings, "md5_missing");
    CHECK(finding.severity == "warning");
    CHECK(finding.says == "1 image of C_VOL of SRV1 (Acme) has no .md5 file (C_VOL-b001-i002.spi); ImageManager takes it for corrupt.");
}

TEST_CASE("an image that disappeared is critical when the newest point may need it") {
    MadeFolder made;
    made.chain("C_VOL", 1, 4, hour);
    auto& f = made.finding("C_VOL", FindingCode::image_vanished, 1, 1);
    f.files = {"C_VOL-b001-i002.spi"};
    CHECK(only(made.assess().findings, "image_vanished").severity == "warning");
    f.newest_affected = true;
    CHECK(only(made.assess().findings, "image_vanished").severity == "critical");
}

TEST_CASE("every code has full sentences with and without names, and keys are distinct and stable") {
    MadeFolder made;
    made.chain("C_VOL", 1, 4, hour);
    for (int code = 0; code < spchain::finding_code_count; ++code) {
        for (const std::uint64_t count : {0, 1, 7, 100}) {
            auto& f = made.finding(count == 7 ? "" : "C_VOL", static_cast<FindingCode>(code), count == 7 ? 0 : 1, count);
            if (count == 100) f.files = {"a.spi", "b.spi", "c.spi", "d.spi"};
            f.newest_affected = count == 1;
        }
    }
    const auto first = made.assess().findings;
    const auto second = made.assess().findings;
    REQUIRE(first.size() == 4 * spchain::finding_code_count);
    std::set<std::string> keys;
    for (std::size_t i = 0; i < first.size(); ++i) {
        const auto& f = first[i];
        INFO(f.says);
        CHECK(keys.insert(f.key).second);
        CHECK(f.key == second[i].key);
        CHECK(f.key.rfind("scan:" + made.folder.id + ":" + f.code + ":", 0) == 0);
        CHECK(f.says.back() == '.');
        CHECK(f.remedy.back() == '.');
        CHECK(f.says.find("  ") == std::string::npos);
        CHECK(f.says.find("()") == std::string::npos);
        CHECK(f.says.find(" ,") == std::string::npos);
        CHECK(evidence(f).is_object());
    }
}

TEST_CASE("images in the root of a backup store are told of and make no volumes") {
    MadeFolder made;
    made.folder.type = "backup_store";
    CHECK(made.assess().findings.empty());
    made.chain("C_VOL", 1, 4, hour);
    made.entries.push_back({"C_VOL-b001.md5", 100, noon});
    made.finding("C_VOL", FindingCode::chain_broken, 1, 2);
    const auto assessed = made.assess();
    CHECK(assessed.volumes.empty());
    REQUIRE(assessed.findings.size() == 1);
    const auto finding = only(assessed.findings, "images_in_store_root");
    CHECK(evidence(finding)["count"] == 5);
    CHECK(evidence(finding)["files"].size() == 5);
    CHECK(finding.says.find("5 images lie in the root of the backup store /srv/acme/srv1 (C_VOL-b001.spf,") == 0);
}

TEST_CASE("a managed folder without images is told of, and is critical when it had some") {
    MadeFolder made;
    auto finding = only(made.assess().findings, "folder_empty");
    CHECK(finding.severity == "warning");
    spchain::Memory memory;
    memory.name = "C_VOL-b001.spf";
    memory.vanished = noon;
    made.report.memory.push_back(memory);
    finding = only(made.assess().findings, "folder_empty");
    CHECK(finding.severity == "critical");
    CHECK(evidence(finding)["remembered"] == true);
}

TEST_CASE("a folder into which the first image is being written is not empty") {
    MadeFolder made;
    made.entries.push_back({"C_VOL-b001.tmp", 5, noon});
    CHECK(made.assess().findings.empty());
    made.entries.clear();
    made.report.settling = 1;
    CHECK(made.assess().findings.empty());
}

TEST_CASE("an apostrophe in the folder's path is told of once beside those in names") {
    MadeFolder made;
    made.folder.path = "/srv/o'neil";
    made.chain("C_VOL", 1, 1, hour);
    auto& f = made.finding("", FindingCode::apostrophe, 0, 1);
    f.files = {"x'.spi"};
    const auto findings = made.assess().findings;
    CHECK(count(findings, "apostrophe") == 2);
    CHECK(findings[0].key != findings[1].key);
}
