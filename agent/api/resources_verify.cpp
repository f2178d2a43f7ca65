// GET, POST and DELETE /v1/verify: how the agent's own verification fares, begin one now, end it.
#include "agent/api/body.hpp"
#include "agent/api/resources.hpp"
#include "agent/api/response.hpp"
#include "agent/api/views.hpp"

namespace imc::api {

using boost::asio::awaitable;

Response get_verification(State& state, const Call& call) {
    if (auto problem = Query(call.request).finish()) return std::move(*problem);
    return json_answer(verification_json(state.backend().verification()));
}

awaitable<Response> verify(State& state, const Call& call) {
    if (auto problem = Query(call.request).finish()) co_return std::move(*problem);
    Body body(call.request, true);
    body.refuse_null("volume_id");
    constexpr std::size_t longest_id = 64;
    const auto id = body.text("volume_id", longest_id).value_or("");
    if (body.has("volume_id") && id.empty()) body.refuse("volume_id", "the id of a volume is expected.");
    if (auto problem = body.finish()) co_return std::move(*problem);
    if (!id.empty() && !call.index->volume(id)) co_return not_found("There is no such volume.");
    const auto answer = co_await state.backend().verify(id, call.request.principal, call.request.remote);
    if (!answer) co_return refused(answer.error());
    co_return json_answer({{"status", "accepted"}, {"volume_id", word_json(id)}, {"run", *answer}}, 202);
}

awaitable<Response> cancel_verification(State& state, const Call& call) {
    if (auto problem = Query(call.request).finish()) co_return std::move(*problem);
    const auto answer = co_await state.backend().cancel_verification(call.request.principal, call.request.remote);
    if (!answer) co_return refused(answer.error());
    Response response;
    response.status = 204;
    co_return response;
}

}  // namespace imc::api
