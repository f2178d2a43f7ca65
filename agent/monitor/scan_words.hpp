// The sentences for what spchain found in a folder: state, consequence and, where the names tell more than the
// catalogue, the remedy. What it is not: public; assess() uses it.
#pragma once

#include "agent/store/records.hpp"
#include "spchain/folder.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace imc::monitor {

struct ScanWords {
    std::string says;
    std::string remedy;                        // empty: the catalogue's
    std::optional<std::string_view> severity;  // nothing: the catalogue's
};

// `newest_base`: the finding is about the newest chain of its volume, or about no chain.
[[nodiscard]] ScanWords scan_words(const store::FolderRecord& folder, const spchain::Finding& finding, bool newest_base);

}  // namespace imc::monitor
