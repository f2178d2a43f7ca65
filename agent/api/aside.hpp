// Answers that take long to make, made on a thread of a small pool, so that the network thread answers others meanwhile. What
// it is not: for what waits; a thread that hangs would be missing to all.
#pragma once

#include "agent/api/resources.hpp"
#include "shuttle/io/wait.hpp"

#include <optional>
#include <type_traits>
#include <utility>

namespace imc::api {

// `make` takes nothing and holds what it needs by value, or by shared pointers to what does not change: the call may be gone before
// it is through. State belongs to the network thread and is not for it. An Index has to be complete() first where its maps are used.
template <class Make>
[[nodiscard]] boost::asio::awaitable<std::invoke_result_t<Make>> aside(State& state, Make make) {
    return shuttle::io::on(state.workers(), std::move(make));
}

// Gives an answer that is to be kept its tag where it has none, and the compressed body where the caller takes one.
[[nodiscard]] boost::asio::awaitable<Response> packed(State& state, const Request& request, Response response);

// The kept answer, as this caller wants it (304 where it has it); nothing: there is none.
[[nodiscard]] boost::asio::awaitable<std::optional<Response>> known_answer(State& state, const Request& request, std::uint64_t stamp);

}  // namespace imc::api
