#include "spchain/finding.hpp"

namespace spchain {

std::string_view to_string(FindingCode code) noexcept {
    static constexpr std::string_view words[] = {
        "chain_broken",         "chain_doubtful",      "points_retired",   "base_missing",    "md5_missing", "bad_log",        "new_base",
        "unconventional_image", "duplicate_image",     "span_gap",         "apostrophe",      "empty_image", "image_vanished", "times_lost",
        "image_damaged",        "verification_failed", "chain_incomplete", "chain_unsettled",
    };
    static_assert(std::size(words) == finding_code_count);
    const auto index = static_cast<std::size_t>(code);
    return index < std::size(words) ? words[index] : std::string_view{};
}

}  // namespace spchain
