#include "agent/monitor/troubles.hpp"

#include <catch2/catch.hpp>

using namespace imc;
using monitor::from_troubles;
using store::Success;
using store::Trouble;

namespace {

constexpr store::UnixTime now = 1'700'000'000;
constexpr std::int64_t day = 86'400;

Trouble trouble(const std::string& kind, const std::string& folder, store::UnixTime at) {
    Trouble out;
    out.number = 7;
    out.kind = kind;
    out.folder_id = folder;
    out.source = "StorageCraft ImageManager";
    out.event_id = 1121;
    out.severity = "error";
    out.first_at = out.last_at = at;
    out.text = "the text\nas it is";
    return out;
}

std::vector<store::FolderRecord> folders() {
    store::FolderRecord folder;
    folder.id = "fld_a";
    folder.path = "/srv/a";
    return {folder};
}

monitor::FromTroubles judged(const Trouble& one, const std::vector<Success>& successes = {}) {
    return from_troubles({one}, successes, folders(), now);
}

}  // namespace

TEST_CASE("a complaint is told with its text until its success comes") {
    const auto one = trouble("consolidation_failed", "fld_a", now - day);
    const auto open = judged(one);
    REQUIRE(open.findings.size() == 1);
    CHECK(open.findings[0].code == "consolidation_failed");
    CHECK(open.findings[0].folder_id == "fld_a");
    CHECK(open.findings[0].says.find("the text as it is") != std::string::npos);
    CHECK(open.findings[0].key == "events:consolidation_failed:7");
    CHECK(judged(one, {{"consolidated", "fld_a", "", 0, "", now - 2 * day}}).ended.empty());
    CHECK(judged(one, {{"consolidated", "fld_b", "", 0, "", now}}).ended.empty());
    const auto closed = judged(one, {{"consolidated", "fld_a", "C_VOL", 1, "", now}});
    CHECK(closed.ended == std::vector<std::uint64_t>{7});
    CHECK(closed.findings.empty());
}

TEST_CASE("a success of another volume answers nothing") {
    auto one = trouble("consolidation_failed", "fld_a", now - day);
    one.volume = "C_VOL";
    CHECK(judged(one, {{"consolidated", "fld_a", "D_VOL", 1, "", now}}).ended.empty());
    CHECK(judged(one, {{"consolidated", "fld_a", "c_vol", 1, "", now}}).ended.size() == 1);
}

TEST_CASE("a complaint that nothing answers ends by silence") {
    CHECK(judged(trouble("replication_failed", "fld_a", now - 2 * day)).ended.empty());
    CHECK(judged(trouble("replication_failed", "fld_a", now - 4 * day)).ended.size() == 1);
    CHECK(judged(trouble("service_broken", "", now - 2 * day)).findings.at(0).severity == "critical");
    CHECK(judged(trouble("service_broken", "", now - 2 * day), {{"service_started", "", "", 0, "", now}}).ended.size() == 1);
}

TEST_CASE("an incomplete chain of no known folder is critical, one that the folder's look judges is not told twice") {
    const auto open = judged(trouble("incomplete_chain", "", now - 9 * day));
    REQUIRE(open.findings.size() == 1);
    CHECK(open.findings[0].severity == "critical");
    CHECK(open.findings[0].says.find("cannot be told") != std::string::npos);
    auto named = trouble("incomplete_chain", "fld_a", now - 90 * day);
    named.volume = "C_VOL";
    const auto elsewhere = judged(named);
    CHECK(elsewhere.findings.empty());
    CHECK(elsewhere.ended.empty());
}

TEST_CASE("what is unknown is shown raw, with both meanings where the version is not known") {
    auto unknown = trouble("unknown", "", now);
    const auto finding = judged(unknown).findings.at(0);
    CHECK(finding.code == "event_unknown");
    CHECK(finding.severity == "warning");
    unknown.severity = "warning";
    CHECK(judged(unknown).findings.at(0).severity == "info");
    auto shifted = trouble("replication_failed", "", now);
    shifted.otherwise = "processing_failed";
    CHECK(judged(shifted).findings.at(0).says.find("7.0.2") != std::string::npos);
}

TEST_CASE("a failed backup ends by a good one of the same volume, or by silence") {
    auto one = trouble("backup_failed", "", now - day);
    one.volume = "D_VOL";
    CHECK(judged(one, {{"backup_succeeded", "", "C_VOL", 0, "", now}}).ended.empty());
    CHECK(judged(one, {{"backup_succeeded", "", "", 0, "", now}}).ended.empty());
    CHECK(judged(one, {{"backup_succeeded", "", "d_vol", 0, "", now - 2 * day}}).ended.empty());
    CHECK(judged(one, {{"backup_succeeded", "", "d_vol", 0, "", now}}).ended.size() == 1);
    one.folder_id = "fld_a";
    CHECK(judged(one, {{"backup_succeeded", "fld_b", "D_VOL", 0, "", now}}).ended.empty());
    CHECK(judged(one, {{"backup_succeeded", "fld_a", "D_VOL", 0, "", now}}).ended.size() == 1);
    one.volume.clear();
    CHECK(judged(one, {{"backup_succeeded", "fld_a", "D_VOL", 0, "", now}}).ended.empty());
    one.last_at = now - 8 * day;
    CHECK(judged(one).ended.size() == 1);
}
