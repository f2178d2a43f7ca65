#include "tests/agent/monitor/made.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace imc;
using namespace support;

namespace {

// A day of hourly increments with their digests, analysed by spchain, without the files in `lost`.
monitor::Assessed day_of_images(const std::vector<std::string>& lost) {
    std::vector<spchain::Entry> entries;
    for (std::uint32_t i = 0; i <= 24; ++i) {
        const std::string stem = "C_VOL-" + spchain::to_string(1, {0, i});
        const std::string name = stem + (i == 0 ? ".spf" : ".spi");
        if (std::find(lost.begin(), lost.end(), name) != lost.end()) continue;
        const std::int64_t written = noon - (25 - i) * hour;
        entries.push_back({name, i == 0 ? 1'000'000U : 1000U, written});
        entries.push_back({stem + ".md5", 64, written + 5});
    }
    spchain::FolderInput input;
    input.entries = entries;
    input.now = noon;
    return monitor::assess(folder_record("/srv/acme/srv1", "Acme", "SRV1"), spchain::analyse(input), entries, noon);
}

}  // namespace

TEST_CASE("a whole day of images is a volume without findings") {
    const auto assessed = day_of_images({});
    CHECK(assessed.findings.empty());
    REQUIRE(assessed.volumes.size() == 1);
    CHECK(assessed.volumes[0].verdict == "certain");
    CHECK(assessed.volumes[0].newest_point == "b001-i024");
    CHECK(assessed.volumes[0].usage_bytes == 1'024'000);
    CHECK(assessed.volumes[0].retention_bytes == 0);
}

TEST_CASE("a lost increment is told with what it takes along") {
    const auto assessed = day_of_images({"C_VOL-b001-i010.spi"});
    const auto finding = only(assessed.findings, "chain_broken");
    CHECK(
        finding.says ==
        "14 restore points of C_VOL of SRV1 (Acme) (b001-i011 to b001-i024) cannot be restored because C_VOL-b001-i010.spi is missing; the "
        "newest is among them, so the volume cannot be returned to its latest state.");
    REQUIRE(assessed.volumes.size() == 1);
    CHECK(assessed.volumes[0].verdict == "broken");
    CHECK(assessed.volumes[0].newest_restorable_point == "b001-i009");
    CHECK(assessed.volumes[0].usage_bytes == 1'009'000);
    CHECK(assessed.volumes[0].retention_bytes == 14'000);
}

TEST_CASE("a lost base is told as that") {
    const auto assessed = day_of_images({"C_VOL-b001.spf"});
    const auto finding = only(assessed.findings, "base_missing");
    CHECK(
        finding.says ==
        "The full image of base b001 of C_VOL of SRV1 (Acme) (C_VOL-b001.spf) is missing; nothing of this chain can be restored from this "
        "folder.");
    REQUIRE(assessed.volumes.size() == 1);
    CHECK(assessed.volumes[0].verdict == "broken");
    CHECK(assessed.volumes[0].newest_restorable_point.empty());
    CHECK(assessed.volumes[0].usage_bytes == 0);
    CHECK(assessed.volumes[0].base_written == 0);
}
