// What is said of images from elsewhere than the listing: by ImageManager's events and logs, and by checks of their bytes. What
// it is not: believed for ever; statements.cpp holds each against the listing and against later ones, and analyse() tells
// which of them are settled.
#pragma once

#include "spchain/calendar.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace spchain {

enum class Said : std::uint8_t {
    damaged,     // the image's bytes are not those that its .md5 was made of: nothing can be restored through it
    questioned,  // ImageManager could not verify the image: whatever goes through it is doubtful
    incomplete,  // ImageManager misses a file of the chain: see below
    mounted,     // the image was mounted and its file system read: every file up to its point was there
    sound,       // the image's bytes are those that its .md5 was made of
};

// `incomplete`, said of an image, breaks every point from that image's on, whatever the names suggest, and makes the points before
// it doubtful, because which file is missing is not said; said of a chain only, it breaks every point but the base. It holds until
// one of these settles it:
//   - a later `mounted` of the chain, at that image's point or after it;
//   - a consolidation written later, of a higher level than the image and the first of its level from the image's point on: it was
//     made of that image and its neighbours, and by names its own point is presumed or certain. The next day's consolidation
//     settles nothing: it may begin after the gap;
//   - later `sound`s of every image on a way that is certain by names, to that image's point or after it;
//   - the chain is gone.
// Of a chain only, a consolidation written later makes broken into doubtful and no more.
struct Statement {
    Said said = Said::damaged;
    std::string image;                   // name of the file; empty: `incomplete` of a chain
    std::string volume;                  // of the chain, where `image` is empty
    std::uint32_t base = 0;              // of the chain, where `image` is empty; 0: the newest that was begun when it was said
    std::optional<std::uint64_t> bytes;  // of the file it was said of; another size is another file. Nothing: whatever has the name
    UnixTime at = no_time;
    // `sound`: of the file as it was then; another time is another file. Nothing: not known.
    std::optional<UnixTime> written = std::nullopt;
};

}  // namespace spchain
