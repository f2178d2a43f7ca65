// Bytes through the frame reader. The first byte says how they are cut into pieces, which must make no difference; what
// is read is written back as it was.
#include "shuttle/core/frame_reader.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace {

using namespace shuttle::core;

void require(bool holds) {
    if (!holds) std::abort();
}

struct Seen {
    std::vector<Byte> bytes;  // all frames, written anew
    bool bad = false;
    bool between = true;
    bool operator==(const Seen&) const = default;
};

Seen read_all(Bytes input, std::size_t piece) {
    Seen seen;
    FrameReader reader;
    while (!input.empty() && !seen.bad) {
        auto part = input.first(std::min(piece, input.size()));
        input = input.subspan(part.size());
        for (;;) {
            const auto before = part.size();
            const auto kind = reader.next(part);
            if (kind == FrameReader::Kind::need_more) break;
            seen.bad = kind == FrameReader::Kind::bad;
            if (seen.bad) break;
            require(part.size() < before);
            if (kind == FrameReader::Kind::header) {
                const auto header = encode(reader.header());
                seen.bytes.insert(seen.bytes.end(), header.begin(), header.end());
            } else {
                require(!reader.payload().empty());
                seen.bytes.insert(seen.bytes.end(), reader.payload().begin(), reader.payload().end());
            }
        }
        require(part.empty() || seen.bad);
    }
    seen.between = reader.between_frames();
    return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const Bytes input(data + 1, size - 1);
    const auto whole = read_all(input, input.size() + 1);
    require(whole == read_all(input, std::size_t{data[0]} + 1));
    require(whole.bytes.size() <= input.size() && std::equal(whole.bytes.begin(), whole.bytes.end(), input.begin()));
    require(whole.bad || !whole.between || whole.bytes.size() == input.size());
    return 0;
}
