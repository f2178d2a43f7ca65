#include "agent/monitor/retention.hpp"

#include "spchain/folder.hpp"
#include "tests/agent/monitor/made.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>

using namespace imc;
using namespace support;

namespace {

// A base and one daily consolidation of 24 increments for each of `days` days, the last of them yesterday.
struct Kept {
    std::vector<spchain::Entry> entries;
    std::vector<spchain::Memory> memory;
    spchain::Rules rules;
    store::FolderRecord folder = folder_record("/srv/Acme/SRV1", "Acme", "SRV1");

    explicit Kept(int days) : days_(days) {
        rules.expect_md5 = false;
        entries.push_back({"C_VOL-b001.spf", 1'000, at(0, 12)});
        for (int day_number = 1; day_number <= days; ++day_number)
            entries.push_back({name(day_number * 24, "-cd"), 100, at(day_number + 1, 1)});
    }
    [[nodiscard]] std::int64_t at(int day_number, int hours) const { return noon - noon % day - (days_ - day_number) * day + hours * hour; }
    static std::string name(int number, const char* suffix) {
        char text[64];
        std::snprintf(text, sizeof text, "C_VOL-b001-i%04d%s.spi", number, suffix);
        return text;
    }
    // The increments of a day: there since then.
    void increments(int day_number) {
        for (int k = 1; k <= 24; ++k) entries.push_back({name((day_number - 1) * 24 + k, ""), 10, at(day_number, k - 1)});
    }
    [[nodiscard]] std::vector<store::FindingRecord> findings() {
        spchain::FolderInput input;
        std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
        input.entries = entries;
        input.memory = memory;
        input.previous_look = memory.empty() ? spchain::no_time : noon - hour;
        input.now = noon;
        input.rules = rules;
        const auto report = spchain::analyse(input);
        return monitor::unexpected_retention(folder, report, entries, rules, noon);
    }

private:
    int days_;
};

}  // namespace

TEST_CASE("images that could have gone long ago are a note that names files and days") {
    Kept kept(20);
    kept.rules.retention.intra_daily = 7;
    kept.increments(18);
    CHECK(kept.findings().empty());
    kept.increments(5);
    const auto finding = only(kept.findings(), "retention_longer");
    CHECK(finding.severity == "info");
    CHECK(evidence(finding)["files"].size() == 20);
    CHECK(evidence(finding)["files"][0]["name"] == Kept::name(97, ""));
    CHECK(finding.volume_id == store::volume_id(kept.folder.path, "C_VOL"));
}

TEST_CASE("what the policy keeps for ever never stays too long") {
    Kept kept(20);
    kept.rules.retention.intra_daily = 0;
    kept.increments(5);
    CHECK(kept.findings().empty());
}

TEST_CASE("images that went before their time, though held by a consolidation, are a warning with the day") {
    Kept kept(20);
    const auto gone = [&kept](int number, int written_day, int gone_day) {
        spchain::Memory memory;
        memory.name = Kept::name(number, "");
        memory.bytes = 10;
        memory.written = kept.at(written_day, 2);
        memory.first_seen = memory.written;
        memory.vanished = kept.at(gone_day, 4);
        kept.memory = {memory};
    };
    gone(17 * 24 - 20, 17, 19);
    const auto finding = only(kept.findings(), "retention_shorter");
    CHECK(finding.severity == "warning");
    CHECK(evidence(finding)["files"][0]["name"] == Kept::name(17 * 24 - 20, ""));
    gone(10 * 24 - 20, 10, 18);
    CHECK(count(kept.findings(), "retention_shorter") == 0);
    // Nothing holds it: that is a loss, and told as one.
    gone(20 * 24 + 5, 19, 20);
    CHECK(count(kept.findings(), "retention_shorter") == 0);
}
