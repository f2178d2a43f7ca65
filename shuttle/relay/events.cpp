// What becomes of agents' coming and going: the watch over it, and the messages to webhooks.
#include "shuttle/core/join_code.hpp"
#include "shuttle/relay/courier.hpp"
#include "shuttle/relay/desk.hpp"
#include "shuttle/relay/relay_impl.hpp"
#include "shuttle/relay/verbs.hpp"

namespace shuttle::relay {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr auto look_every = 500ms;
constexpr auto answer_limit = 15s;
constexpr std::int64_t first_pause = 5, longest_pause = 3'600;  // seconds, between tries
constexpr const char* reading_told = "what was told of agents can be read";
constexpr const char* writing_events = "events of agents can be written";
constexpr const char* reading_hooks = "webhooks can be read";
constexpr int at_once = 100;  // messages to one webhook before others have their turn

std::string event_id() {
    return "evt_" + random_text<10>();
}

Message message_of(const HealthEvent& event, const AgentRecord* agent, const Config& config, std::int64_t now) {
    Message message;
    message.id = event_id();
    message.kind = word_of(event.what);
    message.agent = event.agent;
    message.at = now;
    json body = {
        {"id", message.id},
        {"type", "agent." + message.kind},
        {"at", moment(now)},
        {"relay", config.name},
        {"agent", {{"id", event.agent}, {"group", agent ? json(agent->group) : json()}, {"host", agent ? json(agent->host) : json()}}},
        {"since", moment(event.since)}};
    if (event.what == Standing::flapping) body["changes"] = event.changes;
    message.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
    return message;
}

// Doubled with each failure, and anywhere in the second half of that.
std::int64_t pause_after(std::int64_t failures, std::int64_t wanted) {
    const auto doublings = std::min<std::int64_t>(failures - 1, 12);
    const auto pause = std::min(longest_pause, first_pause << doublings);
    const auto jittered = pause / 2 + static_cast<std::int64_t>(io::random_bits() % static_cast<std::uint64_t>(pause / 2 + 1));
    return std::max(jittered, wanted);
}

}  // namespace

// Said once for as long as it lasts; what waits is tried again at the next look.
void Relay::Impl::note_events(const std::string& what, const std::string& problem) {
    if (problem == std::exchange(events_problems[what], problem)) return;
    log(problem.empty() ? Level::info : Level::error, what + (problem.empty() ? " again" : " no more: " + problem));
}

// Agents as the registry has them; what was told of them by an earlier run.
asio::awaitable<void> Relay::Impl::know_agents() {
    auto read = [](Registry& book) { return book.told(); };
    const auto told = co_await with_registry(std::move(read));
    if (!told) {
        agents_changed = true;  // asked again
        co_return note_events(reading_told, told.error());
    }
    note_events(reading_told, {});
    std::map<std::string, Standing> agents;
    for (const auto& [id, agent] : board.agents()) {
        if (agent.revoked == 0) agents[id] = Standing::unknown;
    }
    for (const auto& [id, state] : *told) {
        const auto known = agents.find(id);
        if (known != agents.end()) known->second = standing_of(state);
    }
    health.know(agents, unix_now());
}

asio::awaitable<void> Relay::Impl::watch_health() {
    for (;;) {
        const bool go_on = co_await io::pause(look_every);
        if (!go_on) co_return;
        if (board.draining()) continue;  // it is the relay that goes, not the agents
        if (std::exchange(agents_changed, false)) co_await know_agents();
        const auto now = unix_now();
        const auto due = health.due(now);
        if (!due.empty()) co_await tell_of(due, now);
        if (hooks_pending) co_await send_out();
    }
}

asio::awaitable<void> Relay::Impl::tell_of(std::vector<HealthEvent> events, std::int64_t now) {
    std::vector<Message> messages;
    for (const auto& event : events) messages.push_back(message_of(event, board.agent(event.agent), config, now));
    auto write = [messages](Registry& book) { return book.tell(messages); };
    const auto written = co_await with_registry(std::move(write));
    if (!written) co_return note_events(writing_events, written.error());
    note_events(writing_events, {});
    health.noted(events);
    hooks_pending = true;
    events_told += events.size();
    for (const auto& event : events) {
        const auto level = event.what == Standing::online ? Level::info : Level::warning;
        log(level, "agent " + event.agent + " is told to be " + std::string(word_of(event.what)));
    }
}

// Starts a job for each webhook that has something waiting and is not busy or resting.
asio::awaitable<void> Relay::Impl::send_out() {
    auto read = [](Registry& book) { return book.hooks(); };
    auto hooks = co_await with_registry(std::move(read));
    if (!hooks) co_return note_events(reading_hooks, hooks.error());
    note_events(reading_hooks, {});
    hooks_pending = false;
    hooks_waiting = 0;
    const auto now = std::chrono::steady_clock::now();
    for (auto& hook : *hooks) {
        hooks_waiting += hook.waiting;
        if (hook.waiting == 0) continue;
        hooks_pending = true;
        auto& line = hook_lines[hook.id];
        if (line.busy || now < line.next_try) continue;
        line.busy = true;
        auto work = [self = shared_from_this(), hook = std::move(hook)]() { return self->serve_hook(hook); };
        supervisor.start("webhook " + hook.id, std::move(work));
    }
}

asio::awaitable<void> Relay::Impl::serve_hook(HookRecord hook) {
    struct Idle {
        HookLine& line;
        ~Idle() { line.busy = false; }
    };
    const auto self = shared_from_this();
    auto& line = hook_lines[hook.id];
    const Idle idle{line};
    for (int count = 0; count < at_once; ++count) {
        auto look = [id = hook.id](Registry& book) { return book.next_message(id, unix_now()); };
        const auto message = co_await with_registry(std::move(look));
        if (!message) log(Level::error, "webhook " + hook.id + ": " + message.error());
        if (!message || !*message) co_return;
        Courier courier{config.events_ca_file, "imshuttle/" + version()};
        const auto attempt = co_await deliver(std::move(courier), hook, **message, answer_limit);
        auto note = [id = hook.id, message = **message, attempt](Registry& book) {
            return book.attempted(id, message, attempt.outcome, attempt.delivered, unix_now());
        };
        const auto noted = co_await with_registry(std::move(note));
        if (!noted) log(Level::error, "webhook " + hook.id + ": " + noted.error());
        if (attempt.delivered && noted) {
            ++hooks_delivered;
            line.failures = 0;
            continue;
        }
        ++hooks_failed;
        const auto pause = pause_after(++line.failures, attempt.retry_after);
        line.next_try = std::chrono::steady_clock::now() + std::chrono::seconds(pause);
        log(Level::warning, "webhook " + hook.id + " was not reached: " + attempt.outcome + "; again in " + std::to_string(pause) + " s");
        co_return;
    }
}

}  // namespace shuttle::relay
