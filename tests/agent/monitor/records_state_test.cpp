#include "agent/monitor/records_state.hpp"

#include "tests/agent/monitor/made.hpp"

#include <catch2/catch.hpp>

using namespace imc;
using namespace support;
using imagemanager::TargetFacts;
using imagemanager::TargetType;
using monitor::RecordsState;

namespace {

struct State {
    store::FolderRecord folder = folder_record("/srv/Acme/SRV1", "Acme", "SRV1");
    imagemanager::Comparison comparison;
    std::int64_t newest = 0;
    std::vector<TargetFacts> targets;
    bool just_back = false;
    config::Config config;

    [[nodiscard]] std::vector<store::FindingRecord> findings(std::int64_t at = noon) const {
        RecordsState state;
        state.folders.push_back({&folder, comparison, newest});
        for (const auto& target : targets) state.targets.push_back({&target, just_back, {folder.path}, newest});
        return monitor::records_findings(state, config, at);
    }
    TargetFacts& target(TargetType type) {
        TargetFacts facts;
        facts.target.index = static_cast<std::int64_t>(targets.size()) + 1;
        facts.target.path = "target";
        facts.target.type = type;
        facts.target.live = true;
        facts.target.queued = 3;
        facts.target.oldest_queued = noon - 10 * day;
        facts.target.last_sent = noon - 9 * day;
        targets.push_back(std::move(facts));
        return targets.back();
    }
};

}  // namespace

TEST_CASE("records that agree with the disk tell nothing") {
    State state;
    state.comparison.files_known = true;
    state.comparison.verification.newest = noon;
    state.newest = noon;
    CHECK(state.findings().empty());
}

TEST_CASE("each kind of difference is one finding of the folder, whatever their number") {
    State state;
    state.comparison.gone = {{"C_VOL-b001-i002.spi", 5, 0, 0}, {"C_VOL-b001-i003.spi", 5, 0, 0}};
    state.comparison.unknown = {{"C_VOL-b001-i004.spi", 0, 5, 0}};
    state.comparison.sizes = {{"C_VOL-b001.spf", 7, 9, 0}};
    state.comparison.empty_sets = {"D_VOL-b001"};
    const auto all = state.findings();
    CHECK(all.size() == 4);
    CHECK(evidence(only(all, "records_gone"))["count"] == 2);
    CHECK(only(all, "records_gone").says.find("2 images that are not in the folder /srv/Acme/SRV1") != std::string::npos);
    CHECK(only(all, "records_unknown").says.find("verifies nor consolidates it.") != std::string::npos);
    CHECK(evidence(only(all, "records_size_differs"))["files"][0]["recorded_bytes"] == 7);
    CHECK(only(all, "records_empty_set").severity == "info");
    for (const auto& finding : all) {
        CHECK(finding.folder_id == state.folder.id);
        CHECK(finding.key == monitor::records_key(state.folder.id, finding.code));
    }
}

TEST_CASE("a failed verification is critical and belongs to its volume") {
    State state;
    imagemanager::VolumeRecords volume;
    volume.volume = "C_VOL";
    volume.verification.failed = 1;
    volume.verification.failed_names = {"C_VOL-b001-i002.spi"};
    state.comparison.volumes = {volume};
    const auto finding = only(state.findings(), "verification_failed");
    CHECK(finding.severity == "critical");
    CHECK(finding.volume_id == store::volume_id(state.folder.path, "C_VOL"));
}

TEST_CASE("verification has stopped only where something new came since") {
    State state;
    state.comparison.verification.newest = noon - 20 * day;
    state.newest = noon - 19 * day;
    CHECK(count(state.findings(), "verification_stopped") == 0);
    state.newest = noon;
    CHECK(count(state.findings(), "verification_stopped") == 1);
    state.config.verify_days = 0;
    CHECK(state.findings().empty());
    state.config.verify_days = 4;
    state.comparison.verification.newest = 0;  // the records do not say
    CHECK(state.findings().empty());
}

TEST_CASE("an image that waits for days is late, and the same target is told once") {
    State state;
    state.target(TargetType::ftp);
    CHECK(only(state.findings(), "replication_late").folder_id.empty());
    state.targets[0].folder_ids = {state.folder.id};
    CHECK(only(state.findings(), "replication_late").folder_id == state.folder.id);
    state.targets[0].target.oldest_queued = noon - 3 * day;
    CHECK(state.findings().empty());
    state.targets[0].target.oldest_queued.reset();
    CHECK(state.findings().empty());
    state.target(TargetType::headstart);
    CHECK(count(state.findings(), "headstart_late") == 1);
    state.config.replication_days = 0;
    CHECK(state.findings().empty());
}

TEST_CASE("a disk that takes turns is late only when it stays away for too long or waits though it is there") {
    State state;
    auto& disk = state.target(TargetType::local);
    CHECK(state.findings().empty());
    disk.there = false;
    CHECK(state.findings().empty());
    disk.there = true;
    CHECK(count(state.findings(), "replication_late") == 1);
    state.just_back = true;
    CHECK(state.findings().empty());
    state.just_back = false;
    disk.there = false;
    disk.target.last_sent = noon - 40 * day;
    CHECK(only(state.findings(), "replication_late").says.find("cannot be reached") != std::string::npos);
    state.config.rotation_days = 0;
    CHECK(state.findings().empty());
}

TEST_CASE("HeadStart lags where nothing waits and nothing was applied though newer images are there") {
    State state;
    auto& job = state.target(TargetType::headstart);
    job.target.queued = 0;
    job.target.oldest_queued.reset();
    job.target.last_sent = noon - 6 * day;
    state.newest = noon - 5 * day;
    CHECK(state.findings().empty());
    state.newest = noon;
    CHECK(only(state.findings(), "headstart_late").says.find("Nothing has been applied") != std::string::npos);
}

TEST_CASE("rows that were left behind and paths without a rule are one finding each") {
    RecordsState state;
    state.left_behind = {"D:\\Old", "D:\\Older", "D:\\Old"};
    state.not_mapped = {"E:\\Images"};
    const auto all = monitor::records_findings(state, {}, noon);
    CHECK(evidence(only(all, "records_left_behind"))["paths"].size() == 2);
    CHECK(only(all, "records_left_behind").severity == "info");
    CHECK(only(all, "records_not_mapped").says.find("E:\\Images") != std::string::npos);
}

TEST_CASE("sentences about records hold no number that moves with the clock") {
    State state;
    state.target(TargetType::ftp);
    state.comparison.verification.newest = noon - 20 * day;
    state.newest = noon;
    const auto now = state.findings(noon);
    const auto later = state.findings(noon + hour);
    REQUIRE(now.size() == later.size());
    for (std::size_t i = 0; i < now.size(); ++i) {
        CHECK(now[i].says == later[i].says);
        CHECK(now[i].evidence == later[i].evidence);
    }
}

TEST_CASE("the database and the service are findings of the agent") {
    CHECK(monitor::records_unreadable("cannot read x", 0).says.find("nothing is known") != std::string::npos);
    CHECK(monitor::records_unreadable("cannot read x", noon).says.find("2026-11-18 12:00 UTC") != std::string::npos);
    CHECK(monitor::imagemanager_stopped("stopped").key == "agent:imagemanager_stopped");
}
