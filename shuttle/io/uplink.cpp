#include "shuttle/io/uplink.hpp"

#include "shuttle/io/keys.hpp"
#include "shuttle/io/wait.hpp"

#include <ctime>
#include <list>

namespace shuttle::io {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using SteadyTime = std::chrono::steady_clock::time_point;

namespace {

constexpr auto look_every = 250ms;
constexpr auto jump = 5s;           // by which the clocks may disagree, or a look be late, before it counts as sleep
constexpr auto probe_limit = 5s;    // for the answer after sleep
constexpr auto drain_smear = 10s;   // within which the next tunnel is begun when the relay drains
constexpr auto drain_limit = 120s;  // for the streams of the old one

std::int64_t unix_now() {
    return static_cast<std::int64_t>(std::time(nullptr));
}

// Notices sleep: one clock stands still, the other does not, or both went on without us.
class SleepWatch {
public:
    [[nodiscard]] bool slept() {
        const auto steady = std::chrono::steady_clock::now();
        const auto wall = std::chrono::system_clock::now();
        const auto by_steady = steady - std::exchange(steady_, steady);
        const auto by_wall = wall - std::exchange(wall_, wall);
        return by_steady > look_every + jump || by_wall > by_steady + jump;
    }

private:
    SteadyTime steady_ = std::chrono::steady_clock::now();
    std::chrono::system_clock::time_point wall_ = std::chrono::system_clock::now();
};

// One tunnel with what became of it.
struct Line {
    std::unique_ptr<Tunnel> tunnel;
    std::shared_ptr<WebSocketEnd> end;
    std::optional<boost::system::error_code> ended;
    std::string agent;
};

std::string why_ended(const Line& line) {
    const auto heard = static_cast<core::EndCode>(line.end->heard);
    const std::string text = line.end->heard_text.empty() ? std::string() : ": " + line.end->heard_text;
    if (heard == core::EndCode::replaced) return "the relay ended the tunnel for a newer one of the same agent" + text;
    if (heard == core::EndCode::revoked) return "the relay has revoked this agent" + text;
    if (heard == core::EndCode::draining) return "the relay stops" + text;
    return line.ended ? line.ended->message() : std::string();
}

}  // namespace

struct Uplink::Impl : std::enable_shared_from_this<Uplink::Impl> {
    Impl(asio::any_io_executor executor, Supervisor& jobs, DialTarget where, Serve what, Tell told, const core::BackoffPolicy& policy)
        : network(std::move(executor)),
          supervisor(jobs),
          target(std::move(where)),
          serve(std::move(what)),
          tell(std::move(told)),
          healthy(policy.healthy),
          backoff(policy),
          down_since(unix_now()) {
        facts.since = down_since;
    }

    asio::any_io_executor network;
    Supervisor& supervisor;
    DialTarget target;
    Serve serve;
    Tell tell;
    core::Duration healthy;
    core::Backoff backoff;
    UplinkFacts facts;
    std::int64_t down_since;  // since a healthy tunnel was last up, or the start
    SteadyTime up_since;      // while connected
    std::list<std::shared_ptr<Line>> lines;
    std::uint64_t numbered = 0;
    bool stopping = false;

    void set(UplinkState state) {
        const bool up = state == UplinkState::connected;
        if (up) up_since = std::chrono::steady_clock::now();
        // One that dies as soon as it is made must not make each time without a tunnel look short.
        if (!up && is_healthy()) down_since = unix_now();
        facts.since = up ? unix_now() : down_since;
        facts.state = state;
    }

    [[nodiscard]] bool is_healthy() const {
        return facts.state == UplinkState::connected && std::chrono::steady_clock::now() - up_since >= healthy;
    }

    asio::awaitable<void> run() {
        while (!stopping) {
            set(UplinkState::dialing);
            facts.next_try = 0;
            auto dial_target = target;
            dial_target.at = [weak = weak_from_this()](Step step) {
                if (const auto self = weak.lock()) self->facts.under_way = step;
            };
            auto dialled = co_await dial(std::move(dial_target));
            if (stopping) co_return;
            core::Duration wait{};
            if (dialled) {
                wait = co_await keep(begin(std::move(*dialled)));
            } else {
                wait = after(std::move(dialled).error());
            }
            if (stopping) co_return;
            set(UplinkState::waiting);
            co_await rest(wait);
        }
    }

    core::Duration after(DialFailure failure) {
        const auto now = std::chrono::steady_clock::now();
        facts.step = failure.step;
        facts.problem = failure.says;
        facts.refused = failure.refused();
        facts.dial = std::move(failure.facts);
        tell(std::string(word_of(failure.step)) + ": " + failure.says);
        core::Duration wait{};
        if (failure.refused()) {
            wait = backoff.after_refusal(now, random_bits());
        } else if (failure.wait > 0s) {
            wait = backoff.as_told(now, failure.wait, failure.wait + failure.wait / 2, random_bits());
        } else {
            wait = backoff.after_failure(now, random_bits());
        }
        facts.failures = backoff.failures();
        return wait;
    }

