// Chains whose pictures are kept below tests/golden/chains: healthy ones, damaged ones, strange ones. For tests of
// everything that draws or prints a chain. What it is not: a check of the analysis.
#pragma once

#include "agent/picture/svg.hpp"
#include "spchain/folder.hpp"

#include <string>
#include <vector>

namespace drawn {

struct Chain {
    std::string name;  // of the golden files
    std::vector<spchain::Entry> entries;
    spchain::FolderReport report;
    std::string point;  // the one that is shown; empty: the newest
    imc::picture::SvgOptions svg;

    [[nodiscard]] const spchain::Volume& volume() const { return report.volumes.front(); }
    [[nodiscard]] const spchain::Chain& chain() const { return volume().chains.back(); }
};

[[nodiscard]] const std::vector<Chain>& chains();  // about twenty; made once
[[nodiscard]] const Chain& chain(const std::string& name);

// What a printer needs, owned.
struct Prepared {
    explicit Prepared(const Chain& chain);
    std::vector<imc::picture::Missing> missing;
    imc::picture::Geometry geometry;
    imc::picture::View view;
};

// Hourly increments of working hours over so many days with every consolidation, and what retention leaves of them.
[[nodiscard]] std::vector<spchain::Entry> years(int days, bool weekends_off = false);

// Holds `text` against the golden file of that name, or writes it where IMC_WRITE_GENERATED is set. Empty: equal.
[[nodiscard]] std::string difference(const std::string& file, const std::string& text);

}  // namespace drawn
