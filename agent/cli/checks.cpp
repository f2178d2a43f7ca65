#include "agent/cli/checks.hpp"

#include "agent/auth/certificate.hpp"
#include "agent/cli/client.hpp"
#include "agent/cli/fields.hpp"
#include "agent/cli/port_check.hpp"
#include "agent/cli/shuttle.hpp"
#include "agent/cli/source_checks.hpp"
#include "agent/engine/enrolment.hpp"
#include "agent/host/files.hpp"
#include "agent/host/secret.hpp"
#include "agent/monitor/evaluate.hpp"
#include "agent/monitor/words.hpp"
#include "agent/scan/walk.hpp"
#include "agent/store/settings.hpp"
#include "agent/version.hpp"

#include <algorithm>
#include <boost/system/errc.hpp>
#include <iterator>
#include <stop_token>

namespace imc::cli {
namespace {

constexpr std::size_t largest_pem = 256 * 1024;
constexpr std::int64_t day_seconds = 86'400;
constexpr std::int64_t earliest_sane_clock = 1'735'689'600;  // 2025-01-01: the program is younger
constexpr const char* as_administrator = "Run this as administrator (on Linux: root).";

class Examination {
public:
    explicit Examination(const Context& context) : context_(context), now_(context.now()) {}

    std::vector<Check> run() {
        clock();
        if (!configuration()) return std::move(checks_);
        const engine::Places places(config_);
        if (data_directory(places)) {
            settings(places);
            history(places);
            certificate(places);
        }
        auto sources = examine_sources(config_, now_);
        const bool recorded = std::any_of(sources.begin(), sources.end(), [](const Check& check) { return check.name == "its folders"; });
        folders(recorded);
        checks_.insert(checks_.end(), std::make_move_iterator(sources.begin()), std::make_move_iterator(sources.end()));
        agent(places);
        tunnel(places);
        return std::move(checks_);
    }

private:
    void add(std::string result, std::string name, std::string says, std::string remedy = {}) {
        checks_.push_back({std::move(result), std::move(name), std::move(says), std::move(remedy)});
    }

    void clock() {
        if (now_ < earliest_sane_clock) {
            add("critical", "clock", "The clock says " + monitor::moment_text(now_) + ", which is before this program was made.",
                "Set the clock and let it be kept by a time server.");
        } else {
            add("ok", "clock", monitor::moment_text(now_));
        }
    }

    bool configuration() {
        const std::string file = config_path(context_);
        if (!exists(file)) {
            const bool given = !context_.config_file.empty();
            add(given ? "critical" : "warning", "configuration", file + " is not there.",
                "Copy config/imconnector.toml of the package there and name the folders to watch.");
            return !given;
        }
        auto loaded = config::load(file);
        for (const auto& problem : loaded.problems) {
            add("critical", "configuration", problem.text(), "Correct it and try again: imconnector check-config.");
        }
        if (!loaded.problems.empty()) return false;
        config_ = std::move(loaded.config);
        add("ok", "configuration", file);
        return true;
    }

    // False: there is nothing in it to look at.
    bool data_directory(const engine::Places& places) {
        // Listing only asks whether it is there; what it holds does not matter.
        scan::Limits limits;
        limits.entries = 100'000;
        const auto listed = scan::list(places.directory, limits, std::stop_token());
        if (!listed) {
            if (listed.error() == scan::errc::not_found) {
                add("warning", "data directory", places.directory + " is not there yet.", "The agent makes it at its first start.");
            } else if (listed.error() == scan::errc::access_denied) {
                add("unknown", "data directory", "This account may not read " + places.directory + ".", as_administrator);
            } else {
                add("critical", "data directory", places.directory + ": " + listed.error().message(), "Correct agent.data_directory.");
            }
            return false;
        }
        const std::string probe = scan::join(places.directory, ".doctor");
        const auto written = host::write_file(probe, "\n", true);
        const auto removed = written ? host::remove_file(probe) : written;
        if (!written || !removed) {
            const auto error = written ? removed.error() : written.error();
            const bool denied = error == boost::system::errc::permission_denied;
            add(denied ? "unknown" : "critical", "data directory", "Nothing can be written to " + places.directory + ": " + error.message(),
                denied ? as_administrator : "Make room on its disk, or move agent.data_directory.");
        } else {
            add("ok", "data directory", places.directory);
        }
        return true;
    }