    std::shared_ptr<Line> begin(Dialled dialled) {
        auto line = std::make_shared<Line>();
        line->end = dialled.transport->end();
        line->agent = dialled.agent;
        line->tunnel = std::make_unique<Tunnel>(network, std::move(dialled.transport), core::Role::client);
        lines.push_back(line);
        const auto number = std::to_string(++numbered);
        auto carry = [self = shared_from_this(), line]() { return self->carry(line); };
        auto take = [self = shared_from_this(), line]() { return self->take(line); };
        supervisor.start("tunnel " + number, std::move(carry));
        supervisor.start("streams of tunnel " + number, std::move(take));
        backoff.connected(std::chrono::steady_clock::now());
        facts.problem.clear();
        facts.refused = facts.replaced = false;
        facts.step = Step::mux;
        facts.dial = std::move(dialled.facts);
        facts.generation = dialled.verdict.generation;
        ++facts.connections;
        set(UplinkState::connected);
        tell("connected to the relay " + target.intent.relay + " at " + facts.dial.address +
             (facts.dial.proxy.empty() ? std::string() : " by the proxy " + facts.dial.proxy) +
             (facts.dial.intercepted ? "; the TLS is intercepted by " + facts.dial.certificate.issuer : std::string()));
        return line;
    }

    asio::awaitable<void> carry(std::shared_ptr<Line> line) {
        struct Ended {
            Impl& impl;
            std::shared_ptr<Line> line;
            ~Ended() {
                if (!line->ended) line->ended = make_error_code(asio::error::operation_aborted);
                impl.lines.remove(line);
            }
        };
        const auto self = shared_from_this();
        const Ended ended{*self, line};
        line->ended = co_await line->tunnel->run();
    }

    asio::awaitable<void> take(std::shared_ptr<Line> line) {
        for (;;) {
            auto stream = co_await line->tunnel->accept();
            if (!stream) co_return;
            ++facts.streams;
            // Jobs can be copied, streams cannot.
            auto held = std::make_shared<TunnelStream>(std::move(*stream));
            auto work = [self = shared_from_this(), line, held]() { return self->serve(std::move(*held)); };
            supervisor.start("stream " + std::to_string(facts.streams), std::move(work));
        }
    }

    // Until the tunnel has ended, or the next one should be made; how long to wait before that.
    asio::awaitable<core::Duration> keep(std::shared_ptr<Line> line) {
        SleepWatch sleep;
        bool was_going = false;
        while (!line->ended && !stopping) {
            const bool go_on = co_await pause(look_every);
            if (!go_on) break;
            if (sleep.slept() && !line->ended) line->tunnel->probe(probe_limit);
            if (const auto trip = line->tunnel->session().round_trip().last())
                facts.round_trip_us = std::chrono::duration_cast<std::chrono::microseconds>(*trip).count();
            // Not at once: a tunnel that is being ended says the same first, and why only then.
            const bool going = !line->ended && line->tunnel->session().going_away();
            if (going && std::exchange(was_going, true)) co_return leave(line);
        }
        co_return lost(*line);
    }

    // The relay drains: the old tunnel goes on beside the next.
    core::Duration leave(const std::shared_ptr<Line>& line) {
        tell("the relay drains; another tunnel is made before this one ends");
        auto drain = [self = shared_from_this(), line]() { return self->drain(line); };
        supervisor.start("draining tunnel", std::move(drain));
        return backoff.as_told(std::chrono::steady_clock::now(), 0s, drain_smear, random_bits());
    }

    asio::awaitable<void> drain(std::shared_ptr<Line> line) {
        const auto until = std::chrono::steady_clock::now() + drain_limit;
        // Not before there is another one: until then it is the only way in for what was begun.
        while (!line->ended && std::chrono::steady_clock::now() < until) {
            const bool go_on = co_await pause(look_every);
            if (!go_on || (line->tunnel->session().drained() && lines.size() > 1)) break;
        }
        if (!line->ended) line->tunnel->close();
    }

    core::Duration lost(const Line& line) {
        const auto now = std::chrono::steady_clock::now();
        const auto heard = static_cast<core::EndCode>(line.end->heard);
        facts.problem = why_ended(line);
        facts.step = Step::mux;
        facts.replaced = heard == core::EndCode::replaced;
        facts.refused = heard == core::EndCode::revoked;
        facts.round_trip_us = 0;
        tell("the tunnel has ended: " + facts.problem);
        const bool slow = facts.replaced || facts.refused;
        const auto wait = slow ? backoff.after_refusal(now, random_bits()) : backoff.after_failure(now, random_bits());
        facts.failures = backoff.failures();
        return wait;
    }

    asio::awaitable<void> rest(core::Duration wait) {
        facts.next_try = unix_now() + std::chrono::duration_cast<std::chrono::seconds>(wait).count();
        SleepWatch sleep;
        const auto until = std::chrono::steady_clock::now() + wait;
        while (!stopping && std::chrono::steady_clock::now() < until) {
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
            const bool go_on = co_await pause(std::clamp<std::chrono::milliseconds>(left, 1ms, look_every));
            // Whoever wakes up wants to be reachable, unless the relay does not want it.
            if (!go_on || (sleep.slept() && !facts.refused && !facts.replaced)) break;
        }
    }
};

Uplink::Uplink(asio::any_io_executor network, Supervisor& supervisor, DialTarget target, Serve serve, Tell tell,
               const core::BackoffPolicy& policy)
    : impl_(std::make_shared<Impl>(std::move(network), supervisor, std::move(target), std::move(serve), std::move(tell), policy)) {}

Uplink::~Uplink() {
    stop();
}

asio::awaitable<void> Uplink::run() {
    const auto impl = impl_;
    co_await impl->run();
}

void Uplink::stop() {
    impl_->stopping = true;
    for (const auto& line : std::list(impl_->lines)) line->tunnel->close();
}

UplinkFacts Uplink::facts() const {
    auto facts = impl_->facts;
    facts.healthy = impl_->is_healthy();
    if (facts.healthy) facts.failures = 0;
    return facts;
}

}  // namespace shuttle::io
