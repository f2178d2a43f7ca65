#include "shuttle/relay/switchboard.hpp"

#include "shuttle/io/keys.hpp"

#include <algorithm>

namespace shuttle::relay {
namespace {

constexpr std::size_t most_fights = 16;
constexpr auto coming_back = std::chrono::seconds(30);         // agents dial again within seconds
constexpr auto coming_after_start = std::chrono::seconds(60);  // all of them
constexpr std::int64_t again_soon = 5;                         // seconds
constexpr std::string_view port = ":443";
constexpr std::string_view everybody = "*";

bool bearer(std::string_view header, std::string_view& token) {
    constexpr std::string_view scheme = "bearer ";
    if (header.size() <= scheme.size()) return false;
    for (std::size_t k = 0; k < scheme.size(); ++k) {
        const char c = header[k] >= 'A' && header[k] <= 'Z' ? static_cast<char>(header[k] - 'A' + 'a') : header[k];
        if (c != scheme[k]) return false;
    }
    token = header.substr(scheme.size());
    return true;
}

bool covers(const TokenRecord& token, const std::string& group) {
    return std::any_of(token.groups.begin(), token.groups.end(), [&](const auto& one) { return one == everybody || one == group; });
}

void end(const Session& session, core::EndCode code, std::string why) {
    session.end->say = code;
    session.end->say_text = std::move(why);
    session.tunnel->close();
}

}  // namespace

Switchboard::Switchboard(const Config& config)
    : config_(config),
      agent_quotas_({config.streams_per_agent, config.connects_per_agent, config.bytes_per_agent}),
      token_quotas_({config.streams_per_token, config.connects_per_token, config.bytes_per_token}),
      by_name_(Quotas({config.streams_per_token, config.connects_per_token, config.bytes_per_token}).of("")),
      begun_(std::chrono::steady_clock::now()) {}

void Switchboard::learn(Everything all) {
    agent_quotas_.learn(all.agents);
    token_quotas_.learn(all.tokens);
    agents_.clear();
    for (auto& agent : all.agents) agents_.emplace(agent.id, std::move(agent));
    tokens_ = std::move(all.tokens);
    std::vector<std::shared_ptr<Session>> ended;
    for (const auto& [id, session] : sessions_) {
        const auto* known = agent(id);
        if (known == nullptr || known->revoked != 0) ended.push_back(session);
    }
    for (const auto& session : ended) {
        static_cast<void>(leave(*session));
        end(*session, core::EndCode::revoked, "the agent was revoked at the relay");
    }
}

const AgentRecord* Switchboard::agent(const std::string& id) const {
    const auto found = agents_.find(id);
    return found == agents_.end() ? nullptr : &found->second;
}

core::VerdictCode Switchboard::judge(const std::string& id, const core::PublicKey& key) const {
    using core::VerdictCode;
    const auto* known = agent(id);
    if (known == nullptr) return VerdictCode::unknown_agent;
    if (known->key != key) return VerdictCode::wrong_key;
    if (known->revoked != 0) return VerdictCode::revoked;
    if (draining_) return VerdictCode::draining;
    return full() && !sessions_.contains(id) ? VerdictCode::busy : VerdictCode::welcome;
}

bool Switchboard::full() const {
    return static_cast<std::int64_t>(sessions_.size()) >= config_.max_agents;
}

void Switchboard::add(AgentRecord agent) {
    auto id = agent.id;
    agents_.insert_or_assign(std::move(id), std::move(agent));
}

bool Switchboard::enter(const std::shared_ptr<Session>& session) {
    ++counters.agents_connected;
    left_.erase(session->agent);
    const auto older = std::exchange(sessions_[session->agent], session);
    if (!older) return false;
    ++counters.agents_replaced;
    auto& times = taken_over_[session->agent];
    times.push_back(session->since);
    if (times.size() > most_fights) times.erase(times.begin());
    end(*older, core::EndCode::replaced, "a newer session came from " + session->address + ", host " + session->host);
    return true;
}

bool Switchboard::leave(const Session& session) {
    const auto here = sessions_.find(session.agent);
    if (here == sessions_.end() || here->second.get() != &session) return false;
    sessions_.erase(here);
    seen_[session.agent] = unix_now();
    left_[session.agent] = std::chrono::steady_clock::now();
    return true;
}

std::uint64_t Switchboard::next_generation() {
    // Greater than all of an earlier run, without being written down.
    const auto by_clock = static_cast<std::uint64_t>(unix_now()) << 20U;
    last_generation_ = std::max(last_generation_ + 1, by_clock);
    return last_generation_;
}

unsigned Switchboard::fights(const std::string& id, std::int64_t now) const {
    const auto found = taken_over_.find(id);
    if (found == taken_over_.end()) return 0;
    const auto recent = [now](std::int64_t at) { return at > now - fight_seconds; };
    return static_cast<unsigned>(std::count_if(found->second.begin(), found->second.end(), recent));
}

std::vector<std::pair<std::string, std::int64_t>> Switchboard::take_seen() {
    std::vector<std::pair<std::string, std::int64_t>> list(seen_.begin(), seen_.end());
    seen_.clear();
    return list;
}

const TokenRecord* Switchboard::token(std::string_view header, std::int64_t now) const {
    std::string_view secret;
    if (!bearer(header, secret) || secret.size() > 200) return nullptr;
    const auto digest = io::sha256({reinterpret_cast<const core::Byte*>(secret.data()), secret.size()});
    const TokenRecord* found = nullptr;
    for (const auto& record : tokens_) {
        if (core::same_digest(record.sha256, digest)) found = &record;
    }
    const bool valid = found != nullptr && found->revoked == 0 && (found->expires == 0 || found->expires > now);
    return valid ? found : nullptr;
}

Found Switchboard::authorise(const TokenRecord& token, std::string_view target) {
    const bool form =
        target.size() > port.size() && target.ends_with(port) && core::is_agent_id(target.substr(0, target.size() - port.size()));
    if (!form) return Refused{400, "bad-target", "CONNECT goes to AGENT-ID:443 and to nothing else."};
    const std::string id(target.substr(0, target.size() - port.size()));
    const auto* known = agent(id);
    if (known == nullptr || known->revoked != 0 || !covers(token, known->group))
        return Refused{404, "no-such-agent", "There is no agent " + id + " that this token may reach."};
    return route_to(id, token_quotas_.of(token.id));
}

Found Switchboard::authorise_name(const std::string& id) {
    const auto* known = agent(id);
    const auto may = [&](const std::string& group) {
        const auto& groups = config_.sni_groups;
        return std::any_of(groups.begin(), groups.end(), [&](const auto& one) { return one == everybody || one == group; });
    };
    if (known == nullptr || known->revoked != 0 || !may(known->group)) return Refused{404, "no-such-agent", "There is no such agent."};
    return route_to(id, by_name_);
}

Found Switchboard::route_to(const std::string& id, std::shared_ptr<Quota> caller) {
    if (draining_) return Refused{503, "draining", "The relay stops; try again in a few seconds.", again_soon};
    const auto now = std::chrono::steady_clock::now();
    const auto session = sessions_.find(id);
    if (session == sessions_.end() || session->second->tunnel->session().going_away()) {
        const auto left = left_.find(id);
        const bool lately = left != left_.end() ? now - left->second < coming_back : session != sessions_.end();
        return Refused{503, "agent-offline", "The agent " + id + " has no tunnel to this relay now.", again_soon,
                       lately || now - begun_ < coming_after_start};
    }
    Route route;
    route.agent_ = agent_quotas_.of(id);
    route.caller_ = std::move(caller);
    const auto agents = may_connect(*route.agent_, now);
    if (agents.why != Allowed::Why::well) return too_much(*route.agent_, agents);
    if (route.caller_->streams >= route.caller_->most_streams) return too_much(*route.caller_, {Allowed::Why::streams, {}});
    route.agent_->connects.take(1, now);
    route.session_ = session->second;
    return route;
}

std::optional<Refused> Switchboard::count(const TokenRecord& token) {
    const auto quota = token_quotas_.of(token.id);
    const auto now = std::chrono::steady_clock::now();
    const auto wait = quota->connects.until(1, now);
    if (wait > core::Duration::zero()) return too_much(*quota, {Allowed::Why::connects, wait});
    quota->connects.take(1, now);
    return std::nullopt;
}

Refused Switchboard::too_much(Quota& quota, const Allowed& why) {
    ++quota.refused;
    if (why.why == Allowed::Why::streams) {
        ++counters.over_streams;
        return {429, "too-many-streams", "As many connections are open as the relay's limits allow.", again_soon};
    }
    ++counters.over_connects;
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(why.wait).count();
    return {429, "too-many-connects", "More connections were begun than the relay's limits allow in a second.",
            std::max<std::int64_t>(1, seconds)};
}

void Switchboard::opened(const Route& route) {
    ++counters.streams;
    ++route.session()->streams;
    for (const auto& quota : {route.agent(), route.caller()}) {
        ++quota->streams;
        ++quota->connected;
    }
}

void Switchboard::closed(const Route& route) {
    --route.session()->streams;
    --route.agent()->streams;
    --route.caller()->streams;
}

void Switchboard::drain(const std::string& why) {
    draining_ = true;
    for (const auto& [id, session] : sessions_) {
        session->end->say = core::EndCode::draining;
        session->end->say_text = why;
        session->tunnel->go_away();
    }
}

void Switchboard::end_all() {
    const auto all = sessions_;
    for (const auto& [id, session] : all) end(*session, core::EndCode::draining, "the relay stops");
}

std::int64_t Switchboard::streams() const {
    std::int64_t count = 0;
    for (const auto& [id, session] : sessions_) count += session->streams;
    return count;
}

}  // namespace shuttle::relay
