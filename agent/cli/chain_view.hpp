// One chain as it is drawn and listed, read from the JSON of /v1/volumes/{id}/chain, which the command line makes of a
// directory, too: so a directory and the running agent give the same picture. What it is not: an analysis.
#pragma once

#include "agent/picture/view.hpp"
#include "spchain/folder.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace imc::cli {

struct ChainView {
    std::string volume;                   // made harmless for a terminal, as the names are
    spchain::Chain chain;                 // images, points and the newest; nothing of the ways between them
    std::vector<spchain::Entry> entries;  // names; Image::entry indexes them
    std::vector<picture::Missing> missing;
    picture::Geometry geometry;
    std::int32_t chosen = -1;        // index into points: the newest, unless choose() says otherwise; -1: none
    std::vector<std::uint32_t> set;  // restore set of the chosen point, base first: indices into images

    // Refers to this.
    [[nodiscard]] picture::View picture() const { return {chain, geometry, missing, entries, volume, chosen, set}; }
    [[nodiscard]] const spchain::PointState& chosen_point() const { return chain.points[static_cast<std::size_t>(chosen)]; }
    [[nodiscard]] std::string chosen_name() const { return spchain::to_string(chain.base, chosen_point().point); }
};

// Images or points that are not understood are left out; `chain` is one element of "chains".
[[nodiscard]] ChainView read_chain(const nlohmann::json& chain, const std::string& volume);
[[nodiscard]] bool choose(ChainView& view, spchain::Point point);               // false: no such point
void take_restore_set(ChainView& view, const std::vector<std::string>& names);  // names as the listing has them

}  // namespace imc::cli
