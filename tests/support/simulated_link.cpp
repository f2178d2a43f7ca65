#include "tests/support/simulated_link.hpp"

#include <algorithm>
#include <stdexcept>

namespace imc::testing {

using namespace shuttle::core;

SimulatedLink::SimulatedLink(const Limits& client, const Limits& server, const Path& path)
    : path_(path),
      ends_{End{Session(Role::client, client, {}), {}, {}, 0, {}, false, false, false},
            End{Session(Role::server, server, {}), {}, {}, 0, {}, false, false, false}} {}

bool SimulatedLink::pump(End& from) {
    bool moved = false;
    for (;;) {
        if (!from.held) {
            std::vector<Byte> frame;
            if (from.is_cut || !from.session.send(frame, now_)) return moved;
            ++frames_;
            from.held = std::move(frame);
        }
        if (from.in_buffer > 0 && from.in_buffer + from.held->size() > path_.buffer) return moved;
        auto bytes = std::move(*from.held);
        from.held.reset();
        from.session.written(now_);
        moved = true;
        if (from.silenced) continue;
        from.free_at = std::max(from.free_at, now_);
        if (path_.bytes_per_second > 0) {
            const std::chrono::duration<double> takes(static_cast<double>(bytes.size()) / path_.bytes_per_second);
            from.free_at += std::chrono::duration_cast<Duration>(takes);
        }
        from.in_buffer += bytes.size();
        from.wire.push_back({from.free_at + path_.delay, std::move(bytes)});
    }
}

bool SimulatedLink::deliver(End& from, End& to) {
    bool moved = false;
    while (!from.wire.empty() && !to.frozen && from.wire.front().arrives <= now_) {
        const auto bytes = std::move(from.wire.front().bytes);
        from.wire.pop_front();
        from.in_buffer -= bytes.size();
        moved = true;
        if (from.silenced || to.is_cut) continue;
        for (Bytes rest(bytes); !rest.empty();) {
            const auto piece = rest.first(std::min(rest.size(), path_.piece));
            to.session.receive(piece, now_);
            rest = rest.subspan(piece.size());
        }
    }
    return moved;
}

TimePoint SimulatedLink::next(const End& from, const End& to) const {
    auto result = from.session.deadline();
    if (!from.wire.empty() && !to.frozen) result = std::min(result, from.wire.front().arrives);
    return result;
}

void SimulatedLink::settle() {
    for (int round = 0;; ++round) {
        if (round > 100'000) throw std::logic_error("the simulation does not come to rest");
        bool moved = deliver(ends_[0], ends_[1]);
        moved = deliver(ends_[1], ends_[0]) || moved;
        for (auto& end : ends_) {
            if (end.session.deadline() > now_) continue;
            end.session.tick(now_);
            moved = true;
        }
        if (act_) act_();
        moved = pump(ends_[0]) || moved;
        moved = pump(ends_[1]) || moved;
        if (!moved) return;
    }
}

bool SimulatedLink::run_until(const std::function<bool()>& done, Duration limit) {
    const auto until = now_ + limit;
    for (;;) {
        settle();
        if (done()) return true;
        const auto at = std::min(next(ends_[0], ends_[1]), next(ends_[1], ends_[0]));
        if (at > until) {
            now_ = until;
            return false;
        }
        now_ = std::max(now_, at);
    }
}

void SimulatedLink::run_for(Duration time) {
    run_until([] { return false; }, time);
}

void SimulatedLink::cut() {
    for (auto& end : ends_) {
        end.is_cut = true;
        end.wire.clear();
        end.in_buffer = 0;
        end.held.reset();
        end.session.fail(errc::closed_by_peer, now_);
    }
}

}  // namespace imc::testing
