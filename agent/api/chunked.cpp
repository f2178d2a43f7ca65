#include "agent/api/chunked.hpp"

#include <algorithm>
#include <optional>

namespace imc::api {
namespace {

constexpr std::size_t longest_line = 256;
constexpr int most_trailers = 32;

// The size in front of an extension; nothing when it is no hexadecimal number of 1 to 15 digits.
std::optional<std::uint64_t> chunk_size(std::string_view line) {
    const auto digits = line.substr(0, line.find_first_of("; \t"));
    if (digits.empty() || digits.size() > 15) return std::nullopt;
    std::uint64_t size = 0;
    for (const char c : digits) {
        int digit = -1;
        if (c >= '0' && c <= '9') digit = c - '0';
        if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
        if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
        if (digit < 0) return std::nullopt;
        size = size * 16 + static_cast<std::uint64_t>(digit);
    }
    const auto rest = line.substr(digits.size());
    const auto extension = rest.find_first_not_of(" \t");
    if (extension != std::string_view::npos ? rest[extension] != ';' : !rest.empty()) return std::nullopt;
    return size;
}

}  // namespace

// False: malformed. `whole`: line_ is a line.
bool ChunkedDecoder::take_line(std::string_view& bytes, bool& whole) {
    whole = false;
    while (!bytes.empty() && !whole) {
        const char c = bytes.front();
        bytes.remove_prefix(1);
        if (return_seen_) {
            if (c != '\n') return false;
            return_seen_ = false;
            whole = true;
        } else if (c == '\r') {
            return_seen_ = true;
        } else if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F || line_.size() == longest_line) {
            return false;
        } else {
            line_.push_back(c);
        }
    }
    return true;
}

ChunkedDecoder::Result ChunkedDecoder::line(std::string& body, std::size_t limit) {
    const std::string text = std::move(line_);
    line_.clear();
    if (place_ == Place::data_end) {
        if (!text.empty()) return Result::malformed;
        place_ = Place::line;
        return Result::more;
    }
    if (in_trailer_) {
        if (text.empty()) return Result::done;
        return ++trailers_ > most_trailers || text.find(':') == std::string::npos ? Result::malformed : Result::more;
    }
    const auto size = chunk_size(text);
    if (!size) return Result::malformed;
    if (*size > limit - body.size()) return Result::too_large;
    left_ = *size;
    in_trailer_ = *size == 0;
    place_ = *size == 0 ? Place::line : Place::data;
    return Result::more;
}

ChunkedDecoder::Result ChunkedDecoder::put(std::string_view& bytes, std::string& body, std::size_t limit) {
    if (body.size() > limit) return Result::too_large;
    while (!bytes.empty()) {
        if (place_ == Place::data) {
            const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
            body.append(bytes.substr(0, piece));
            bytes.remove_prefix(piece);
            left_ -= piece;
            if (left_ == 0) place_ = Place::data_end;
            continue;
        }
        bool whole = false;
        if (!take_line(bytes, whole)) return Result::malformed;
        if (!whole) return Result::more;
        if (const auto result = line(body, limit); result != Result::more) return result;
    }
    return Result::more;
}

}  // namespace imc::api
