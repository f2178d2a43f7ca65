// Sorts a listing, and what is remembered of it, into volumes and chains. Internal. What it is not: an analysis.
#pragma once

#include "group.hpp"

#include <unordered_set>

namespace spchain {

struct Badlog {
    std::string name;
    std::string volume;
    std::uint32_t base = 0;
};

struct VolumeGroups {
    std::string name;           // as first written
    std::vector<Group> groups;  // ascending by base
    std::vector<Finding> findings;
};

struct Assembly {
    std::vector<VolumeGroups> volumes;          // in order of appearance
    std::vector<const Memory*> of_entry;        // per entry: what is remembered of it; null: nothing
    std::vector<const Memory*> gone;            // remembered and not there
    std::vector<std::uint32_t> unconventional;  // entries: images without a place in a chain
    std::vector<std::uint32_t> images;          // entries that are images
    std::vector<std::uint32_t> apostrophes;     // entries: images with one in their name
    std::uint64_t image_bytes = 0;
    std::unordered_set<std::uint64_t> digests;  // hashes of the stems that have an .md5
    std::vector<Badlog> badlogs;
    std::uint64_t companions = 0;
    std::uint64_t foreign = 0;
    std::uint64_t settling = 0;
};

[[nodiscard]] Assembly assemble(const FolderInput& input);

// The name of an image without its extension.
[[nodiscard]] std::string_view stem_of(std::string_view image_name) noexcept;
// Without case (ASCII), as file names compare on the systems these files come from.
[[nodiscard]] std::uint64_t hash_without_case(std::string_view text) noexcept;

}  // namespace spchain
