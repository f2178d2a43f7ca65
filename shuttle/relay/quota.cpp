#include "shuttle/relay/quota.hpp"

namespace shuttle::relay {

namespace {

constexpr double burst_seconds = 0.25;     // of bytes
constexpr double least_burst = 64 * 1024;  // bytes; pieces are of 16 KiB

}  // namespace

Allowed may_connect(const Quota& quota, core::TimePoint now) noexcept {
    if (quota.streams >= quota.most_streams) return {Allowed::Why::streams, {}};
    const auto wait = quota.connects.until(1, now);
    if (wait > core::Duration::zero()) return {Allowed::Why::connects, wait};
    return {};
}

std::shared_ptr<Quota> Quotas::of(const std::string& id) {
    const auto found = all_.find(id);
    return found != all_.end() ? found->second : all_[id] = set(id, {});
}

std::shared_ptr<Quota> Quotas::set(const std::string& id, const Allowance& allowance) {
    const auto found = all_.find(id);
    auto quota = found != all_.end() ? found->second : std::make_shared<Quota>();
    const auto or_usual = [](std::int64_t own, std::int64_t usual) { return own > 0 ? own : usual; };
    quota->most_streams = or_usual(allowance.streams, usual_.streams);
    const auto connects = static_cast<double>(or_usual(allowance.connects, usual_.connects));
    quota->connects.set(connects, std::max(connects, 1.0));
    const auto bytes = static_cast<double>(or_usual(allowance.bytes, usual_.bytes));
    const double burst = std::max(bytes * burst_seconds, least_burst);
    quota->up.set(bytes, burst);
    quota->down.set(bytes, burst);
    return quota;
}

}  // namespace shuttle::relay
