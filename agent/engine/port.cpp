#include "agent/engine/port.hpp"

#include "agent/monitor/own_state.hpp"
#include "shuttle/io/wait.hpp"

#include <stdexcept>

namespace imc::engine {
namespace {

constexpr auto interval = std::chrono::seconds(5);
constexpr const char* finding_key = "agent:api_closed:";

}  // namespace

Port::Port(api::Server& server, Agent& agent, Log& log, shuttle::io::Supervisor& supervisor)
    : server_(server), agent_(agent), log_(log), supervisor_(supervisor) {}

std::vector<std::string> Port::open(std::function<void(const std::vector<std::string>&)> moved) {
    moved_ = std::move(moved);
    if (auto addresses = try_once()) return std::move(*addresses);
    supervisor_.start(
        "open the port", [this] { return keep_trying(); }, shuttle::io::OnFailure::restart);
    auto local = server_.listen({"127.0.0.1:0"});
    if (!local) throw std::runtime_error(local.error());
    agent_.listening_on(*local, &server_.counters());
    return std::move(*local);
}

std::optional<std::vector<std::string>> Port::try_once() {
    const auto& wanted = agent_.config()->listen;
    auto addresses = server_.listen(wanted);
    open_ = addresses.has_value();
    if (!open_) {
        if (addresses.error() != problem_) log_.error("the API cannot listen: " + addresses.error());
        problem_ = addresses.error();
        agent_.tell(finding_key, monitor::api_closed(wanted, problem_));
        return std::nullopt;
    }
    agent_.tell(finding_key, std::nullopt);
    agent_.listening_on(*addresses, &server_.counters());
    for (const auto& address : *addresses) log_.info("listening on https://" + address);
    return std::move(*addresses);
}

boost::asio::awaitable<void> Port::keep_trying() {
    for (;;) {
        const bool go_on = co_await shuttle::io::pause(interval);
        if (!go_on) co_return;
        if (const auto addresses = try_once()) {
            moved_(*addresses);
            co_return;
        }
    }
}

}  // namespace imc::engine
