#include "tests/support/drawn_chains.hpp"

#include "tests/support/chain_notation.hpp"
#include "tools/generator/simulator.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace drawn {

using imc::picture::Axis;
using imc::picture::SvgOptions;
using imc::picture::Theme;

namespace {

spchain::FolderReport analysed(const std::vector<spchain::Entry>& entries) {
    spchain::FolderInput input;
    input.entries = entries;
    for (const auto& entry : entries) input.now = std::max(input.now, entry.written);
    input.now += 3 * 3600;
    input.rules.expect_md5 = false;
    return spchain::analyse(input);
}

Chain noted(const std::string& name, const std::string& words, SvgOptions svg = {}, const std::string& point = {}) {
    auto chain = notation::chain(words);
    return {name, std::move(chain.entries), std::move(chain.report), point, svg};
}

Chain listed(const std::string& name, std::vector<spchain::Entry> entries, SvgOptions svg = {}, const std::string& point = {}) {
    auto report = analysed(entries);
    return {name, std::move(entries), std::move(report), point, svg};
}

// A weekly that was there at the last look and is gone.
Chain remembered() {
    auto chain = notation::chain("day=8 b1 cw@48 cw@104 cd@112 cd@120 i121..i128");
    chain.look_again();
    chain.remove("cw@104");
    chain.look_again();
    return {"remembered-loss", std::move(chain.entries), std::move(chain.report), {}, {}};
}

// One image does not have the digest of its .md5 file, a later one ImageManager could not verify.
Chain doubted() {
    auto chain = notation::chain("day=4 b1 i1..i16 cd@4 cd@8 cd@12");
    spchain::FolderInput input;
    input.entries = chain.entries;
    input.now = chain.now;
    input.rules = chain.rules;
    const std::vector<spchain::Statement> said = {{spchain::Said::damaged, "C_VOL-b001-i006.spi", {}, 0, {}, 1'000},
                                                  {spchain::Said::questioned, "C_VOL-b001-i010.spi", {}, 0, {}, 1'000},
                                                  {spchain::Said::damaged, "C_VOL-b001-i014.spi", {}, 0, {}, 1'000}};
    input.statements = said;
    auto report = spchain::analyse(input);
    return {"damaged", std::move(chain.entries), std::move(report), {}, {}};
}

std::vector<spchain::Entry> without(std::vector<spchain::Entry> entries, const std::string& part) {
    const auto size = entries.size();
    std::erase_if(entries, [&part](const spchain::Entry& entry) { return entry.name.find(part) != std::string::npos; });
    if (entries.size() == size) throw std::invalid_argument("no file with " + part);
    return entries;
}

// The name of the third newest weekly.
std::string some_weekly(const std::vector<spchain::Entry>& entries) {
    std::vector<std::string> found;
    for (const auto& entry : entries) {
        if (entry.name.find("-cw") != std::string::npos) found.push_back(entry.name);
    }
    return found.at(found.size() - 3);
}

std::vector<spchain::Entry> renamed(std::vector<spchain::Entry> entries, const std::string& volume) {
    for (auto& entry : entries) entry.name = volume + entry.name.substr(5);
    return entries;
}

std::vector<spchain::Entry> timeless(std::vector<spchain::Entry> entries) {
    for (auto& entry : entries) entry.written = 1'700'000'000;
    return entries;
}

std::vector<Chain> all() {
    const auto year = years(365);
    const SvgOptions plain;
    const SvgOptions blast{1200, Axis::sequence, true, Theme::automatic};
    const SvgOptions time{1200, Axis::time, false, Theme::automatic};
    std::vector<Chain> chains;
    chains.push_back(noted("base-alone", "b1"));
    chains.push_back(noted("few", "b1 i1..i3 day=4"));
    chains.push_back(noted("hole", "b1 i1..i9 !i4 day=12"));
    chains.push_back(noted("earlier-point", "b1 i1..i12 day=4", {720, Axis::sequence, false, Theme::automatic}, "b001-i003"));
    chains.push_back(noted("dailies", "day=10 b1 i141..i150 cd@110 cd@120 cd@130 cd@140 cw@60 cw@100"));
    chains.push_back(noted("differential", "b1 i1..i3 d1 i1..i2 day=6"));
    chains.push_back(noted("differentials", "day=4 b1 d1 d2 d3 d4 d5 d6 i1..i3"));
    chains.push_back(noted("no-base", "i5..i9 day=4"));
    chains.push_back(noted("settling", "b1 i1..i5 fresh day=4"));
    chains.push_back(noted("daily-gone", "day=8 b1 cd@8 cd@16 cd@24 cd@32 cd@40 cd@48 i49..i56 !cd@24"));
    chains.push_back(remembered());
    chains.push_back(doubted());
    chains.push_back(noted("rolling", "day=2 b1 cr@180 cm@240 cm@302 cw@316 cw@330 cd@332 cd@334 i335..i338"));
    chains.push_back(noted("other-level", "day=4 b1 i1..i4 cd@4 cx@8 cd@12 i13..i14"));
    chains.push_back(noted("replica", "day=12 b1 cd@12 cd@24 cd@36 cd@48 cd@60"));
    chains.push_back(noted("sparse", "b1 i1 i40000000"));
    chains.push_back(listed("year", year, blast));
    chains.push_back(listed("year-by-time", years(120, true), time));
    chains.push_back(listed("year-narrow", year, {360, Axis::sequence, true, Theme::light}));
    chains.push_back(listed("year-wide-dark", year, {1920, Axis::sequence, true, Theme::dark}));
    chains.push_back(listed("weekly-gone", without(year, some_weekly(year)), blast));
    chains.push_back(listed("times-lost", timeless(notation::chain("day=6 b1 cd@6 cd@12 i13..i18").entries), time));
    chains.push_back(listed("strange-name", renamed(notation::chain("b1 i1..i4 day=4").entries, "A&B <\"'>\x01\xFF VOL"), plain));
    return chains;
}

std::int32_t index_of(const spchain::Chain& chain, const std::string& point) {
    if (point.empty()) return chain.newest;
    const auto wanted = spchain::parse_point(point);
    const auto* state = wanted ? chain.find(wanted->second) : nullptr;
    if (state == nullptr) throw std::invalid_argument("no point " + point);
    return static_cast<std::int32_t>(state - chain.points.data());
}

}  // namespace

std::vector<spchain::Entry> years(int days, bool weekends_off) {
    generator::Plan plan;
    plan.days = days;
    plan.first_minute = 8 * 60;
    plan.last_minute = 22 * 60;
    plan.weekends_off = weekends_off;
    const auto files = generator::at(generator::simulate(plan), generator::instant(plan.calendar, plan.first_day + days, 0));
    std::vector<spchain::Entry> entries;
    std::transform(files.begin(), files.end(), std::back_inserter(entries), [](const auto& file) { return file.entry; });
    return entries;
}

const std::vector<Chain>& chains() {
    static const std::vector<Chain> made = all();
    return made;
}

const Chain& chain(const std::string& name) {
    const auto found = std::find_if(chains().begin(), chains().end(), [&name](const Chain& c) { return c.name == name; });
    if (found == chains().end()) throw std::invalid_argument("no chain " + name);
    return *found;
}

Prepared::Prepared(const Chain& chain)
    : missing(imc::picture::missing_of(chain.volume(), chain.chain(), chain.report.memory)),
      geometry(imc::picture::geometry_of(chain.chain(), missing)),
      view{chain.chain(), geometry, missing, chain.entries, chain.volume().name, index_of(chain.chain(), chain.point), {}} {
    if (view.chosen >= 0) view.set = chain.chain().restore_set(chain.chain().points[static_cast<std::size_t>(view.chosen)].point);
}

std::string difference(const std::string& file, const std::string& text) {
    const std::string path = std::string(IMC_GOLDEN) + "/chains/" + file;
    if (std::getenv("IMC_WRITE_GENERATED") != nullptr) {
        std::ofstream out(path, std::ios::binary);
        out << text;
        return out.flush() ? "" : "cannot write " + path;
    }
    std::ifstream in(path, std::ios::binary);
    const std::string kept{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (kept == text) return {};
    const auto at = static_cast<std::size_t>(std::mismatch(kept.begin(), kept.end(), text.begin(), text.end()).first - kept.begin());
    return file + " differs at byte " + std::to_string(at) + ": ..." + text.substr(at > 40 ? at - 40 : 0, 120) +
           "... (IMC_WRITE_GENERATED=1 writes what is drawn now)";
}

}  // namespace drawn
