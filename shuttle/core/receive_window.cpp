#include "shuttle/core/receive_window.hpp"

#include <algorithm>
#include <utility>

namespace shuttle::core {

bool ReceiveWindow::announce(std::uint32_t bytes) noexcept {
    if (bytes > credit_) return false;
    credit_ -= bytes;
    return true;
}

void ReceiveWindow::consumed(std::uint32_t bytes, TimePoint now, std::optional<Duration> round_trip, WindowBudget& budget) noexcept {
    ungranted_ += bytes;  // at most size_: only what was announced can be consumed
    if (!round_trip || size_ >= largest_) return;
    if (round_began_ && now - *round_began_ > *round_trip) {
        // The round lasted longer than one round trip: what one trip saw is its share.
        const auto share = static_cast<double>(in_round_) * static_cast<double>(round_trip->count()) /
                           static_cast<double>(std::max<Duration::rep>((now - *round_began_).count(), 1));
        const auto growth = std::min(size_, largest_ - size_);
        if (share > static_cast<double>(size_) / 2 && budget.take_growth(growth)) {
            size_ += growth;
            ungranted_ += growth;
        }
        round_began_.reset();
    }
    if (!round_began_) {
        round_began_ = now;
        in_round_ = 0;
        return;  // these bytes came before the round that begins now
    }
    in_round_ += std::min(bytes, UINT32_MAX - in_round_);
}

std::uint32_t ReceiveWindow::grant() noexcept {
    credit_ += ungranted_;
    return std::exchange(ungranted_, 0);
}

}  // namespace shuttle::core
