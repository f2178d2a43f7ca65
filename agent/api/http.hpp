// What an HTTP exchange is to the handlers of the API: a request and a response as plain values. What it is
// not: a server (server.hpp), and it includes nothing of Beast, so that handlers compile fast and can be
// tested without a socket.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace imc::api {

enum class Scope : std::uint8_t { none, read, operate };  // each includes the ones before it

struct Principal {
    Scope scope = Scope::none;
    std::string id;  // token id, or "cert:<subject>", for the audit log; empty: nobody
};

struct Request {
    std::string method;                             // upper case
    std::string target;                             // as sent, without fragment; never logged with its query
    std::vector<std::string> path;                  // decoded segments: "/v1/volumes/x" is {"v1","volumes","x"}
    std::multimap<std::string, std::string> query;  // decoded
    std::string if_none_match;
    std::string last_event_id;
    std::string accept;
    std::string content_type;
    bool accepts_gzip = false;
    std::string body;    // at most max_body_bytes
    std::string remote;  // address without port, or what Server::listen() calls its callers
    Principal principal;

    [[nodiscard]] std::optional<std::string> parameter(const std::string& name) const;  // first of that name
};

// A live feed: the server calls next() again and again and writes what it gives until it gives nothing.
// next() is called on the network thread and may suspend up to 30 s; an empty string means "still alive".
class Feed {
public:
    virtual ~Feed() = default;
    [[nodiscard]] virtual boost::asio::awaitable<std::optional<std::string>> next() = 0;
};

struct Response {
    unsigned status = 200;
    std::string content_type = "application/json";
    std::shared_ptr<const std::string> body;       // shared with the cache; null: none
    std::shared_ptr<const std::string> body_gzip;  // the same, compressed, where the handler has it; the server never compresses itself
    std::string etag;                              // quoted; empty: none
    std::vector<std::pair<std::string, std::string>> headers;  // such as Location, Retry-After, WWW-Authenticate
    std::shared_ptr<Feed> feed;                                // text/event-stream instead of a body
};

// Called on the network thread. Must not throw for bad input; what it throws becomes a 500 without its text.
using Handler = std::function<boost::asio::awaitable<Response>(Request)>;

[[nodiscard]] Response json_response(unsigned status, std::string body);
// RFC 9457. `type` is a word such as "not-found", given out as "/problems/not-found"; `detail` says what to do.
[[nodiscard]] Response problem(unsigned status, std::string_view type, std::string_view title, std::string_view detail);

}  // namespace imc::api
