// A Response as it goes over the wire: which of its bodies, and the text of its header. What it is not: writing. Pure.
#pragma once

#include "agent/api/http.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace imc::api {

enum class BodyKind : std::uint8_t { none, plain, gzip, feed };

// Which of the response's bodies is sent for this request, after If-None-Match has been looked at (which may turn the
// response into a 304).
[[nodiscard]] BodyKind settle_body(Response& response, const Request& request);

struct Delivery {
    BodyKind body = BodyKind::none;
    bool keep_alive = false;
    bool http_1_0 = false;  // of the request; a feed is not chunked then
};
// Status line and fields with the empty line at the end. `date` is an HTTP date.
[[nodiscard]] std::string header_text(const Response& response, const Delivery& delivery, std::string_view date);
[[nodiscard]] std::string http_date(std::int64_t unix_seconds);
[[nodiscard]] std::string chunk(std::string_view content);  // not empty, which would end the body
[[nodiscard]] bool etag_matches(std::string_view if_none_match, std::string_view etag);

}  // namespace imc::api
