// Facts about folders that the analysis finds worth telling. What it is not: a sentence. The words, the
// severity and the remedy of each code are in the agent's catalogue; here are only codes and evidence.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spchain {

enum class FindingCode : std::uint8_t {
    chain_broken,          // restore points that cannot be reached, or not from what is there
    chain_doubtful,        // a consolidation is probably missing on the way to some points
    points_retired,        // points inside a consolidated period whose files retention is removing, oldest first
    base_missing,          // images of a base whose .spf is not there
    md5_missing,           // images without their digest sidecar
    bad_log,               // a bad.log lies beside the images
    new_base,              // a newer base appeared while an older one exists
    unconventional_image,  // an image whose name has no place in a chain
    duplicate_image,       // two files that name the same image (such as -d001 and -d001-i000)
    span_gap,              // members of a spanned image are missing between others
    apostrophe,            // a name or path with an apostrophe, which ImageManager does not support
    empty_image,           // an image of zero bytes that is not settling
    image_vanished,        // an image that was seen is gone, and retention or consolidation does not explain it
    times_lost,            // file times are all equal or impossible, so the calendar cannot be used
    image_damaged,         // an image whose bytes are not those of its .md5
    verification_failed,   // an image that ImageManager could not verify
    chain_incomplete,      // ImageManager misses a file of the chain
    chain_unsettled,       // ImageManager missed a file of the chain and has worked on it since
};
inline constexpr int finding_code_count = 18;

struct Finding {
    FindingCode code = FindingCode::chain_broken;
    std::string volume;               // empty: the folder itself
    std::uint32_t base = 0;           // 0: not about one chain
    std::vector<std::string> files;   // names, at most `evidence_limit`
    std::vector<std::string> points;  // as written, "b001-i012"; at most `evidence_limit`, of image_damaged `touched_limit`
    std::vector<std::string> absent;  // canonical names of files that would heal it, as far as the names tell
    std::uint64_t count = 0;          // how many files or points in all
    bool newest_affected = false;     // the newest point is among them

    static constexpr std::size_t evidence_limit = 20;
    static constexpr std::size_t touched_limit = 1000;
};

[[nodiscard]] std::string_view to_string(FindingCode) noexcept;  // "chain_broken" -

}  // namespace spchain
