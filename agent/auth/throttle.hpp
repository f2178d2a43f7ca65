// How long a failed login has to wait, by where it came from: a quarter of a second, doubled with every further
// failure up to 8 s, forgotten after 10 minutes without one. Holds 4096 callers at most; the one whose last
// failure is oldest makes room. What it is not: a clock or a timer.
#pragma once

#include "agent/store/records.hpp"

#include <chrono>
#include <list>
#include <string>
#include <unordered_map>

namespace imc::auth {

class Throttle {
public:
    static constexpr std::size_t most_callers = 4'096;
    // Notes a failure of `caller` at `now` and gives the pause before its answer.
    [[nodiscard]] std::chrono::milliseconds failed(const std::string& caller, store::UnixTime now);
    [[nodiscard]] std::size_t size() const { return callers_.size(); }

private:
    struct Caller {
        std::string name;
        std::chrono::milliseconds delay;
        store::UnixTime last;
    };
    std::list<Caller> callers_;  // by last failure, oldest first
    std::unordered_map<std::string, std::list<Caller>::iterator> by_name_;
};

// Whom an address stands for: itself, or its /64 for IPv6, since one host has all of those.
[[nodiscard]] std::string caller_of(const std::string& address);

}  // namespace imc::auth
