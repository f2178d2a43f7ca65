#include "tests/agent/monitor/made.hpp"

#include <catch2/catch.hpp>

using namespace imc;
using namespace support;

TEST_CASE("a folder that cannot be read is told with its reason and the age of what is known") {
    auto folder = folder_record("/srv/acme/srv1", "Acme", "SRV1");
    folder.last_scan = noon;
    folder.last_good_scan = noon - hour;
    const auto finding = only(monitor::unreadable(folder, scan::errc::access_denied), "folder_unreadable");
    CHECK(finding.key == "look:" + folder.id + ":folder_unreadable");
    CHECK(finding.severity == "warning");
    CHECK(finding.domain == "operating_system");
    CHECK(finding.says ==
          "The folder /srv/acme/srv1 cannot be read: the account of the agent may not read it; what is known of its backups is from "
          "2026-11-18 11:00 UTC.");
    CHECK(evidence(finding)["reason"] == "access_denied");
    CHECK(evidence(finding)["last_good_scan"] == "2026-11-18T11:00:00Z");
    CHECK(only(monitor::unreadable(folder, scan::errc::network), "folder_unreadable").self_heals);
}

TEST_CASE("not knowing anything for more than a day is critical, for a replica after a week") {
    auto folder = folder_record("/srv/acme/srv1", "Acme", "SRV1");
    folder.last_scan = noon;
    folder.last_good_scan = noon - 2 * day;
    CHECK(monitor::unreadable(folder, scan::errc::not_found)[0].severity == "critical");
    folder.profile = "replica";
    CHECK(monitor::unreadable(folder, scan::errc::not_found)[0].severity == "warning");
    folder.last_good_scan = noon - 8 * day;
    CHECK(monitor::unreadable(folder, scan::errc::not_found)[0].severity == "critical");
}

TEST_CASE("a folder that was never read is critical a day after it was first tried") {
    auto folder = folder_record("/srv/acme/srv1", "Acme", "SRV1");
    folder.last_good_scan = 0;
    folder.last_scan = noon;
    folder.first_seen = noon;
    const auto first = monitor::unreadable(folder, scan::errc::not_found)[0];
    CHECK(first.severity == "warning");
    CHECK(first.says.find("nothing is known of its backups yet") != std::string::npos);
    folder.last_scan = noon + 2 * day;
    CHECK(monitor::unreadable(folder, scan::errc::not_found)[0].severity == "critical");
}

TEST_CASE("success and an orderly stop are no findings, every other reason is one with a remedy") {
    const auto folder = folder_record("/srv/acme/srv1", "Acme", "SRV1");
    CHECK(monitor::unreadable(folder, scan::errc::ok).empty());
    CHECK(monitor::unreadable(folder, scan::errc::cancelled).empty());
    for (const auto why : {scan::errc::not_found, scan::errc::access_denied, scan::errc::not_a_directory, scan::errc::network,
                           scan::errc::too_many, scan::errc::timed_out, scan::errc::io}) {
        const auto findings = monitor::unreadable(folder, why);
        REQUIRE(findings.size() == 1);
        CHECK(findings[0].remedy.size() > 20);
        CHECK(evidence(findings[0])["reason"] == scan::to_string(why));
    }
}
