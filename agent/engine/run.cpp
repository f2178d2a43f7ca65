// Composition: one network thread, the stores, the agent, the server, signals, and the end of it all.
#include "agent/api/backend.hpp"
#include "agent/auth/gate.hpp"
#include "agent/auth/token.hpp"
#include "agent/engine/agent.hpp"
#include "agent/engine/certificates.hpp"
#include "agent/engine/engine.hpp"
#include "agent/engine/joiner.hpp"
#include "agent/engine/port.hpp"
#include "agent/engine/tunnel_keeper.hpp"
#include "agent/host/crash.hpp"
#include "agent/host/files.hpp"
#include "agent/host/lock.hpp"
#include "agent/host/process.hpp"
#include "agent/version.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <nlohmann/json.hpp>

namespace imc::engine {
namespace {

using host::StartStep;
using shuttle::io::OnFailure;
using shuttle::io::Supervisor;

constexpr auto stop_deadline = std::chrono::seconds(8);
constexpr auto certificate_interval = std::chrono::seconds(15);

store::UnixTime unix_now() {
    return static_cast<store::UnixTime>(std::time(nullptr));
}

// Why the program could not start, in a sentence for the log.
struct CannotStart {
    std::string why;
};

// How far the start has come; the overseer hears of each step.
class Start {
public:
    explicit Start(host::Overseer& overseer) : overseer_(overseer) {}
    void at(StartStep step) {
        step_ = step;
        if (step != StartStep::running) overseer_.starting(step);
    }
    [[nodiscard]] StartStep step() const { return step_; }
    [[nodiscard]] host::Overseer& overseer() const { return overseer_; }

private:
    host::Overseer& overseer_;
    StartStep step_ = StartStep::configuration;
};

class Program {
public:
    Program(std::shared_ptr<const config::Config> config, std::string config_file, Start& start)
        : config_file_(std::move(config_file)),
          start_(start),
          places_(*config),
          log_(*config),
          supervisor_(network_.get_executor(),
                      [this](const std::string& job, const std::string& what) {
                          log_.error(job + ": " + what);
                          problem_ = what;
                      }),
          gate_(unix_now,
                [this](const std::string& from, const std::string& why) { log_.warning("refused login from " + from + ": " + why); }),
          certificates_(places_.certificates, host::host_name()),
          signals_(network_) {
        stores_ = open_stores();
        agent_ = std::make_shared<Agent>(Agent::Parts{network_.get_executor(), stores_.get(), &log_, &gate_, unix_now}, std::move(config));
        gate_.on_unknown_token([this] { return agent_->refresh_settings(); });
    }

    int run() {
        for (const int signal : host::stop_signals()) signals_.add(signal);
        for (const int signal : host::reload_signals()) signals_.add(signal);
        supervisor_.on_stop_all([this] {
            failed_ = true;
            begin_stop();
        });
        start_.overseer().on_request([this](host::Request request) {
            boost::asio::post(network_, [this, request] { request == host::Request::stop ? asked_to_stop() : reload(); });
        });
        if (!log_.problem().empty()) log_.error(log_.problem());
        log_.info("imconnector " + version() + " starts; data in " + places_.directory);
        supervisor_.start(
            "start", [this] { return start(); }, OnFailure::stop_all);
        network_.run();
        finish();
        return failed_ ? 1 : 0;
    }

private:
    std::unique_ptr<Stores> open_stores() {
        start_.at(StartStep::lock);
        lock_ = host::take_lock(places_.lock);
        if (!lock_)
            throw CannotStart{"another agent is running on the data directory " + places_.directory + ", or " + places_.lock +
                              " cannot be made"};
        start_.at(StartStep::stores);
        auto opened = Stores::open(places_, unix_now());
        if (!opened) throw CannotStart{opened.error()};
        return std::move(*opened);
    }

