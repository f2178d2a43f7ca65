#include "agent/cli/running_agent.hpp"

namespace imc::cli {

std::optional<Client> running_agent(const Context& context) {
    const auto config = configuration(context);
    if (!config) return std::nullopt;
    auto client = Client::open(engine::Places(*config));
    if (client) return std::move(*client);
    context.complain(client.error().says);
    return std::nullopt;
}

}  // namespace imc::cli
