// The relay as a program: one network thread, signals, the state file, and the end of it all.
#include "agent/host/files.hpp"
#include "agent/host/lock.hpp"
#include "agent/host/overseer.hpp"
#include "agent/host/process.hpp"
#include "shuttle/io/wait.hpp"
#include "shuttle/relay/places.hpp"
#include "shuttle/relay/relay.hpp"
#include "shuttle/relay/verbs.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace shuttle::relay {

namespace asio = boost::asio;
namespace host = imc::host;
using namespace std::chrono_literals;

namespace {

constexpr auto state_every = 500ms;
constexpr std::int64_t state_at_least = 10;  // seconds; readers believe it for half a minute

class Program {
public:
    Program(Config config, Places places, std::unique_ptr<host::Lock> lock, Material what, Registry registry, host::Overseer& overseer)
        : config_(std::move(config)),
          places_(std::move(places)),
          lock_(std::move(lock)),
          overseer_(overseer),
          sink_(std::make_shared<spdlog::sinks::stderr_sink_st>()),
          logger_("imshuttle", sink_),
          supervisor_(network_.get_executor(),
                      [this](const std::string& job, const std::string& what_failed) {
                          log(Level::error, job + ": " + what_failed);
                          problem_ = what_failed;
                      }),
          relay_(network_.get_executor(), config_, std::move(what), std::move(registry),
                 [this](Level level, const std::string& line) { log(level, line); }),
          signals_(network_) {
        logger_.set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
        logger_.set_level(spdlog::level::from_str(config_.log_level));
    }

    int run() {
        for (const int signal : host::stop_signals()) signals_.add(signal);
        supervisor_.on_stop_all([this] {
            failed_ = true;
            begin_stop();
        });
        overseer_.on_request([this](host::Request request) {
            asio::post(network_, [this, request] {
                if (request == host::Request::stop) begin_stop();
            });
        });
        log(Level::info, "imshuttle " + version() + " starts; data in " + places_.directory);
        auto begin = [this] { return start(); };
        supervisor_.start("start", begin, io::OnFailure::stop_all);
        network_.run();
        static_cast<void>(host::remove_file(places_.state));
        log(Level::info, "stopped");
        overseer_.on_request({});
        failed_ ? overseer_.failed(host::StartStep::running, problem_) : overseer_.stopped();
        return failed_ ? 1 : 0;
    }

private:
    void log(Level level, const std::string& line) {
        using spdlog::level::level_enum;
        const auto as = level == Level::debug     ? level_enum::debug
                        : level == Level::info    ? level_enum::info
                        : level == Level::warning ? level_enum::warn
                                                  : level_enum::err;
        // What peers say of themselves is printable ASCII; the system's own messages may not be, and are passed as they are.
        logger_.log(as, "{}", line);
    }

    asio::awaitable<void> start() {
        auto ports = handed_over(network_.get_executor());
        if (!ports) throw std::runtime_error(ports.error());
        const auto started = co_await relay_.start(std::move(*ports));
        if (!started) throw std::runtime_error(started.error());
        for (const auto& address : relay_.agents_listening()) log(Level::info, "agents: listening on " + address);
        for (const auto& address : relay_.portal_listening()) log(Level::info, "portals: listening on " + address);
        auto signals = [this] { return watch_signals(); };
        auto state = [this] { return tell_state(); };
        supervisor_.start("signals", signals, io::OnFailure::stop_all);
        supervisor_.start("state file", state, io::OnFailure::restart);
        overseer_.ready();
    }

    asio::awaitable<void> watch_signals() {
        co_await signals_.async_wait(asio::use_awaitable);
        log(Level::info, "asked to stop");
        begin_stop();
    }

    asio::awaitable<void> tell_state() {
        std::optional<std::uint64_t> before;
        std::int64_t told = 0;
        for (;;) {
            const auto changes = relay_.changes();
            const auto now = unix_now();
            if (changes != before || now < told || now - told >= state_at_least) {
                told = now;
                before = changes;
                co_await write_state(now);
            }
            if (relay_.drain_wanted() && !stopping_) {
                log(Level::info, "asked to drain");
                begin_stop();
            }
            const bool go_on = co_await io::pause(state_every);
            if (!go_on) co_return;
        }
    }

    // Thousands of agents are megabytes: the network thread does not wait until they are text, or on the disk.
    asio::awaitable<void> write_state(std::int64_t now) {
        auto state = relay_.state();
        state["pid"] = host::process_id();
        state["told"] = now;  // so that nobody takes what a killed relay has left for the truth
        // Readable by administrators only, as its directory is.
        auto write = [file = places_.state, state = std::move(state)] { return host::write_file(file, state.dump() + "\n", false); };
        const auto written = co_await io::on(files_.get_executor(), std::move(write));
        if (!written) log(Level::error, places_.state + " cannot be written: " + written.error().message());
    }

    void begin_stop() {
        if (stopping_) return;
        stopping_ = true;
        overseer_.stopping(grace() + 5s);
        // The one coroutine outside the supervisor: it ends the supervisor itself, and then the network thread.
        asio::co_spawn(network_, end(), [this](std::exception_ptr) { network_.stop(); });
    }

    // Others wait at the ports for the next relay, where there is one.
    [[nodiscard]] std::chrono::seconds grace() const {
        return std::chrono::seconds(relay_.has_successor() ? config_.restart_seconds : config_.drain_seconds);
    }

    asio::awaitable<void> end() {
        co_await relay_.stop(grace());
        signals_.cancel();
        const auto left = co_await supervisor_.stop(2s);
        for (const auto& job : left) log(Level::warning, "would not end: " + job);
    }

    Config config_;
    Places places_;
    std::unique_ptr<host::Lock> lock_;
    host::Overseer& overseer_;
    std::shared_ptr<spdlog::sinks::stderr_sink_st> sink_;
    spdlog::logger logger_;
    asio::io_context network_{1};
    io::Supervisor supervisor_;
    asio::thread_pool files_{1};
    Relay relay_;
    asio::signal_set signals_;
    std::string problem_;
    bool stopping_ = false;
    bool failed_ = false;
};

}  // namespace

int run(const Config& config) {
    const auto overseer = host::overseer_of_process();
    const Places places(config);
    const auto failed = [&](host::StartStep step, const std::string& why) {
        std::cerr << "imshuttle: " << why << "\n";
        overseer->failed(step, why);
        return 1;
    };
    if (auto made = host::make_private_directory(places.directory); !made)
        return failed(host::StartStep::data_directory,
                      "cannot make the data directory " + places.directory + ": " + made.error().message());
    auto lock = host::take_lock(places.lock);
    if (!lock) return failed(host::StartStep::lock, "another relay runs on the data directory " + places.directory);
    auto registry = Registry::open(places.registry);
    if (!registry) return failed(host::StartStep::stores, registry.error());
    auto what = material(config, places);
    if (!what) return failed(host::StartStep::certificate, what.error());
    Program program(config, places, std::move(lock), std::move(*what), std::move(*registry), *overseer);
    return program.run();
}

}  // namespace shuttle::relay
