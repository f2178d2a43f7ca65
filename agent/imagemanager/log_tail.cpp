#include "agent/imagemanager/log_tail.hpp"

#include "agent/imagemanager/errors.hpp"

#include <algorithm>
#include <array>
#include <openssl/evp.h>
#include <stdexcept>
#include <vector>

namespace imc::imagemanager {
namespace {

using Octets = std::vector<std::uint8_t>;
using boost::system::result;

std::string sha256(const Octets& bytes) {
    std::array<unsigned char, 32> digest{};
    unsigned int size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("SHA-256 failed");
    static constexpr std::string_view letters = "0123456789abcdef";
    std::string text;
    for (const auto byte : digest) {
        text += letters[byte >> 4U];
        text += letters[byte & 0xFU];
    }
    return text;
}

// Of the first and the last window before `end`; empty where the file has no such bytes.
result<std::string> digest_before(const SharedFile& file, std::uint64_t end) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(end, window_bytes));
    if (size == 0) return std::string();
    Octets windows(2 * size);
    const std::span<std::uint8_t> all(windows);
    const auto head = file.read(0, all.first(size));
    if (!head) return head.error();
    const auto tail = file.read(end - size, all.last(size));
    if (!tail) return tail.error();
    if (*head != size || *tail != size) return std::string();
    return sha256(windows);
}

struct Start {
    LogPosition position;
    LogChange change = LogChange::first;
};

result<Start> find_start(const SharedFile& file, std::uint64_t size, const std::optional<LogPosition>& from) {
    if (!from) return Start{};
    if (from->offset > size) return Start{{}, LogChange::truncated};
    const auto digest = digest_before(file, from->offset);
    if (!digest) return digest.error();
    if (*digest != from->digest) return Start{{}, LogChange::replaced};
    return Start{*from, from->offset == size ? LogChange::none : LogChange::grown};
}

result<ByteOrderMark> mark_of(const SharedFile& file) {
    std::array<std::uint8_t, 3> head{};
    const auto got = file.read(0, head);
    if (!got) return got.error();
    return find_mark(std::span<const std::uint8_t>(head).first(*got));
}

}  // namespace

std::string_view to_string(LogChange change) noexcept {
    static constexpr std::string_view names[] = {"first", "none", "grown", "truncated", "replaced"};
    return names[static_cast<std::size_t>(change)];
}

result<LogReading> read_log(const std::string& path, const std::optional<LogPosition>& from, const LogOptions& options,
                            std::stop_token stop, const LineSplitter::Sink& sink) {
    const auto file = SharedFile::open(path);
    if (!file) return file.error();
    const auto stamp = file->stamp();
    if (!stamp) return stamp.error();
    const auto start = find_start(*file, stamp->bytes, from);
    if (!start) return start.error();
    const auto mark = mark_of(*file);
    if (!mark) return mark.error();

    // A line's end or a line that is too long lies within twice the longest line.
    const std::uint64_t most = std::max<std::uint64_t>(options.most_bytes, 2 * LineSplitter::longest);
    const std::uint64_t begin = start->position.offset == 0 ? mark->size : start->position.offset;
    const std::uint64_t end = begin + std::min(stamp->bytes - std::min<std::uint64_t>(begin, stamp->bytes), most);
    LogReading reading;
    reading.change = start->change;
    LineSplitter splitter(mark->encoding, options.code_page);
    splitter.set_skipping(start->position.in_long_line);
    const auto give = [&](const TextLine& line) {
        ++reading.lines;
        sink({line.text, begin + line.offset, line.cut});
    };
    Octets chunk(std::max(options.chunk, window_bytes));
    std::uint64_t at = begin;
    bool late = false;
    while (at < end && !late) {
        if (stop.stop_requested()) return make_error_code(errc::cancelled);
        const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(chunk.size(), end - at));
        const auto got = file->read(at, std::span(chunk).first(want));
        if (!got) return got.error();
        if (*got == 0) break;
        splitter.feed(std::span<const std::uint8_t>(chunk).first(*got), give);
        at += *got;
        late = at - begin >= 2 * LineSplitter::longest && std::chrono::steady_clock::now() >= options.until;
    }
    reading.bytes = at - begin;
    reading.more = at < end ? late : end < stamp->bytes;
    reading.position.offset = begin + splitter.whole();
    reading.position.in_long_line = splitter.skipping();
    // A log of nothing but a mark has no lines yet.
    if (splitter.whole() == 0) reading.position.offset = start->position.offset;
    auto digest = digest_before(*file, reading.position.offset);
    if (!digest) return digest.error();
    reading.position.digest = std::move(*digest);
    return reading;
}

}  // namespace imc::imagemanager
