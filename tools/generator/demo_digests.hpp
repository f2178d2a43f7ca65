// What the .md5 files of the demo say, so that verification has something to do: the true digest of every image up to a size that
// is hashed in moments, nothing of the larger ones (nobody can say in moments what terabytes of nothing would have), and one image
// whose bytes are not those that its digest was made of. What it is not: a writer of files.
#pragma once

#include "tools/generator/tree.hpp"

namespace generator {

inline constexpr std::uint64_t largest_hashed = 128'000'000;  // bytes

// Gives each .md5 file beside its image the digest of what the image holds, then spoils the image of the defect "image_damaged".
// A .md5 of a larger image keeps its line with identity and date alone. Throws std::runtime_error where there is no MD5.
void add_digests(Tree& tree);

}  // namespace generator
