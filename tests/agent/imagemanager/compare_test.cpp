#include "agent/imagemanager/compare.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace imc::imagemanager;
using spchain::Memory;

namespace {

constexpr std::int64_t day = 86'400;
constexpr std::int64_t then = 1'790'000'000;

ImageFile row(const std::string& name, std::uint64_t bytes = 100) {
    ImageFile file;
    file.name = name;
    file.bytes = bytes;
    file.created = then;
    file.last_verified = then + day;
    file.verify_status = 1;
    file.verify_failed = false;
    return file;
}

Memory there(const std::string& name, std::uint64_t bytes = 100) {
    Memory image;
    image.name = name;
    image.bytes = bytes;
    image.written = then;
    image.first_seen = then + 60;
    return image;
}

WatchedFolder folder(std::vector<ImageFile> files) {
    WatchedFolder made;
    made.index = 1;
    made.live = true;
    made.files = std::move(files);
    return made;
}

std::vector<std::string> names(const std::vector<Difference>& list) {
    std::vector<std::string> all;
    for (const auto& one : list) all.push_back(one.name);
    return all;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("where records and disk agree there is no difference") {
    const auto result = compare(folder({row("C_VOL-b001.spf"), row("c_vol-B001-I001.SPI")}),
                                std::vector{there("C_VOL-b001-i001.spi"), there("C_VOL-b001.spf")});
    CHECK(result.files_known);
    CHECK(result.gone.empty());
    CHECK(result.unknown.empty());
    CHECK(result.sizes.empty());
    REQUIRE(result.volumes.size() == 1);
    CHECK(result.volumes[0].verification.files == 2);
    CHECK(result.volumes[0].verification.verified == 2);
    CHECK(result.volumes[0].verification.newest == then + day);
}

TEST_CASE("a file that only the records know is gone unless a higher level can hold it") {
    const std::vector<Memory> disk = {there("C_VOL-b001.spf"), there("C_VOL-b001-i024-cd.spi"), there("C_VOL-b001-i030-cw.spi"),
                                      there("C_VOL-b001-i031.spi")};
    const auto gone = [&](const std::string& name) { return !compare(folder({row(name)}), disk).gone.empty(); };
    CHECK_FALSE(gone("C_VOL-b001-i020.spi"));
    CHECK_FALSE(gone("C_VOL-b001-i030.spi"));
    CHECK_FALSE(gone("C_VOL-b001-i028-cd.spi"));
    CHECK_FALSE(gone("C_VOL-b001-i030-cd.spi"));
    CHECK(gone("C_VOL-b001-i032.spi"));
    CHECK(gone("C_VOL-b001-i048-cd.spi"));
    CHECK(gone("C_VOL-b001-i015-cw.spi"));
    CHECK(gone("C_VOL-b001-i015-cm.spi"));
    CHECK(gone("C_VOL-b001-d001.spi"));
    CHECK(gone("C_VOL-b001-d001-i001.spi"));
    // A chain of which nothing is left, and what has no place in one, are told as sets or not at all.
    CHECK_FALSE(gone("C_VOL-b002-i001.spi"));
    CHECK_FALSE(gone("D_VOL-b001-i001.spi"));
    CHECK_FALSE(gone("COMPLETE.spf"));
    CHECK_FALSE(gone("C_VOL-b001.md5"));
}

TEST_CASE("what vanished from the disk counts as gone, however well it is remembered") {
    Memory vanished = there("C_VOL-b001-i002.spi");
    vanished.vanished = then + day;
    const auto result =
        compare(folder({row("C_VOL-b001.spf"), row("C_VOL-b001-i002.spi")}), std::vector{there("C_VOL-b001.spf"), vanished});
    CHECK(names(result.gone) == Names{"C_VOL-b001-i002.spi"});
    CHECK(result.unknown.empty());
}

TEST_CASE("images that the records do not know, and sizes that differ, are named with what both say") {
    const auto result = compare(
        folder({row("C_VOL-b001.spf", 100), row("C_VOL-b001-i001.spi", 7)}),
        std::vector{there("C_VOL-b001.spf", 100), there("C_VOL-b001-i001.spi", 9), there("C_VOL-b001-i002.spi", 5), there("COMPLETE.spf")});
    CHECK(names(result.unknown) == Names{"C_VOL-b001-i002.spi"});
    REQUIRE(result.sizes.size() == 1);
    CHECK(result.sizes[0] == Difference{"C_VOL-b001-i001.spi", 7, 9, then + 60});
}

TEST_CASE("a size that is not recorded differs from none") {
    auto file = row("C_VOL-b001.spf");
    file.bytes.reset();
    CHECK(compare(folder({file}), std::vector{there("C_VOL-b001.spf", 12)}).sizes.empty());
}

TEST_CASE("failures count for files that are there, and codes that nobody has described are only counted") {
    auto failed = row("C_VOL-b001-i001.spi");
    failed.verify_status = -1;
    auto told = row("D_VOL-b001.spf");
    told.verify_failed = true;
    auto odd = row("C_VOL-b001-i002.spi");
    odd.verify_status = 7;
    auto gone = row("C_VOL-b001-i003.spi");
    gone.verify_status = -1;
    auto never = row("C_VOL-b001.spf");
    never.last_verified.reset();
    const auto result =
        compare(folder({failed, told, odd, gone, never}),
                std::vector{there("C_VOL-b001.spf"), there("C_VOL-b001-i001.spi"), there("C_VOL-b001-i002.spi"), there("D_VOL-b001.spf")});
    REQUIRE(result.volumes.size() == 2);
    const auto& c = result.volumes[0].verification;
    CHECK(result.volumes[0].volume == "C_VOL");
    CHECK(c.failed_names == Names{"C_VOL-b001-i001.spi"});
    CHECK(c.files == 3);
    CHECK(c.verified == 1);
    CHECK(c.other_codes == std::map<std::int64_t, std::uint64_t>{{7, 1}});
    CHECK(result.volumes[1].verification.failed == 1);
    CHECK(result.verification.failed == 2);
}

TEST_CASE("without a table of files nothing is said of files, and a set without files is told") {
    WatchedFolder bare = folder({});
    bare.files.reset();
    ImageSet set;
    set.base_name = "C_VOL-b001";
    ImageSet empty;
    empty.base_name = "E_VOL-b003";
    bare.sets = {set, empty, ImageSet{}};
    const auto result = compare(bare, std::vector{there("C_VOL-b001.spf")});
    CHECK_FALSE(result.files_known);
    CHECK(result.unknown.empty());
    CHECK(result.empty_sets == Names{"E_VOL-b003"});
}

TEST_CASE("lost consolidations are handed on as remembered and gone, sorted by name") {
    const auto known = folder({row("C_VOL-b001-i048-cd.spi"), row("C_VOL-b001-i024-cd.spi"), row("C_VOL-b001-i072-cd.spi"),
                               row("C_VOL-b001-i073.spi"), row("D_VOL-b001-i010-cd.spi")});
    const std::vector<spchain::Entry> entries = {{"C_VOL-b001.spf", 1, then}, {"C_VOL-b001-i072-cd.spi", 1, then}};
    const auto lost = lost_consolidations(known, entries, then + day);
    REQUIRE(lost.size() == 2);
    CHECK(lost[0].name == "C_VOL-b001-i024-cd.spi");
    CHECK(lost[1].name == "C_VOL-b001-i048-cd.spi");
    CHECK(lost[0].written == then);
    CHECK(lost[0].vanished == then + day);
    CHECK_FALSE(lost[0].has_tail);
    auto stale = known;
    stale.live = false;
    CHECK(lost_consolidations(stale, entries, then).empty());
}
