#include "tests/support/chain_notation.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using notation::chain;
using spchain::Basis;
using spchain::FindingCode;
using spchain::State;
using spchain::Verdict;
using Words = std::vector<std::string>;

TEST_CASE("raw increments alone are certain, each by its whole line") {
    const auto c = chain("b1 i1..i5");
    CHECK(c.verdict("b") == Verdict::certain);
    CHECK(c.verdict("i5") == Verdict::certain);
    CHECK(c.set("i3") == Words{"b1", "i1", "i2", "i3"});
    CHECK(c.image("i3").basis == Basis::named);
}

TEST_CASE("a missing raw increment breaks what follows until a consolidation leads over it") {
    const auto c = chain("b1 i1..i48 cd@24 !i30 !i40");
    CHECK(c.verdict("i29") == Verdict::certain);
    CHECK(c.verdict("i31") == Verdict::broken);
    CHECK(c.verdict("i48") == Verdict::broken);
    CHECK(c.image("i31").state == State::orphan);
    const auto* finding = c.finding(FindingCode::chain_broken);
    REQUIRE(finding != nullptr);
    CHECK(finding->absent == Words{"C_VOL-b001-i030.spi", "C_VOL-b001-i040.spi"});
    CHECK(finding->newest_affected);
    CHECK(finding->count == 17);
    auto covered = chain("b1 i1..i49 cd@24 cd@48 !i30");
    CHECK(covered.verdict("i31") == Verdict::broken);
    CHECK(covered.verdict("i48") == Verdict::presumed);
    CHECK(covered.verdict("i49") == Verdict::presumed);
    CHECK_FALSE(covered.finding(FindingCode::chain_broken)->newest_affected);
}

TEST_CASE("the daily that would begin at a missing daily is never presumed") {
    // Days 1 and 2; the daily at 2 is missing; the daily at 4 truly starts at 2.
    const auto c = chain("b1 cd@24 cd@48 cd@72 cd@96 cd@120 !cd@72");
    CHECK(c.verdict("i48") == Verdict::presumed);
    CHECK(c.verdict("i96") == Verdict::doubtful);
    CHECK(c.verdict("i120") == Verdict::doubtful);
    CHECK(c.finding(FindingCode::chain_doubtful)->newest_affected);
    CHECK(c.finding(FindingCode::chain_broken) == nullptr);
}

TEST_CASE("the best restore set has the best verdict, then the fewest bytes, then the fewest files") {
    const auto certain = chain("b1 i1..i24 cd@24");
    CHECK(certain.verdict("i24") == Verdict::certain);
    CHECK(certain.set("i24").size() == 25);
    const auto presumed = chain("b1 i1..i24 cd@24 !i7");
    CHECK(presumed.set("i24") == Words{"b1", "cd@24"});
    CHECK(presumed.only().find({0, 24})->restore_bytes == 1'003'000);
}

