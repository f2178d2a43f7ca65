// The head of a request, from its text to values: request line and fields, held to RFC 9112 more strictly than a
// browser would be, since what is read differently here and by a proxy in front smuggles requests. What it is not:
// a reader of sockets (request_reader.hpp puts the pieces together). Pure.
#pragma once

#include "agent/api/http.hpp"

#include <boost/system/result.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace imc::api {

enum class Framing : std::uint8_t { none, length, chunked };  // how the body's end is known

struct Head {
    Request request;  // without body, remote and principal
    std::string authorization;
    Framing framing = Framing::none;
    std::uint64_t length = 0;  // of the body, where framing says so
    bool http_1_0 = false;
    bool keep_alive = false;        // wanted by the peer
    bool expects_continue = false;  // waits for "100 Continue" before it sends the body
};

// Why a request is not even looked at; texts live forever. The connection ends with it.
struct Refused {
    unsigned status = 400;
    std::string_view type;
    std::string_view title;
    std::string_view detail;
};

inline constexpr std::size_t most_fields = 100;

// `text` ends with the empty line.
[[nodiscard]] boost::system::result<Head, Refused> parse_head(std::string_view text);

}  // namespace imc::api
