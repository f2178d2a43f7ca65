#include "agent/api/views_tunnel.hpp"

#include "agent/api/views.hpp"

namespace imc::api {

using nlohmann::json;

json tunnel_json(const TunnelFacts& facts) {
    if (facts.state.empty()) return nullptr;
    return {{"state", facts.state},
            {"relay", word_json(facts.relay)},
            {"address", word_json(facts.address)},
            {"agent_id", word_json(facts.agent)},
            {"since", time_json(facts.since)},
            {"next_try", time_json(facts.next_try)},
            {"failures", facts.failures},
            {"under_way", word_json(facts.under_way)},
            {"step", word_json(facts.step)},
            {"problem", word_json(facts.problem)},
            {"refused", facts.refused},
            {"replaced", facts.replaced},
            {"reached_at", word_json(facts.reached_at)},
            {"proxy", word_json(facts.proxy)},
            {"certificate_issuer", word_json(facts.certificate_issuer)},
            {"intercepted_by", word_json(facts.intercepted_by)},
            {"round_trip_ms", facts.round_trip_us == 0 ? json() : json(static_cast<double>(facts.round_trip_us) / 1000)},
            {"connections", facts.connections},
            {"streams", facts.streams},
            {"streams_open", facts.streams_open},
            {"received_bytes", facts.received_bytes},
            {"sent_bytes", facts.sent_bytes}};
}

}  // namespace imc::api