    void settings(const engine::Places& places) {
        if (!exists(places.settings)) {
            add("ok", "settings", "None yet; the agent makes " + places.settings + " at its first start.");
            return;
        }
        auto settings = store::Settings::open(places.settings);
        if (!settings) {
            add("critical", "settings", places.settings + " cannot be opened: " + settings.error().message(),
                "Restore it from a backup, or move it away: tokens and adopted folders are then made anew.");
            return;
        }
        auto adopted = settings->adopted();
        if (adopted) adopted_ = std::move(*adopted);
        add("ok", "settings", places.settings);
    }

    void history(const engine::Places& places) {
        if (!exists(places.history)) {
            add("ok", "history", "None yet; the agent makes " + places.history + " at its first start.");
            return;
        }
        const auto opened = store::History::open(places.history, store::History::Mode::read_only, now_);
        const auto folders = opened ? opened->history.folders() : store::Result<std::vector<store::FolderRecord>>(opened.error());
        if (!folders) {
            add("critical", "history", places.history + " cannot be read: " + folders.error().message(),
                "Restart the agent; it sets a damaged history aside and scans anew.");
            return;
        }
        store::UnixTime last = 0;
        for (const auto& folder : *folders) last = std::max(last, folder.last_scan);
        if (last > now_ + day_seconds) {
            add("critical", "clock", "The clock is behind the last scan, at " + monitor::moment_text(last) + ".",
                "Set the clock; ages of backups are not reliable until it is right.");
        }
        add("ok", "history", places.history + (last == 0 ? "" : ", last scan " + monitor::age_text(now_ - last) + " ago"));
    }

    void certificate(const engine::Places& places) {
        const bool own = config_.certificate.empty();
        const std::string file = own ? scan::join(places.certificates, "certificate.pem") : config_.certificate;
        const auto pem = host::read_file(file, largest_pem);
        if (!pem && own && pem.error() == boost::system::errc::no_such_file_or_directory) {
            add("ok", "certificate", "None yet; the agent makes one at its first start.");
            return;
        }
        const std::string key_file = own ? scan::join(places.certificates, "certificate.key") : config_.certificate_key;
        const auto key = host::read_secret(key_file, largest_pem);
        if (!pem || !key) {
            const auto error = pem ? key.error() : pem.error();
            const bool denied = error == boost::system::errc::permission_denied;
            add(denied ? "unknown" : "critical", "certificate", (pem ? key_file : file) + " cannot be read: " + error.message(),
                denied ? as_administrator : "Correct api.certificate and api.certificate_key, or make one: imconnector cert renew.");
            return;
        }
        const auto facts = auth::read(*pem);
        const auto fits = auth::check({*pem, *key}, now_);
        const std::string remedy = own ? "Make a new one: imconnector cert renew." : "Replace it by a valid one.";
        if (!facts || !fits) {
            add("critical", "certificate", file + ": " + (facts ? fits.error() : facts.error()), remedy);
            return;
        }
        const std::string left = file + ", " + monitor::age_text(facts->not_after - now_) + " left";
        const bool soon = facts->not_after - now_ < 30 * day_seconds && !(own && facts->self_signed);
        add(soon ? "warning" : "ok", "certificate", left, soon ? "Renew it before it expires." : "");
    }

    void folders(bool recorded) {
        if (config_.folders.empty() && adopted_.empty() && !recorded) {
            add("warning", "folders", "No folder is managed, so nothing is watched.",
                "Add [[folder]] to the configuration, or imconnector adopt PATH.");
        }
        for (const auto& managed : config_.folders) folder(managed.path);
        for (const auto& adopted : adopted_) folder(adopted.path);
    }

