#include "tests/support/chain_notation.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using notation::chain;
using spchain::FindingCode;
using spchain::Said;
using spchain::Statement;
using spchain::Verdict;

namespace {

// The chain judged anew with what is said.
spchain::FolderReport heard(const notation::Chain& c, const std::vector<Statement>& statements) {
    spchain::FolderInput input;
    input.entries = c.entries;
    input.memory = c.memory;
    input.previous_look = c.previous_look;
    input.now = c.now;
    input.rules = c.rules;
    input.statements = statements;
    return spchain::analyse(input);
}

Verdict verdict(const spchain::FolderReport& report, std::uint32_t number) {
    const auto* state = report.volumes.front().chains.back().find({0, number});
    REQUIRE(state != nullptr);
    return state->verdict;
}

const spchain::Finding* find(const spchain::FolderReport& report, FindingCode code) {
    const auto& findings = report.volumes.front().findings;
    const auto found = std::find_if(findings.begin(), findings.end(), [code](const auto& f) { return f.code == code; });
    return found == findings.end() ? nullptr : &*found;
}

spchain::UnixTime written(const notation::Chain& c, const std::string& word) {
    for (const auto& entry : c.entries) {
        if (notation::word_of(entry.name) == word) return entry.written;
    }
    FAIL("no such file: " << word);
    return 0;
}

Statement damaged(const std::string& image, std::uint64_t bytes) {
    return {Said::damaged, image, {}, 0, bytes, 1'000};
}

Statement incomplete(const std::string& image, spchain::UnixTime at) {
    return {Said::incomplete, image, {}, 0, {}, at};
}

}  // namespace

TEST_CASE("a damaged image breaks the points that need it, and the finding names every one") {
    const auto c = chain("b1 i1..i48 cd@24");
    const auto report = heard(c, {damaged("C_VOL-b001-i030.spi", 1'000)});
    CHECK(verdict(report, 29) == Verdict::certain);
    CHECK(verdict(report, 30) == Verdict::broken);
    CHECK(verdict(report, 48) == Verdict::broken);
    const auto* finding = find(report, FindingCode::image_damaged);
    REQUIRE(finding != nullptr);
    CHECK(finding->count == 19);
    CHECK(finding->points.size() == 19);
    CHECK(finding->newest_affected);
    CHECK(report.settled.empty());
    // What depends on it is told once, by its cause.
    CHECK(find(report, FindingCode::chain_broken) == nullptr);
}

TEST_CASE("a damaged image that a consolidation leads over leaves its own point broken only") {
    const auto report = heard(chain("b1 i1..i24 cd@24 i25"), {damaged("C_VOL-b001-i010.spi", 1'000)});
    CHECK(verdict(report, 10) == Verdict::broken);
    CHECK(verdict(report, 24) == Verdict::presumed);
    CHECK(verdict(report, 25) == Verdict::presumed);
}

TEST_CASE("another file under the damaged name, or none, settles the damage") {
    const auto c = chain("b1 i1..i5");
    const auto replaced = heard(c, {damaged("C_VOL-b001-i003.spi", 999)});
    CHECK(verdict(replaced, 5) == Verdict::certain);
    CHECK(replaced.settled == std::vector<std::uint32_t>{0});
    CHECK(heard(c, {damaged("C_VOL-b001-i009.spi", 1'000)}).settled.size() == 1);
    CHECK(heard(c, {damaged("X_VOL-b001-i003.spi", 1'000)}).settled.size() == 1);
}

TEST_CASE("what is said of an image that is being written stands until it has settled") {
    auto c = chain("b1 i1..i5 fresh");
    const std::vector<Statement> said = {damaged("C_VOL-b001-i005.spi", 999), {Said::questioned, "C_VOL-b001-i005.spi", {}, 0, {}, 500}};
    CHECK(heard(c, said).settled.empty());
    c.now += 86'400;
    const auto later = heard(c, said);
    CHECK(later.settled == std::vector<std::uint32_t>{0});
    CHECK(verdict(later, 5) == Verdict::doubtful);
}

TEST_CASE("an image that ImageManager could not verify makes doubtful until it was read and is sound") {
    const auto c = chain("b1 i1..i5");
    const Statement questioned{Said::questioned, "c_vol-B001-i003.SPI", {}, 0, {}, 500};
    const auto report = heard(c, {questioned});
    CHECK(verdict(report, 2) == Verdict::certain);
    CHECK(verdict(report, 3) == Verdict::doubtful);
    CHECK(find(report, FindingCode::verification_failed)->count == 3);
    CHECK(verdict(heard(c, {questioned, {Said::sound, "C_VOL-b001-i003.spi", {}, 0, 1'000, 400}}), 5) == Verdict::doubtful);
    const auto sound = heard(c, {questioned, {Said::sound, "C_VOL-b001-i003.spi", {}, 0, 1'000, 600}});
    CHECK(verdict(sound, 5) == Verdict::certain);
    CHECK(sound.settled == std::vector<std::uint32_t>{0});
    CHECK(verdict(heard(c, {questioned, {Said::mounted, "C_VOL-b001-i004.spi", {}, 0, {}, 600}}), 5) == Verdict::certain);
}

TEST_CASE("an incomplete chain is broken from the image on that it was said of, whatever the names suggest") {
    const auto c = chain("b1 i1..i48");
    const auto report = heard(c, {incomplete("C_VOL-b001-i030.spi", written(c, "i30") + 60)});
    CHECK(verdict(report, 0) == Verdict::certain);
    CHECK(verdict(report, 29) == Verdict::doubtful);
    CHECK(verdict(report, 30) == Verdict::broken);
    CHECK(verdict(report, 48) == Verdict::broken);
    const auto* finding = find(report, FindingCode::chain_incomplete);
    REQUIRE(finding != nullptr);
    CHECK(finding->count == 19);
    CHECK(finding->newest_affected);
}

TEST_CASE("an incomplete chain without a named image is broken but for its base") {
    const auto c = chain("b1 i1..i24");
    Statement said{Said::incomplete, {}, "c_vol", 1, {}, written(c, "i24") + 60};
    auto report = heard(c, {said});
    CHECK(verdict(report, 0) == Verdict::certain);
    CHECK(verdict(report, 1) == Verdict::broken);
    said.base = 0;
    CHECK(verdict(heard(c, {said}), 24) == Verdict::broken);
    said.base = 7;
    CHECK(heard(c, {said}).settled.size() == 1);
}

TEST_CASE("the next day's consolidation does not settle an incomplete chain") {
    // The daily at 48 is missing and nothing but ImageManager says so.
    const auto c = chain("b1 cd@24 cd@72 cd@96");
    const auto report = heard(c, {incomplete("C_VOL-b001-i072-cd.spi", written(c, "cd@72") + 60)});
    CHECK(report.settled.empty());
    CHECK(verdict(report, 96) == Verdict::broken);
}

TEST_CASE("the first consolidation of a higher level from the image on settles an incomplete chain") {
    const auto before = chain("b1 i1..i24 cd@24 i25..i30");
    const auto said = incomplete("C_VOL-b001-i020.spi", written(before, "i20") + 60);
    const auto report = heard(before, {said});
    CHECK(report.settled == std::vector<std::uint32_t>{0});
    CHECK(verdict(report, 30) == Verdict::certain);
    // Written before it was said, it proves nothing; nor does the one of the day after.
    const auto late = incomplete("C_VOL-b001-i020.spi", written(before, "cd@24") + 60);
    CHECK(verdict(heard(before, {late}), 30) == Verdict::broken);
    const auto next = chain("b1 i1..i24 cd@24 i25..i48 cd@48");
    CHECK(verdict(heard(next, {late}), 48) == Verdict::broken);
}

TEST_CASE("a later mount of the point or of one after it settles an incomplete chain") {
    const auto c = chain("b1 i1..i48");
    const auto said = incomplete("C_VOL-b001-i030.spi", 1'000);
    CHECK(verdict(heard(c, {said, {Said::mounted, "C_VOL-b001-i029.spi", {}, 0, {}, 2'000}}), 48) == Verdict::broken);
    CHECK(verdict(heard(c, {said, {Said::mounted, "C_VOL-b001-i031.spi", {}, 0, {}, 500}}), 48) == Verdict::broken);
    const auto report = heard(c, {said, {Said::mounted, "C_VOL-b001-i031.spi", {}, 0, {}, 2'000}});
    CHECK(verdict(report, 48) == Verdict::certain);
    CHECK(report.settled == std::vector<std::uint32_t>{0});
}

TEST_CASE("checks of every image on a certain way settle an incomplete chain, one less does not") {
    const auto c = chain("b1 i1..i5");
    std::vector<Statement> said = {incomplete("C_VOL-b001-i004.spi", 1'000), {Said::sound, "C_VOL-b001.spf", {}, 0, 1'000'000, 2'000}};
    for (int n = 1; n <= 3; ++n) said.push_back({Said::sound, "C_VOL-b001-i00" + std::to_string(n) + ".spi", {}, 0, 1'000, 2'000});
    CHECK(verdict(heard(c, said), 5) == Verdict::broken);
    said.push_back({Said::sound, "C_VOL-b001-i004.spi", {}, 0, 1'000, 2'000});
    const auto report = heard(c, said);
    CHECK(verdict(report, 5) == Verdict::certain);
    CHECK(report.settled == std::vector<std::uint32_t>{0});
}

TEST_CASE("a chain consolidated after a word against it as a whole is doubtful, not broken") {
    const auto c = chain("b1 i1..i24 cd@24");
    const Statement said{Said::incomplete, {}, "C_VOL", 1, {}, written(c, "i24") + 60};
    const auto report = heard(c, {said});
    CHECK(verdict(report, 24) == Verdict::doubtful);
    CHECK(find(report, FindingCode::chain_unsettled) != nullptr);
    CHECK(find(report, FindingCode::chain_incomplete) == nullptr);
    CHECK(report.settled.empty());
}

TEST_CASE("what is said never makes a verdict better") {
    const auto c = chain("b1 i1..i48 cd@24 !i30");
    const auto plain = heard(c, {});
    const auto report = heard(c, {incomplete("C_VOL-b001-i040.spi", 1),
                                  damaged("C_VOL-b001-i005.spi", 1'000),
                                  {Said::sound, "C_VOL-b001-i031.spi", {}, 0, 1'000, 9}});
    const auto& points = report.volumes.front().chains.back().points;
    const auto& before = plain.volumes.front().chains.back().points;
    REQUIRE(points.size() == before.size());
    for (std::size_t p = 0; p < points.size(); ++p) CHECK(points[p].verdict <= before[p].verdict);
}

TEST_CASE("a good word is of the file that was checked, not of another one under its name") {
    const auto c = chain("b1 i1..i5");
    const Statement questioned{Said::questioned, "C_VOL-b001-i003.spi", {}, 0, {}, 500};
    Statement sound{Said::sound, "C_VOL-b001-i003.spi", {}, 0, 999, 600};
    CHECK(verdict(heard(c, {questioned, sound}), 5) == Verdict::doubtful);
    sound.bytes = 1'000;
    sound.written = written(c, "i3") - 1;
    CHECK(verdict(heard(c, {questioned, sound}), 5) == Verdict::doubtful);
    sound.written = written(c, "i3");
    CHECK(verdict(heard(c, {questioned, sound}), 5) == Verdict::certain);
    auto fresh = chain("b1 i1..i3 fresh");
    sound.written.reset();
    CHECK(heard(fresh, {questioned, sound}).settled.empty());
}
