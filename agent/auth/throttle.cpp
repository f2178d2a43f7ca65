#include "agent/auth/throttle.hpp"

#include "agent/auth/networks.hpp"

#include <algorithm>

namespace imc::auth {
namespace {

constexpr std::chrono::milliseconds first_delay{250};
constexpr std::chrono::milliseconds longest_delay{8'000};
constexpr store::UnixTime forgotten_after = 600;  // seconds

}  // namespace

std::chrono::milliseconds Throttle::failed(const std::string& caller, store::UnixTime now) {
    const auto known = by_name_.find(caller);
    if (known == by_name_.end()) {
        if (callers_.size() >= most_callers) {
            by_name_.erase(callers_.front().name);
            callers_.pop_front();
        }
        callers_.push_back({caller, first_delay, now});
        by_name_[caller] = std::prev(callers_.end());
        return first_delay;
    }
    auto& entry = *known->second;
    const bool forgotten = now - entry.last >= forgotten_after;
    entry.delay = forgotten ? first_delay : std::min(entry.delay * 2, longest_delay);
    entry.last = now;
    callers_.splice(callers_.end(), callers_, known->second);
    return entry.delay;
}

std::string caller_of(const std::string& address) {
    const auto plain = plain_address(address);
    if (!plain) return address;
    if (plain->is_v4()) return plain->to_string();
    return boost::asio::ip::network_v6(plain->to_v6(), 64).canonical().to_string();
}

}  // namespace imc::auth
