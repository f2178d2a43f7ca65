#include "shuttle/relay/switchboard.hpp"

#include "shuttle/io/keys.hpp"

#include <algorithm>
#include <ctime>

namespace shuttle::relay {
namespace {

constexpr std::size_t most_fights = 16;
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

std::int64_t unix_now() {
    return static_cast<std::int64_t>(std::time(nullptr));
}

void Switchboard::learn(Everything all) {
    agents_.clear();
    for (auto& agent : all.agents) agents_.emplace(agent.id, std::move(agent));
    tokens_ = std::move(all.tokens);
    std::vector<std::shared_ptr<Session>> ended;
    for (const auto& [id, session] : sessions_) {
        const auto* known = agent(id);
        if (known == nullptr || known->revoked != 0) ended.push_back(session);
    }
    for (const auto& session : ended) {
        leave(*session);
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
    const auto older = std::exchange(sessions_[session->agent], session);
    if (!older) return false;
    ++counters.agents_replaced;
    auto& times = taken_over_[session->agent];
    times.push_back(session->since);
    if (times.size() > most_fights) times.erase(times.begin());
    end(*older, core::EndCode::replaced, "a newer session came from " + session->address + ", host " + session->host);
    return true;
}

void Switchboard::leave(const Session& session) {
    const auto here = sessions_.find(session.agent);
    if (here == sessions_.end() || here->second.get() != &session) return;
    sessions_.erase(here);
    seen_[session.agent] = unix_now();
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

boost::system::result<Route, Refused> Switchboard::authorise(const TokenRecord& token, std::string_view target) {
    const bool form =
        target.size() > port.size() && target.ends_with(port) && core::is_agent_id(target.substr(0, target.size() - port.size()));
    if (!form) return Refused{400, "bad-target", "CONNECT goes to AGENT-ID:443 and to nothing else."};
    const std::string id(target.substr(0, target.size() - port.size()));
    const auto* known = agent(id);
    if (known == nullptr || known->revoked != 0 || !covers(token, known->group))
        return Refused{404, "no-such-agent", "There is no agent " + id + " that this token may reach."};
    if (draining_) return Refused{503, "draining", "The relay stops; try again in a few seconds."};
    const auto session = sessions_.find(id);
    if (session == sessions_.end() || session->second->tunnel->session().going_away())
        return Refused{503, "agent-offline", "The agent " + id + " has no tunnel to this relay now."};
    const auto used = streams_by_token_.find(token.id);
    if (session->second->streams >= config_.streams_per_agent ||
        (used != streams_by_token_.end() && used->second >= config_.streams_per_token))
        return Refused{429, "too-many-streams", "As many connections are open as the relay's limits allow."};
    Route route;
    route.session_ = session->second;
    route.token_ = token.id;
    return route;
}

void Switchboard::opened(const Route& route) {
    ++counters.streams;
    ++route.session()->streams;
    ++streams_by_token_[route.token()];
}

void Switchboard::closed(const Route& route) {
    --route.session()->streams;
    const auto used = streams_by_token_.find(route.token());
    if (used != streams_by_token_.end() && --used->second == 0) streams_by_token_.erase(used);
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