TEST_CASE("usage is the newest point's restore set and retention is all the rest") {
    const auto c = chain("b1 i1..i24 cd@24 !i7");
    CHECK(c.only().usage_bytes == 1'003'000);
    CHECK(c.only().retention_bytes == 23'000);
}

TEST_CASE("a differential begins at the base and its increments at it") {
    const auto c = chain("b1 i1..i3 d1 i1..i2");
    CHECK(c.set("d1i2") == Words{"b1", "d1", "d1i1", "d1i2"});
    CHECK(c.verdict("d1i2") == Verdict::certain);
    const auto without = chain("b1 d1 i1..i2 !d1");
    CHECK(without.verdict("d1i1") == Verdict::broken);
}

TEST_CASE("without its base a chain is broken and says which file is missing") {
    const auto c = chain("b1 i1..i24 cd@24 !b1");
    CHECK(c.verdict("i24") == Verdict::broken);
    REQUIRE(c.finding(FindingCode::base_missing) != nullptr);
    CHECK(c.finding(FindingCode::base_missing)->absent == Words{"C_VOL-b001.spf"});
    CHECK(c.finding(FindingCode::chain_broken) == nullptr);
}

TEST_CASE("a file that is still being written is settling, no point yet and not missing") {
    auto c = chain("b1 i1..i5 fresh");
    CHECK(c.report.settling == 1);
    CHECK(c.image("i5").state == State::settling);
    CHECK(c.only().points.size() == 5);
    CHECK(c.finding(FindingCode::chain_broken) == nullptr);
    c.look_again();
    CHECK(c.verdict("i5") == Verdict::certain);
    c.entries.back().bytes += 1;
    c.look_again();
    CHECK(c.image("i5").state == State::settling);
}

TEST_CASE("points that need a file still being copied are doubtful, not lost and not well") {
    auto c = chain("b1 i1..i5");
    for (auto& entry : c.entries) {
        if (notation::word_of(entry.name) == "b1") entry.written = c.now - 5;
    }
    c.look();
    CHECK(c.verdict("i5") == Verdict::doubtful);
    CHECK(c.finding(FindingCode::chain_doubtful) == nullptr);
    CHECK(c.finding(FindingCode::chain_broken) == nullptr);
}

TEST_CASE("a weekend without backups is no gap") {
    // Days 0 to 4 are Monday to Friday; ten a day; day 7 is the next Monday.
    auto c = chain("day=10 b1 cd@10 cd@20 cd@30 cd@40 cd@50");
    c.entries.push_back({"C_VOL-b001-i060-cd.spi", 3000, c.entries.back().written + 3 * 86'400});
    c.now = c.entries.back().written + 7200;
    c.look();
    CHECK(c.verdict("i60") == Verdict::presumed);
}

TEST_CASE("a history of looks makes tails observed and a loss plain") {
    auto c = chain("b1 i1..i20");
    c.add("i21..i24");
    c.look_again();
    c.add("i25 cd@24");
    c.look_again();
    CHECK(c.image("cd@24").basis == Basis::observed);
    c.add("i26..i48");
    c.look_again();
    c.add("i49 cd@48");
    c.look_again();
    CHECK(c.image("cd@48").basis == Basis::observed);
    CHECK(c.verdict("i48") == Verdict::certain);
    for (int n = 1; n <= 48; ++n) c.remove("i" + std::to_string(n));
    c.look_again();
    CHECK(c.verdict("i48") == Verdict::certain);
    CHECK(c.finding(FindingCode::image_vanished) == nullptr);
    c.remove("cd@24");
    c.look_again();
    CHECK(c.verdict("i48") == Verdict::broken);
    CHECK(c.finding(FindingCode::chain_broken)->absent == Words{"C_VOL-b001-i024.spi", "C_VOL-b001-i024-cd.spi"});
    CHECK(c.finding(FindingCode::image_vanished) != nullptr);
}

TEST_CASE("a tail that the first look could not contradict is remembered when its neighbour goes") {
    auto c = chain("b1 cd@24 cd@48 cd@72 cd@96");
    c.remove("cd@48");
    c.look_again();
    CHECK(c.verdict("i72") == Verdict::broken);
    CHECK(c.verdict("i96") == Verdict::broken);
}

TEST_CASE("blast radius counts the points that one file alone keeps") {
    const auto c = chain("b1 i1..i48 cd@24 cd@48");
    CHECK(c.image("b1").blast_radius == 49);
    CHECK(c.image("i1").blast_radius == 23);
    CHECK(c.image("i24").blast_radius == 0);
    CHECK(c.image("cd@24").blast_radius == 0);
    CHECK(c.image("i25").blast_radius == 23);
}

TEST_CASE("oldest files that retention takes away are told apart from loss") {
    auto c = chain("b1 cd@24 cd@48 cd@72 cd@96 cd@120 cd@144 cw@144 cd@168 cd@192 cd@216 cd@240");
    c.now += 20 * 86'400;
    c.remove("cd@24");
    c.remove("cd@48");
    c.look();
    CHECK(c.verdict("i72") != Verdict::presumed);
    CHECK(c.verdict("i240") == Verdict::presumed);
    CHECK(c.finding(FindingCode::chain_broken) == nullptr);
    CHECK(c.finding(FindingCode::chain_doubtful) == nullptr);
    CHECK(c.finding(FindingCode::points_retired)->count == 3);
}

TEST_CASE("images without sidecar, empty, unconventional or with an apostrophe are told") {
    auto c = chain("md5 b1 i1..i3");
    CHECK(c.finding(FindingCode::md5_missing) == nullptr);
    std::erase_if(c.entries, [](const spchain::Entry& e) { return e.name == "C_VOL-b001-i002.md5"; });
    c.entries.push_back({"INCOMPLETE.SPF", 10, c.now - 90'000});
    c.entries.push_back({"Bob's_VOL-b001.spf", 0, c.now - 90'000});
    c.entries.push_back({"notes.txt", 5, c.now - 90'000});
    c.entries.push_back({"C_VOL-b001bad.log", 5, c.now - 90'000});
    c.look();
    CHECK(c.finding(FindingCode::md5_missing)->count >= 1);
    CHECK(c.finding(FindingCode::empty_image)->count == 1);
    CHECK(c.finding(FindingCode::apostrophe)->count == 1);
    CHECK(c.finding(FindingCode::unconventional_image)->files == Words{"INCOMPLETE.SPF"});
    CHECK(c.finding(FindingCode::bad_log)->files == Words{"C_VOL-b001bad.log"});
    CHECK(c.report.foreign == 1);
}

TEST_CASE("a new base is told while it is new") {
    auto c = chain("b1 i1..i24");
    c.add("b2 i1..i3");
    c.look();
    REQUIRE(c.finding(FindingCode::new_base) != nullptr);
    CHECK(c.finding(FindingCode::new_base)->base == 2);
    c.now += 40 * 86'400;
    c.look();
    CHECK(c.finding(FindingCode::new_base) == nullptr);
}

TEST_CASE("two files that name one image, and a hole in a spanned one, are told") {
    auto c = chain("b1 i1..i3");
    c.entries.push_back({"c_vol-b1-d0-i2.SPI", 1000, c.entries.back().written});
    c.entries.push_back({"C_VOL-b001.sp2", 1000, c.entries.front().written});
    c.entries.push_back({"C_VOL-b001.sp4", 1000, c.entries.front().written});
    c.look();
    CHECK(c.finding(FindingCode::duplicate_image)->count == 1);
    REQUIRE(c.finding(FindingCode::span_gap) != nullptr);
    CHECK(c.verdict("b") == Verdict::doubtful);
}

TEST_CASE("lost times leave only names to speak") {
    auto c = chain("b1 cd@24 cd@48 cd@72 cd@96 cd@120");
    for (auto& entry : c.entries) entry.written = c.now - 90'000;
    c.look();
    CHECK(c.finding(FindingCode::times_lost) != nullptr);
    CHECK(c.verdict("i120") == Verdict::presumed);
    c.remove("cd@72");
    c.look();
    CHECK(c.verdict("i96") == Verdict::doubtful);
}

namespace {

// Only ImageManager's records know it.
spchain::Memory recorded(const std::string& name, spchain::UnixTime written, spchain::UnixTime now) {
    spchain::Memory memory;
    memory.name = name;
    memory.written = memory.first_seen = written;
    memory.vanished = now;
    memory.recorded = true;
    return memory;
}

void remember(notation::Chain& c, spchain::Memory memory) {
    const auto before = [](const spchain::Memory& a, const spchain::Memory& b) { return a.name < b.name; };
    c.memory.insert(std::lower_bound(c.memory.begin(), c.memory.end(), memory, before), std::move(memory));
}

}  // namespace

TEST_CASE("a tail that was guessed is guessed anew when records tell of a consolidation that is lost in between") {
    constexpr spchain::UnixTime week = 7 * 86'400;
    auto c = chain("b1 day=5 cw@30 cw@65 cw@100");
    const auto third = c.entries.back().written;
    c.entries.push_back({"C_VOL-b001-i106-cw.spi", 1'000, third + 2 * week});
    c.now = third + 2 * week + 86'400;
    c.look();
    REQUIRE(c.image("cw@106").tail.incremental == 100);
    REQUIRE(c.verdict("i106") == Verdict::presumed);
    c.look_again();
    REQUIRE(c.verdict("i106") == Verdict::presumed);

    c.memory = c.report.memory;
    remember(c, recorded("C_VOL-b001-i101-cw.spi", third + week, c.now));
    c.look();
    CHECK(c.image("cw@106").tail.incremental == 101);
    CHECK(c.verdict("i106") == Verdict::broken);
    // A lower level says nothing of where a weekly begins.
    c.memory = c.report.memory;
    std::erase_if(c.memory, [](const auto& memory) { return memory.recorded; });
    for (auto& memory : c.memory) {
        if (memory.name == "C_VOL-b001-i106-cw.spi") memory.tail.incremental = 100;
    }
    remember(c, recorded("C_VOL-b001-i101-cd.spi", third + week, c.now));
    c.look();
    CHECK(c.image("cw@106").tail.incremental == 100);
}

TEST_CASE("an image that vanished is told among many that only records know") {
    auto c = chain("b1 i1..i5 day=1 cd@200");
    c.look_again();
    c.remove("cd@200");
    c.memory = c.report.memory;
    c.previous_look = c.now;
    for (int n = 100; n < 130; ++n) remember(c, recorded("C_VOL-b001-i" + std::to_string(n) + "-cd.spi", 0, c.now));
    c.look();
    const auto* vanished = c.finding(FindingCode::image_vanished);
    REQUIRE(vanished != nullptr);
    CHECK(vanished->count == 1);
    CHECK(vanished->files == Words{"C_VOL-b001-i200-cd.spi"});
}
