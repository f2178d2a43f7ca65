#include "shuttle/relay/health.hpp"

#include <algorithm>
#include <utility>

namespace shuttle::relay {

std::string_view word_of(Standing told) noexcept {
    switch (told) {
        case Standing::online:
            return "online";
        case Standing::offline:
            return "offline";
        case Standing::flapping:
            return "flapping";
        case Standing::unknown:
            break;
    }
    return "";
}

Standing standing_of(std::string_view word) noexcept {
    for (const auto told : {Standing::online, Standing::offline, Standing::flapping}) {
        if (word == word_of(told)) return told;
    }
    return Standing::unknown;
}

void Health::know(const std::map<std::string, Standing>& agents, std::int64_t now) {
    std::erase_if(agents_, [&](const auto& one) { return !agents.contains(one.first); });
    for (const auto& [id, told] : agents) {
        const auto [place, is_new] = agents_.try_emplace(id);
        if (!is_new) continue;
        place->second.told = told;
        place->second.since = now;
    }
}

void Health::changed(State& state, std::int64_t now) const {
    state.changes.push_back(now);
    if (state.changes.size() > policy_.flaps) state.changes.pop_front();
}

void Health::up(const std::string& agent, std::int64_t now) {
    auto& state = agents_[agent];  // one that has just joined is not yet known otherwise
    changed(state, now);
    if (std::exchange(state.up, true)) return;
    state.since = now;
}

void Health::down(const std::string& agent, std::int64_t now) {
    const auto found = agents_.find(agent);
    if (found == agents_.end() || !found->second.up) return;
    changed(found->second, now);
    found->second.up = false;
    found->second.since = now;
}

std::vector<HealthEvent> Health::due(std::int64_t now) const {
    std::vector<HealthEvent> events;
    for (const auto& [id, state] : agents_) {
        if (auto event = due(id, state, now)) events.push_back(std::move(*event));
    }
    return events;
}

void Health::noted(const std::vector<HealthEvent>& events) {
    for (const auto& event : events) {
        const auto found = agents_.find(event.agent);
        if (found != agents_.end()) found->second.told = event.what;
    }
}

std::optional<HealthEvent> Health::due(const std::string& agent, const State& state, std::int64_t now) const {
    const auto& changes = state.changes;
    const bool often = changes.size() >= policy_.flaps && changes.front() > now - policy_.flap_window;
    const bool lately = !changes.empty() && changes.back() > now - policy_.flap_window;
    if (state.told == Standing::flapping && lately) return std::nullopt;
    if (state.told != Standing::flapping && often) return HealthEvent{agent, Standing::flapping, changes.front(), changes.size()};
    if (state.up && state.told != Standing::online) return HealthEvent{agent, Standing::online, state.since, 0};
    const bool gone = !state.up && now - state.since >= policy_.grace;
    if (gone && state.told != Standing::offline) return HealthEvent{agent, Standing::offline, state.since, 0};
    return std::nullopt;
}

std::size_t Health::flapping() const {
    return static_cast<std::size_t>(
        std::count_if(agents_.begin(), agents_.end(), [](const auto& one) { return one.second.told == Standing::flapping; }));
}

}  // namespace shuttle::relay
