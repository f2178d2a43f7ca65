#include "agent/cli/fields.hpp"
#include "agent/cli/status_document.hpp"
#include "agent/cli/status_page.hpp"
#include "agent/cli/verbs.hpp"

#include <ostream>

namespace imc::cli {
namespace {

using nlohmann::json;

// From the agent, else from what it left behind. Nothing: neither could be read.
std::optional<json> look(const Context& context, const config::Config& config) {
    const engine::Places places(config);
    auto client = Client::open(places);
    auto live = client ? live_status(*client) : Answer<json>(client.error());
    if (live) return std::move(*live);
    context.complain(live.error().says);
    if (live.error().kind == Failure::Kind::not_permitted) return std::nullopt;
    auto known = last_known_status(config, places, context.now());
    if (known) return std::move(*known);
    context.err << "Nothing is known from earlier: " << visible(known.error().says) << "\n";
    return std::nullopt;
}

json nothing_known() {
    return {{"running", false},         {"health", "unknown"},      {"agent", nullptr},
            {"folders", json::array()}, {"volumes", json::array()}, {"findings", json::array()}};
}

}  // namespace

int status(const Context& context, bool as_json, bool full) {
    const auto config = configuration(context);
    if (!config) return exit_unknown;
    const auto document = look(context, *config);
    if (as_json) {
        context.print(document ? *document : nothing_known());
    } else if (document) {
        PageOptions options;
        options.style = context.style();
        options.full = full;
        options.now = context.now();
        context.out << status_page(*document, options);
    }
    return document ? status_exit_code(*document) : exit_unknown;
}

}  // namespace imc::cli