    boost::asio::awaitable<void> start() {
        start_.at(StartStep::history);
        if (auto prepared = co_await agent_->prepare(); !prepared) throw std::runtime_error(prepared.error());
        const auto& config = *agent_->config();
        if (auto allowed = gate_.allow(config.allow); !allowed) throw std::runtime_error(allowed.error());
        auto authenticate = [this](api::Credentials credentials) { return gate_.authenticate(std::move(credentials)); };
        auto admit = [this](const std::string& address) { return gate_.admits(address); };
        server_ = std::make_unique<api::Server>(network_.get_executor(), supervisor_, api::limits_of(config), authenticate, admit,
                                                api::make_api(agent_));
        start_.at(StartStep::certificate);
        refresh_certificate(true);
        start_.at(StartStep::listen);
        port_ = std::make_unique<Port>(*server_, *agent_, log_, supervisor_);
        const auto listening = port_->open([this](const auto& addresses) { write_agent_json(addresses.front()); });
        start_.at(StartStep::local_token);
        co_await make_local_token();
        write_agent_json(listening.front());
        supervisor_.start(
            "signals", [this] { return watch_signals(); }, OnFailure::stop_all);
        supervisor_.start(
            "certificates", [this] { return watch_certificates(); }, OnFailure::restart);
        agent_->start(supervisor_);
        tunnel_ = std::make_unique<TunnelKeeper>(network_.get_executor(), supervisor_, *server_, *agent_, log_, places_);
        tunnel_->start();
        joiner_ = std::make_unique<Joiner>(*agent_, log_, places_);
        joiner_->start(supervisor_);
        start_.at(StartStep::running);
        start_.overseer().ready();
        if (const auto within = start_.overseer().alive_within()) {
            supervisor_.start(
                "alive", [this, within] { return stay_alive(*within / 3); }, OnFailure::stop_all);
        }
    }

    // Said by the network thread: where it hangs, nobody says it.
    boost::asio::awaitable<void> stay_alive(std::chrono::milliseconds pause) {
        for (;;) {
            start_.overseer().alive();
            const bool go_on = co_await shuttle::io::pause(pause);
            if (!go_on) co_return;
        }
    }

    void refresh_certificate(bool must) {
        auto material = certificates_.refresh(*agent_->config(), unix_now());
        if (!material) {
            if (must) throw std::runtime_error("certificate: " + material.error());
            log_.error("certificate: " + material.error() + "; the one in use is kept");
            return;
        }
        if (!*material) return;
        if (auto used = server_->use((*material)->tls); !used) {
            if (must) throw std::runtime_error("certificate: " + used.error());
            log_.error("certificate: " + used.error());
            return;
        }
        log_.info("certificate " + (*material)->facts.sha256);
        fingerprint_ = (*material)->facts.sha256;
        agent_->show_certificate((*material)->facts);
        if (!url_.empty()) write_agent_json(address_);
    }

    boost::asio::awaitable<void> watch_certificates() {
        for (;;) {
            const bool go_on = co_await shuttle::io::pause(certificate_interval);
            if (!go_on) co_return;
            refresh_certificate(false);
        }
    }

    boost::asio::awaitable<void> make_local_token() {
        auto token = auth::make_token("local", "operate", unix_now(), 0);
        token.record.local = true;
        const auto store = [record = token.record](store::Settings& settings) { return settings.replace_local_tokens(record); };
        auto stored = co_await stores_->settle(store);
        if (!stored) throw std::runtime_error("cannot write " + places_.settings + ": " + stored.error().message());
        auto written = host::write_file(places_.local_token, token.secret + "\n", true);
        if (!written) throw std::runtime_error("cannot write " + places_.local_token + ": " + written.error().message());
        auto settle_tokens = [](store::Settings& settings) { return settings.tokens(); };
        auto tokens = co_await stores_->settle(std::move(settle_tokens));
        if (tokens) gate_.set_tokens(std::move(*tokens));
    }

    // The command line on this computer finds the agent by it; a wildcard address is reached by loopback.
    void write_agent_json(const std::string& address) {
        address_ = address;
        std::string reachable = address;
        if (reachable.starts_with("0.0.0.0:")) reachable.replace(0, 7, "127.0.0.1");
        if (reachable.starts_with("[::]:")) reachable.replace(0, 4, "[::1]");
        url_ = "https://" + reachable;
        const nlohmann::json content = {{"url", url_}, {"pid", host::process_id()}, {"certificate_sha256", fingerprint_}};
        auto written = host::write_file(places_.agent_json, content.dump() + "\n", false);
        if (!written) log_.error("cannot write " + places_.agent_json + ": " + written.error().message());
    }

    boost::asio::awaitable<void> watch_signals() {
        const auto reloads = host::reload_signals();
        for (;;) {
            const int signal = co_await signals_.async_wait(boost::asio::use_awaitable);
            if (std::find(reloads.begin(), reloads.end(), signal) == reloads.end()) break;
            reload();
        }
        asked_to_stop();
    }

    void asked_to_stop() {
        log_.info("asked to stop");
        begin_stop();
    }

    void reload() {
        if (start_.step() != StartStep::running || stopping_) return;
        start_.overseer().reloading();
        read_configuration();
        start_.overseer().ready();
    }

