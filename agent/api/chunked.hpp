// Takes a chunked body apart (RFC 9112, section 7.1). Extensions and trailers are read over; lines of either are
// at most 256 bytes long and there are at most 32 trailers. What it is not: an encoder. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace imc::api {

class ChunkedDecoder {
public:
    enum class Result : std::uint8_t { more, done, malformed, too_large };
    // Takes from the front of `bytes` what belongs to the body and appends its content, at most `limit` bytes in all.
    [[nodiscard]] Result put(std::string_view& bytes, std::string& body, std::size_t limit);

private:
    enum class Place : std::uint8_t { line, data, data_end };
    [[nodiscard]] Result line(std::string& body, std::size_t limit);
    [[nodiscard]] bool take_line(std::string_view& bytes, bool& whole);

    Place place_ = Place::line;
    std::string line_;          // collected so far, without its end
    bool return_seen_ = false;  // '\r' at the end of what is collected
    bool in_trailer_ = false;   // the last chunk has been seen
    int trailers_ = 0;
    std::uint64_t left_ = 0;  // of the chunk
};

}  // namespace imc::api
