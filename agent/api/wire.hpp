// Between Beast's messages and the values of http.hpp: a received request becomes a Request, a Response becomes the
// text of a header. What it is not: reading or writing. Pure.
#pragma once

#include "agent/api/http.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>
#include <string>

namespace imc::api {

using Message = boost::beast::http::request<boost::beast::http::string_body>;

// Nothing: the target is malformed. Principal and remote are left to the caller.
[[nodiscard]] std::optional<Request> request_of(Message& message);

enum class BodyKind { none, plain, gzip, chunked };

// Which of the response's bodies is sent for this request, after If-None-Match has been looked at (which may turn the
// response into a 304).
[[nodiscard]] BodyKind settle_body(Response& response, const Request& request);
// Status line and fields with the empty line at the end. `date` is an HTTP date.
[[nodiscard]] std::string header_text(const Response& response, BodyKind body, const std::string& date, bool keep_alive, bool http_1_0);
[[nodiscard]] bool etag_matches(std::string_view if_none_match, std::string_view etag);

}  // namespace imc::api
