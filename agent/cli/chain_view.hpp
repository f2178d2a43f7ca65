// One chain as it is drawn and listed, read from the JSON of `scan --json` and of /v1/volumes/{id}/chain, which are
// one shape: so a directory and the running agent give the same picture. What it is not: an analysis.
#pragma once

#include "spchain/folder.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace imc::cli {

struct ViewImage {
    std::string name;  // made harmless for a terminal
    std::uint64_t bytes = 0;
    spchain::UnixTime written = 0;  // 0: not known
    spchain::Kind kind = spchain::Kind::full;
    spchain::Point head;
    spchain::Point tail;  // of a full: the head
    spchain::Basis basis = spchain::Basis::named;
    spchain::State state = spchain::State::present;
    bool suspicious = false;
    bool in_set = false;  // of the chosen point
};

struct ViewPoint {
    spchain::Point point;
    spchain::UnixTime written = 0;  // 0: not known
    spchain::Verdict verdict = spchain::Verdict::broken;
    std::uint64_t bytes = 0;  // of its restore set
    std::uint64_t files = 0;
};

struct ChainView {
    std::uint32_t base = 0;
    std::vector<ViewImage> images;
    std::vector<ViewPoint> points;      // ascending
    std::optional<std::size_t> chosen;  // index into points: the newest, unless choose() says otherwise
    std::vector<std::size_t> set;       // restore set of the chosen point, base first: indices into images
};

// Images or points that are not understood are left out; `chain` is one element of "chains".
[[nodiscard]] ChainView read_chain(const nlohmann::json& chain);
[[nodiscard]] bool choose(ChainView& view, spchain::Point point);               // false: no such point
void take_restore_set(ChainView& view, const std::vector<std::string>& names);  // names as the listing has them

}  // namespace imc::cli
