#include "agent/api/aside.hpp"

#include "agent/api/gzip.hpp"
#include "agent/api/response.hpp"

namespace imc::api {
namespace {

// Bytes; below, tag and compression take less than a millisecond.
constexpr std::size_t worth_a_trip = 32 * 1024;

Response pack(Response response, bool gzip) {
    if (response.etag.empty()) response.etag = body_tag(response);
    if (gzip && !response.body_gzip && response.body->size() > worth_compressing) response.body_gzip = gzipped(*response.body);
    return response;
}

}  // namespace

boost::asio::awaitable<Response> packed(State& state, const Request& request, Response response) {
    if (response.status != 200 || !response.body) co_return response;
    const bool gzip = request.accepts_gzip;
    if (response.body->size() <= worth_a_trip) co_return pack(std::move(response), gzip);
    auto make = [gzip, r = std::move(response)]() mutable { return pack(std::move(r), gzip); };
    co_return co_await aside(state, std::move(make));
}

boost::asio::awaitable<std::optional<Response>> known_answer(State& state, const Request& request, std::uint64_t stamp) {
    const Response* known = state.cache().find(request.target, stamp);
    if (known == nullptr) co_return std::nullopt;
    if (caller_has(request, known->etag)) co_return not_modified(known->etag);
    if (!request.accepts_gzip || known->body_gzip) co_return *known;
    Response response = *known;
    response = co_await packed(state, request, std::move(response));
    if (response.body_gzip && state.cache().find(request.target, stamp) != nullptr) state.cache().put(request.target, stamp, response);
    co_return response;
}

}  // namespace imc::api