    void folder(const std::string& path) {
        scan::Limits limits;
        limits.entries = static_cast<std::size_t>(config_.max_entries_per_folder);
        limits.milliseconds = config_.folder_timeout_seconds * 1000;
        const auto listed = scan::list(scan::normalise(path), limits, std::stop_token());
        if (listed) {
            add("ok", "folder", path + ", " + monitor::count_text(listed->files.size(), "file", "files"));
            return;
        }
        store::FolderRecord record;
        record.id = store::folder_id(path);
        record.path = path;
        record.profile = "primary";
        record.first_seen = record.last_scan = record.last_good_scan = now_;
        const auto why = listed.error().category() == scan::category() ? static_cast<scan::errc>(listed.error().value()) : scan::errc::io;
        std::string remedy = "Check the disk and the system's log.";
        for (const auto& finding : monitor::unreadable(record, why)) remedy = finding.remedy;
        add("critical", "folder", path + " cannot be read: " + listed.error().message(), remedy);
    }

    void agent(const engine::Places& places) {
        auto client = Client::open(places);
        auto facts = client ? client->get("/v1/agent") : Answer<nlohmann::json>(client.error());
        if (facts) {
            const std::string running = text_at(*facts, "version");
            const bool same = running == version();
            add(same ? "ok" : "warning", "agent", "Version " + running + " answers at " + client->url() + ".",
                same ? "" : "This is version " + version() + ": restart the agent to use it.");
            return;
        }
        if (facts.error().kind == Failure::Kind::not_permitted) {
            add("unknown", "agent", facts.error().says, as_administrator);
            return;
        }
        const bool stopped = facts.error().kind == Failure::Kind::not_running;
        add("critical", "agent", facts.error().says,
            stopped ? "Start it: imconnector run, or the service." : "Restart the agent and look at its log.");
        if (!stopped) return;
        for (const auto& address : config_.listen) {
            const std::string problem = refuse_to_listen(address);
            if (!problem.empty()) add("critical", "port", problem, "End the other program, or choose another port in api.listen.");
        }
    }

    // The running agent's word counts: its account may not be this one. Empty: none, or nobody may look.
    static std::string enrolment_problem(const engine::Places& places, const nlohmann::json& state) {
        const auto read = engine::read_enrolment(places.enrolment);
        if (!state.is_object()) return read ? std::string() : read.error();
        const bool usable = text_at(state, "state") != "unusable" && (!state.value("enrolled", false) || read);
        return usable ? std::string() : read ? text_at(state, "problem") : read.error();
    }

    // As the running agent tells it; nothing where it is not enrolled.
    void tunnel(const engine::Places& places) {
        const auto state = tunnel_state(places, now_);
        if (const std::string problem = enrolment_problem(places, state); !problem.empty())
            add("warning", "enrolment", "This computer is enrolled at a relay, but the enrolment cannot be used: " + problem,
                "Let the agent's account read it, or enroll again: imconnector enroll --replace.");
        if (!state.is_object() || !state.value("enrolled", false)) return;
        const std::string relay = text_at(state, "relay") + " at " + text_at(state, "address");
        if (text_at(state, "state") == "connected") {
            const std::string between = text_at(state, "intercepted_by");
            add("ok", "tunnel", "Connected to the relay " + relay + (between.empty() ? "" : "; the TLS is opened by " + between) + ".");
            return;
        }
        add("warning", "tunnel",
            "No tunnel to the relay " + relay + "; it fails at " + text_at(state, "step") + ": " + text_at(state, "problem"),
            tunnel_remedy(state) + (state.value("step", nlohmann::json()).is_null() ? "Wait for the first attempt." : ""));
    }

    const Context& context_;
    std::int64_t now_;
    config::Config config_;
    std::vector<store::AdoptedFolder> adopted_;
    std::vector<Check> checks_;
};

}  // namespace

std::vector<Check> examine(const Context& context) {
    return Examination(context).run();
}

}  // namespace imc::cli
