// When an agent is worth telling about: online, offline for longer than a grace, or one that comes and goes. What it is not: the
// sender of what is told (courier.hpp), or a clock; the time is handed in. Plain values, no I/O.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace shuttle::relay {

struct HealthPolicy {  // seconds
    std::int64_t grace = 60;
    std::size_t flaps = 5;           // so many changes within `flap_window` are flapping
    std::int64_t flap_window = 600;  // it ends when there was none for so long
};

enum class Standing { unknown, online, offline, flapping };
[[nodiscard]] std::string_view word_of(Standing told) noexcept;  // "online"; unknown: ""
[[nodiscard]] Standing standing_of(std::string_view word) noexcept;

struct HealthEvent {
    std::string agent;
    Standing what = Standing::online;
    std::int64_t since = 0;   // Unix seconds: of that state; of flapping: the first change counted
    std::size_t changes = 0;  // of flapping
};

class Health {
public:
    explicit Health(HealthPolicy policy) : policy_(policy) {}

    // The agents that there are, with what was told of each last; the others are forgotten, and nothing is told of them. A known
    // one keeps what is known of it here; new ones count as down since `now`.
    void know(const std::map<std::string, Standing>& agents, std::int64_t now);
    void up(const std::string& agent, std::int64_t now);  // a tunnel was made; also one in place of another
    void down(const std::string& agent, std::int64_t now);
    // What is to be told now, in the order of agents; until it is noted().
    [[nodiscard]] std::vector<HealthEvent> due(std::int64_t now) const;
    void noted(const std::vector<HealthEvent>& events);
    [[nodiscard]] std::size_t flapping() const;

private:
    struct State {
        Standing told = Standing::unknown;
        bool up = false;
        std::int64_t since = 0;            // of `up`
        std::deque<std::int64_t> changes;  // the newest, at most `flaps`
    };
    void changed(State& state, std::int64_t now) const;
    [[nodiscard]] std::optional<HealthEvent> due(const std::string& agent, const State& state, std::int64_t now) const;

    HealthPolicy policy_;
    std::map<std::string, State> agents_;
};

}  // namespace shuttle::relay
