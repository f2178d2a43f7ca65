#include "shuttle/core/frame.hpp"

#include "shuttle/core/byte_queue.hpp"
#include "shuttle/core/frame_reader.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

using namespace shuttle::core;

namespace {

std::vector<Byte> two_frames() {
    std::vector<Byte> bytes;
    for (const auto& header : {FrameHeader{FrameType::data, flag::syn, 1, 5}, FrameHeader{FrameType::ping, flag::ack, 0, 0xfedcba98}}) {
        const auto encoded = encode(header);
        bytes.insert(bytes.end(), encoded.begin(), encoded.end());
        if (header.type == FrameType::data) bytes.insert(bytes.end(), {'h', 'e', 'l', 'l', 'o'});
    }
    return bytes;
}

// What a reader sees, as text.
std::string seen(const std::vector<Byte>& bytes, std::size_t piece) {
    std::string result;
    FrameReader reader;
    for (Bytes rest(bytes); !rest.empty();) {
        auto part = rest.first(std::min(piece, rest.size()));
        rest = rest.subspan(part.size());
        for (auto kind = reader.next(part); kind != FrameReader::Kind::need_more; kind = reader.next(part)) {
            if (kind == FrameReader::Kind::bad) return result + "bad";
            if (kind == FrameReader::Kind::header) result += "<" + std::to_string(reader.header().length) + ">";
            if (kind == FrameReader::Kind::payload) result.append(reader.payload().begin(), reader.payload().end());
        }
    }
    return result + (reader.between_frames() ? "." : "...");
}

}  // namespace

TEST_CASE("A header is twelve bytes, big endian, in the order of the specification") {
    const auto bytes = encode({FrameType::window_update, flag::syn | flag::rst, 0x01020304, 0x05060708});
    CHECK(bytes == EncodedHeader{0, 1, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8});
}

TEST_CASE("Every header that is written is read back") {
    std::minstd_rand random(1);
    const auto word = [&random] { return static_cast<std::uint32_t>(random()) << 16 ^ static_cast<std::uint32_t>(random()); };
    for (int i = 0; i < 10'000; ++i) {
        const FrameHeader header{static_cast<FrameType>(word() % 4), static_cast<std::uint16_t>(word()), word(), word()};
        REQUIRE(decode(encode(header)) == header);
    }
}

TEST_CASE("Another version or an unknown type is no header") {
    auto bytes = encode({FrameType::ping, 0, 0, 0});
    bytes[0] = 1;
    CHECK_FALSE(decode(bytes));
    bytes[0] = 0;
    bytes[1] = 4;
    CHECK_FALSE(decode(bytes));
}

TEST_CASE("It makes no difference how the bytes are cut") {
    const auto bytes = two_frames();
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece) CHECK(seen(bytes, piece) == "<5>hello<4275878552>.");
}

TEST_CASE("A reader knows that it is in the middle of a frame") {
    auto bytes = two_frames();
    for (const std::size_t keep : {4, 14, 20}) {
        bytes = two_frames();
        bytes.resize(keep);
        CHECK(seen(bytes, 100).ends_with("..."));
    }
}

TEST_CASE("A reader that has met something else than yamux reads no further") {
    FrameReader reader;
    const std::string text = "GET / HTTP/1.1\r\n\r\n";
    Bytes bytes(reinterpret_cast<const Byte*>(text.data()), text.size());
    CHECK(reader.next(bytes) == FrameReader::Kind::bad);
    CHECK(reader.next(bytes) == FrameReader::Kind::bad);
}

TEST_CASE("A queue of bytes gives back what it was given, within its limit") {
    std::mt19937 random(2);
    ByteQueue queue;
    constexpr std::size_t limit = 5'000;
    std::size_t given = 0;
    std::size_t taken = 0;
    for (int i = 0; i < 20'000; ++i) {
        std::vector<Byte> piece(random() % 700);
        for (std::size_t k = 0; k < piece.size(); ++k) piece[k] = static_cast<Byte>((given + k) * 31);
        const auto room = limit - queue.size();
        const auto took = queue.append(piece, limit);
        REQUIRE(took == std::min(room, piece.size()));
        given += took;
        REQUIRE(queue.capacity() <= limit);

        std::vector<Byte> target(random() % 800);
        std::size_t got = 0;
        if (i % 2 == 0) {
            got = queue.take(target);
        } else {
            std::vector<Byte> end;
            got = queue.take_to(end, target.size());
            REQUIRE(end.size() == got);
            target = std::move(end);
        }
        for (std::size_t k = 0; k < got; ++k) REQUIRE(target[k] == static_cast<Byte>((taken + k) * 31));
        taken += got;
        REQUIRE(queue.size() == given - taken);
    }
    CHECK(given > 1'000'000);
}

TEST_CASE("An empty queue of bytes keeps little memory") {
    ByteQueue queue;
    const std::vector<Byte> much(1 << 20);
    queue.append(much, much.size());
    CHECK(queue.capacity() == much.size());
    std::vector<Byte> out;
    queue.take_to(out, much.size());
    CHECK(queue.capacity() == 0);
}
