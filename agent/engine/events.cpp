#include "agent/engine/events.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <deque>
#include <vector>

namespace imc::engine {
namespace {

constexpr std::size_t kept_events = 256;
constexpr auto heartbeat = std::chrono::seconds(15);

struct Event {
    std::uint64_t serial = 0;  // place in the feed, without holes
    std::uint64_t id = 0;
    std::string text;
};

}  // namespace

struct Events::State {
    explicit State(boost::asio::any_io_executor network) : home(std::move(network)) {}
    boost::asio::any_io_executor home;
    std::deque<Event> events;
    std::uint64_t next_serial = 1;
    bool closed = false;
    std::vector<boost::asio::steady_timer*> waiting;

    void wake() {
        for (auto* timer : waiting) timer->cancel();
    }
};

class Events::Listener final : public api::Feed {
public:
    Listener(std::shared_ptr<State> state, std::uint64_t serial, bool reset)
        : state_(std::move(state)), timer_(state_->home), serial_(serial), reset_(reset) {
        state_->waiting.push_back(&timer_);
    }
    ~Listener() override { std::erase(state_->waiting, &timer_); }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    boost::asio::awaitable<std::optional<std::string>> next() override {
        if (state_->closed) co_return std::nullopt;
        if (!pending()) {
            timer_.expires_after(heartbeat);
            boost::system::error_code woken;
            co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
        }
        if (state_->closed) co_return std::nullopt;
        co_return take();
    }

private:
    [[nodiscard]] bool pending() const { return reset_ || serial_ < state_->next_serial; }

    std::string take() {
        std::string text;
        if (!state_->events.empty() && serial_ < state_->events.front().serial) reset_ = true;
        if (reset_) {
            text = "event: reset\ndata: {}\n\n";
            serial_ = state_->next_serial;
            reset_ = false;
        }
        for (const Event& event : state_->events) {
            if (event.serial >= serial_) text += event.text;
        }
        serial_ = state_->next_serial;
        return text;
    }

    std::shared_ptr<State> state_;
    boost::asio::steady_timer timer_;
    std::uint64_t serial_;
    bool reset_;
};

Events::Events(boost::asio::any_io_executor network) : state_(std::make_shared<State>(std::move(network))) {}
Events::~Events() {
    close();
}

void Events::publish(std::uint64_t id, const std::string& name, const std::string& data) {
    State& state = *state_;
    state.events.push_back({state.next_serial, id, "id: " + std::to_string(id) + "\nevent: " + name + "\ndata: " + data + "\n\n"});
    ++state.next_serial;
    if (state.events.size() > kept_events) state.events.pop_front();
    state.wake();
}

std::shared_ptr<api::Feed> Events::listen(const std::string& last_id) {
    if (last_id.empty()) return std::make_shared<Listener>(state_, state_->next_serial, false);
    std::uint64_t id = 0;
    const auto [end, error] = std::from_chars(last_id.data(), last_id.data() + last_id.size(), id);
    const bool readable = error == std::errc() && end == last_id.data() + last_id.size();
    const auto found = std::find_if(state_->events.begin(), state_->events.end(), [id](const Event& event) { return event.id == id; });
    if (!readable || found == state_->events.end()) return std::make_shared<Listener>(state_, state_->next_serial, true);
    return std::make_shared<Listener>(state_, found->serial + 1, false);
}

void Events::close() {
    state_->closed = true;
    state_->wake();
}

}  // namespace imc::engine
