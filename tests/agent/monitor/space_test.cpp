#include "agent/scan/listing.hpp"
#include "tests/agent/monitor/made.hpp"
#include "tests/support/local_paths.hpp"

#include <catch2/catch.hpp>

using namespace imc;
using namespace support;

namespace {

constexpr std::uint64_t tb = 1'000'000'000'000;

struct Disks {
    monitor::Known known;
    config::Config config;

    store::FolderRecord& add(const std::string& path, const std::string& identity, std::uint64_t free,
                             const std::string& customer = "Acme") {
        auto folder = folder_record(path, customer, "SRV1");
        folder.identity = identity;
        folder.total_bytes = 100 * tb;
        folder.free_bytes = free;
        known.folders.push_back(folder);
        return known.folders.back();
    }
    std::vector<store::FindingRecord> now() const { return monitor::over_time(known, config, noon); }
};

}  // namespace

TEST_CASE("free space below ten percent is a warning and below five critical") {
    Disks d;
    d.add("/srv/a", "801:1", 10 * tb);
    CHECK(d.now().empty());
    d.known.folders[0].free_bytes = 10 * tb - 1;
    const auto finding = only(d.now(), "space_low");
    CHECK(finding.severity == "warning");
    CHECK(finding.says == "Less than 10 percent of the disk that holds /srv/a is free; when it is full, backups and consolidation fail.");
    CHECK(evidence(finding)["free_percent"] == 9);
    d.known.folders[0].free_bytes = 5 * tb - 1;
    CHECK(only(d.now(), "space_low").severity == "critical");
    d.config.free_space_warning_percent = d.config.free_space_critical_percent = 0;
    CHECK(d.now().empty());
}

TEST_CASE("a disk that nobody could ask is not told of") {
    Disks d;
    d.add("/srv/a", "801:1", 0).free_bytes.reset();
    CHECK(d.now().empty());
    d.known.folders[0].free_bytes = 0;
    d.known.folders[0].total_bytes = 0;
    CHECK(d.now().empty());
}

TEST_CASE("many folders of one disk give one finding, by the latest look") {
    Disks d;
    for (int i = 0; i < 40; ++i) d.add("/srv/f" + std::to_string(10 + i), "801:" + std::to_string(i), 4 * tb);
    d.add("/mnt/other", "902:1", 50 * tb);
    const auto finding = only(d.now(), "space_low");
    CHECK(finding.says.find("/srv/f10 and 39 other managed folders") != std::string::npos);
    CHECK(finding.key == "time:space_low:" + store::folder_id("/srv/f10"));
    CHECK(evidence(finding)["folders"] == 40);
    CHECK(evidence(finding)["paths"].size() == 20);
    d.known.folders[7].last_good_scan = noon - 10;
    d.known.folders[7].free_bytes = 20 * tb;
    CHECK(d.now().empty());
}

TEST_CASE("children of a backup store leave the telling to the store") {
    Disks d;
    d.add("/srv/store", "x1", 4 * tb);
    d.add("/srv/store/a", "x2", 4 * tb);
    d.known.folders[1].parent_id = d.known.folders[0].id;
    CHECK(count(d.now(), "space_low") == 1);
}

TEST_CASE("a customer's quota counts all folders of the customer, each directory once") {
    Disks d;
    d.config.quotas = {{"acme", 10 * tb}};
    d.add("/srv/a", "801:1", 50 * tb).image_bytes = 6 * tb;
    d.add("/srv/b", "801:2", 50 * tb, "ACME").image_bytes = 4 * tb;
    d.add("/srv/c", "801:3", 50 * tb, "Globex").image_bytes = 4 * tb;
    CHECK(d.now().empty());
    d.add("/srv/link-to-b", "801:2", 50 * tb).image_bytes = 4 * tb;
    CHECK(count(d.now(), "quota_exceeded") == 0);
    d.known.folders[0].image_bytes += 1;
    const auto finding = only(d.now(), "quota_exceeded");
    CHECK(finding.key == "time:quota_exceeded:customer:acme");
    CHECK(finding.says == "The images of acme take 10 TB, more than their quota of 10 TB.");
    CHECK(evidence(finding)["bytes"] == 10 * tb + 1);
    CHECK(finding.who == "client");
}

TEST_CASE("a folder's quota counts the folders below a store as well") {
    Disks d;
    config::ManagedFolder managed;
    managed.path = support::local("/srv/store/");
    managed.type = "backup_store";
    managed.quota_bytes = 3 * tb;
    d.config.folders = {managed};
    const std::string store = scan::normalise(managed.path);
    d.add(store, "801:1", 50 * tb);
    d.add(scan::join(store, "a"), "801:2", 50 * tb);
    d.known.folders[1].parent_id = d.known.folders[0].id;
    d.known.folders[1].image_bytes = 3 * tb;
    CHECK(d.now().empty());
    d.known.folders[1].image_bytes = 4 * tb;
    const auto finding = only(d.now(), "quota_exceeded");
    CHECK(finding.folder_id == d.known.folders[0].id);
    CHECK(finding.says == "The images in " + managed.path + " take 4 TB, more than their quota of 3 TB.");
}