    void read_configuration() {
        auto loaded = config::load(config_file_);
        const auto& running = *agent_->config();
        if (loaded.problems.empty() && loaded.config.data_directory != running.data_directory) {
            loaded.problems.push_back({config_file_, 0, "agent.data_directory", "cannot change while the agent runs; restart it"});
        }
        if (loaded.problems.empty() && port_ && port_->is_open() && loaded.config.listen != running.listen) {
            loaded.problems.push_back({config_file_, 0, "api.listen", "cannot change while the agent runs; restart it"});
        }
        if (!loaded.problems.empty()) {
            agent_->refuse_configuration(config_file_, loaded.problems);
            return;
        }
        auto config = std::make_shared<const config::Config>(std::move(loaded.config));
        if (auto allowed = gate_.allow(config->allow); !allowed) {
            agent_->refuse_configuration(config_file_, {{config_file_, 0, "api.allow", allowed.error()}});
            return;
        }
        log_.set_level(config->log_level);
        server_->set_limits(api::limits_of(*config));
        agent_->reconfigure(std::move(config));
        refresh_certificate(false);
        log_.info("configuration reloaded");
    }

    void begin_stop() {
        if (stopping_) return;
        stopping_ = true;
        start_.overseer().stopping(stop_deadline);
        if (tunnel_) tunnel_->stop();
        if (server_) server_->stop();
        agent_->stop();
        // The one coroutine outside the supervisor: it ends the supervisor itself, and then the network thread.
        boost::asio::co_spawn(network_, end_jobs(), [this](std::exception_ptr) { network_.stop(); });
    }

    boost::asio::awaitable<void> end_jobs() {
        signals_.cancel();
        const auto left = co_await supervisor_.stop(stop_deadline);
        for (const auto& job : left) log_.error("would not end: " + job);
        left_ = !left.empty();
    }

    void finish() {
        if (auto removed = host::remove_file(places_.agent_json); !removed) log_.debug("agent.json stays");
        if (auto removed = host::remove_file(places_.local_token); !removed) log_.debug("local.token stays");
        log_.info("stopped");
        log_.flush();
        stores_->close();
        start_.overseer().on_request({});
        failed_ ? start_.overseer().failed(start_.step(), problem_) : start_.overseer().stopped();
        // A walk on a share that does not answer cannot be called back, nor the system while it looks up a name or asks for the
        // proxy; the system takes their threads.
        if (agent_->stuck() || left_) {
            start_.overseer().left();
            std::_Exit(failed_ ? 1 : 0);
        }
    }

    std::string config_file_;
    Start& start_;
    Places places_;
    std::unique_ptr<host::Lock> lock_;
    Log log_;
    boost::asio::io_context network_{1};
    Supervisor supervisor_;
    auth::Gate gate_;
    Certificates certificates_;
    boost::asio::signal_set signals_;
    std::unique_ptr<Stores> stores_;
    std::shared_ptr<Agent> agent_;
    std::unique_ptr<api::Server> server_;
    std::unique_ptr<Port> port_;
    std::unique_ptr<TunnelKeeper> tunnel_;
    std::unique_ptr<Joiner> joiner_;
    std::string fingerprint_, url_, address_;
    bool stopping_ = false;
    bool left_ = false;  // jobs that would not end
    bool failed_ = false;
    std::string problem_;  // what failed last
};

// Before anything else is written: what lies in the directory later is protected by it.
void prepare_places(config::Config& config, const host::Overseer& overseer) {
    const Places places(config);
    if (auto made = host::make_private_directory(places.directory); !made) {
        throw CannotStart{"cannot make the data directory " + places.directory + ": " + made.error().message()};
    }
    host::record_crashes(places.logs, "imconnector " + version());
    if (config.log_file.empty() && !overseer.keeps_output()) config.log_file = places.log;
}

}  // namespace

int run(const std::string& config_file, host::Overseer& overseer) {
    host::limit_memory();
    Start start(overseer);
    host::record_crashes(Places(config::Config()).logs, "imconnector " + version());
    config::Loaded loaded;
    const auto complain = [&](const std::string& line) {
        std::cerr << line << "\n";
        if (!overseer.keeps_output()) log_failure(loaded.config, line);
    };
    const auto failed = [&](const std::string& why) {
        complain("imconnector: " + why);
        overseer.failed(start.step(), why);
        return 1;
    };
    start.at(StartStep::configuration);
    loaded = config::load(config_file);
    for (const auto& problem : loaded.problems) complain(problem.text());
    if (!loaded.problems.empty()) {
        overseer.failed(start.step(), loaded.problems.front().text());
        return 1;
    }
    try {
        start.at(StartStep::data_directory);
        prepare_places(loaded.config, overseer);
        Program program(std::make_shared<const config::Config>(loaded.config), config_file, start);
        return program.run();
    } catch (const CannotStart& cannot) {
        return failed(cannot.why);
    } catch (const std::exception& problem) {
        return failed(problem.what());
    }
}

}  // namespace imc::engine
