#include "agent/engine/agent.hpp"

#include "agent/host/files.hpp"
#include "agent/host/process.hpp"
#include "agent/host/system_log.hpp"
#include "agent/monitor/evaluate.hpp"
#include "agent/monitor/own_state.hpp"
#include "agent/version.hpp"

#include <boost/asio/redirect_error.hpp>

namespace imc::engine {
namespace {

constexpr std::size_t small_file = 65'536;

}  // namespace

Agent::Agent(Parts parts, std::shared_ptr<const config::Config> config)
    : parts_(std::move(parts)),
      config_(std::move(config)),
      events_(parts_.network),
      scanner_(parts_.network, *parts_.stores, parts_.clock,
               {[this] { changed(); }, [this](const std::string& line) { parts_.log->warning(line); },
                [this](boost::system::error_code error) { store_failed(error); },
                [this] {
                    rebuild_folders();
                    changed();
                }}),
      hints_({[this] { return scanner_.folders(); }, [this](const std::string& folder) { scanner_.look_now(folder); },
              [this](const std::string& line) { parts_.log->warning(line); }}),
      verifier_(
          parts_.network, *parts_.stores, parts_.clock,
          {[this] { return scanner_.folders(); }, [this] { return published_scans_.first_round_done; },
           [this](const std::string& folder) { scanner_.judge_anew(folder); }, [this] { changed(); }, [this] { announce_verification(); },
           [this](const std::string& line) { parts_.log->info(line); }, [this](boost::system::error_code error) { store_failed(error); }}),
      records_(parts_.network, *parts_.stores, parts_.clock,
               {[this] { records_changed(); }, [this] { changed(); },
                [this](const std::string& key, std::optional<store::FindingRecord> finding) { tell(key, std::move(finding)); },
                [this](const std::string& line) { parts_.log->warning(line); },
                [this](boost::system::error_code error) { store_failed(error); }}),
      shares_(parts_.network,
              {[this](const std::string& share) { look_below(share); },
               [this](const std::string& key, std::optional<store::FindingRecord> finding) { tell(key, std::move(finding)); },
               [this](const std::string& line) { parts_.log->info(line); }}),
      snapshot_(std::make_shared<api::Snapshot>()),
      unmanaged_(std::make_shared<api::UnmanagedReport>()),
      publish_wake_(parts_.network),
      discovery_wake_(parts_.network),
      diary_wake_(parts_.network) {
    facts_.version = version();
    facts_.host = host::host_name();
    facts_.os = host::os_name();
    facts_.started = parts_.clock();
    facts_.config_file = config_->file;
    facts_.config_loaded = facts_.started;
}

Agent::~Agent() = default;

boost::asio::awaitable<boost::system::result<void, std::string>> Agent::prepare() {
    co_await load_settings();
    auto read_known = [](const store::History& history) { return history.folders(); };
    auto known = co_await parts_.stores->read(std::move(read_known));
    if (!known) co_return "cannot read the history: " + known.error().message();
    scanner_.resume(*known);
    // Before it is decided which folders nobody watches any more.
    co_await records_.resume(config_);
    for (auto& folder : *known) {
        if (folder.source == "imagemanager") remembered_.push_back(std::move(folder));
    }
    judged_by_ = records_.view();
    scanner_.set_rules(rules_now());
    verifier_.set_rules(rules_now());
    rebuild_folders();
    const auto& aside = parts_.stores->set_aside();
    if (!aside.empty()) {
        auto finding = monitor::store_rebuilt(aside);
        const auto key = finding.key;
        parts_.log->error(finding.says);
        tell(key, std::move(finding));
    }
    if (const auto rejected = host::read_file(Places(*config_).rejected, small_file); rejected && !rejected->empty()) {
        auto finding = monitor::installer_refused(config_->file, *rejected);
        const auto key = finding.key;
        tell(key, std::move(finding));
    }
    co_await forget_unwatched();
    co_await publish();
    co_return boost::system::result<void, std::string>();
}

void Agent::start(shuttle::io::Supervisor& supervisor) {
    using shuttle::io::OnFailure;
    shares_.start(supervisor);
    scanner_.start(supervisor, static_cast<std::size_t>(config_->parallel_folders));
    supervisor.start(
        "publisher", [this] { return publish_loop(); }, OnFailure::restart);
    supervisor.start(
        "records", [this] { return records_.run(); }, OnFailure::restart);
    if (config_->watch_changes) {
        supervisor.start(
            "hints", [this] { return hints_.run(); }, OnFailure::restart);
    }
    supervisor.start(
        "diary", [this] { return diary_loop(); }, OnFailure::restart);
    supervisor.start(
        "verification", [this] { return verifier_.run(); }, OnFailure::restart);
    supervisor.start(
        "settings", [this] { return settings_loop(); }, OnFailure::restart);
    supervisor.start(
        "discovery", [this] { return discovery_loop(); }, OnFailure::restart);
}

void Agent::stop() {
    stopping_.request_stop();
    scanner_.stop();
    hints_.stop();
    verifier_.stop();
    records_.stop();
    shares_.stop();
    events_.close();
    searching_.stop();
}

void Agent::rebuild_folders() {
    // Without records nobody can say that ImageManager has let a folder go.
    if (!config_->imagemanager_enabled || records_.view()->records) remembered_.clear();
    scanner_.set_folders(watched_folders(*config_, adopted_, scanner_.children(), *records_.view(), remembered_));
    hints_.folders_changed();
}

LookRules Agent::rules_now() const {
    LookRules rules = look_rules(config_, now());
    rules.records = judged_by_;
    return rules;
}

void Agent::records_changed() {
    const auto before = std::exchange(judged_by_, records_.view());
    scanner_.set_rules(rules_now());
    rebuild_folders();
    for (const auto& [id, folder] : judged_by_->folders) {
        const auto* known = before->find(id);
        if (known == nullptr || known->fingerprint != folder.fingerprint) scanner_.look_now(id);
    }
    // What ImageManager manages is no longer managed by nobody.
    search_now_ = true;
    discovery_wake_.cancel();
    forget_unwatched_ = true;
    changed();
}

void Agent::look_below(const std::string& share) {
    for (const auto& spec : scanner_.folders()) {
        if (host::same_share(host::share_of(spec.path), share)) scanner_.look_now(spec.id);
    }
}

// A timer that nobody waits on cannot be woken, so the wish is kept, too.
void Agent::changed() {
    changed_ = true;
    publish_wake_.cancel();
}

void Agent::reconfigure(std::shared_ptr<const config::Config> config) {
    config_ = std::move(config);
    facts_.config_loaded = now();
    facts_.config_file = config_->file;
    facts_.config_problem.clear();
    // Whoever has the file read anew has seen to it.
    if (auto gone = host::remove_file(Places(*config_).rejected); !gone)
        parts_.log->warning("rejected.txt stays: " + gone.error().message());
    for (auto at = own_findings_.begin(); at != own_findings_.end();) {
        at = at->second.code == "config_refused" ? own_findings_.erase(at) : std::next(at);
    }
    records_.reconfigure(config_);
    judged_by_ = records_.view();
    scanner_.set_rules(rules_now());
    verifier_.set_rules(rules_now());
    rebuild_folders();
    scanner_.look_now("");
    search_now_ = true;
    discovery_wake_.cancel();
    forget_unwatched_ = true;
    changed();
}

void Agent::refuse_configuration(const std::string& file, const std::vector<config::Problem>& problems) {
    facts_.config_problem = problems.empty() ? "refused" : problems.front().text();
    for (const auto& problem : problems) parts_.log->error("configuration refused, the running one is kept: " + problem.text());
    host::tell_system(host::SystemEvent::configuration_refused, facts_.config_problem);
    auto finding = monitor::config_refused(file, problems);
    const auto key = finding.key;
    tell(key, std::move(finding));
}

void Agent::tell(const std::string& key, std::optional<store::FindingRecord> finding) {
    const auto found = own_findings_.find(key);
    if (!finding && found == own_findings_.end()) return;
    if (finding) {
        own_findings_[key] = std::move(*finding);
    } else {
        own_findings_.erase(found);
    }
    changed();
}

std::vector<store::FindingRecord> Agent::own_findings() const {
    std::vector<store::FindingRecord> all;
    for (const auto& [key, finding] : own_findings_) all.push_back(finding);
    return all;
}

void Agent::store_failed(boost::system::error_code error) {
    parts_.log->error("cannot write the history: " + error.message());
    if (error != make_error_code(store::errc::full)) return;
    auto finding = monitor::disk_full(Places(*config_).directory);
    const auto key = finding.key;
    tell(key, std::move(finding));
}

void Agent::listening_on(std::vector<std::string> addresses, const api::ServerCounters* counters) {
    facts_.listening = std::move(addresses);
    counters_ = counters;
}

void Agent::show_certificate(auth::CertificateFacts facts) {
    facts_.certificate = std::move(facts);
    const auto finding = monitor::certificate_expiring(facts_.certificate.subject, facts_.certificate.not_after, now());
    tell(finding ? finding->key : "agent:certificate_expiring:", finding);
}

api::AgentFacts Agent::facts() const {
    api::AgentFacts facts = facts_;
    const ScanFacts& scans = published_scans_;
    facts.state = scans.first_round_done ? "running" : "starting";
    facts.last_scan_started = scans.round_started;
    facts.last_scan_finished = scans.round_finished;
    facts.last_scan_seconds = scans.round_seconds;
    facts.folders_scanning = scanner_.facts().looking;
    facts.scans = scanner_.facts().looks;
    facts.failed_scans = scanner_.facts().failed;
    facts.imagemanager = records_.facts();
    return facts;
}

const api::ServerCounters& Agent::counters() const {
    static const api::ServerCounters none;
    return counters_ != nullptr ? *counters_ : none;
}

const FolderSpec* Agent::spec_of(const std::string& folder_id) const {
    for (const FolderSpec& spec : scanner_.folders()) {
        if (spec.id == folder_id) return &spec;
    }
    return nullptr;
}

}  // namespace imc::engine
