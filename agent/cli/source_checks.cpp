#include "agent/cli/source_checks.hpp"

#include "agent/config/path_style.hpp"
#include "agent/imagemanager/database_file.hpp"
#include "agent/imagemanager/errors.hpp"
#include "agent/imagemanager/event_source.hpp"
#include "agent/imagemanager/installation.hpp"
#include "agent/imagemanager/path_map.hpp"
#include "agent/imagemanager/shared_file.hpp"
#include "agent/monitor/words.hpp"
#include "agent/scan/listing.hpp"

#include <algorithm>

namespace imc::cli {
namespace {

using imagemanager::Installation;

constexpr std::int64_t day_seconds = 86'400;
constexpr std::int64_t quiet_days = 4;  // monitors of the field find it odd when nothing is heard for longer
constexpr std::size_t folders_named = 5;

class Sources {
public:
    Sources(const config::Config& config, std::int64_t now) : config_(config), now_(now) {}

    std::vector<Check> run() {
        if (!config_.imagemanager_enabled) {
            add("ok", "ImageManager", "Its records are not read, as imagemanager.enabled says.");
        } else {
            found_ = imagemanager::find_installation({config_.imagemanager_program, config_.imagemanager_database});
            program();
        }
        const bool installed = !found_.database.empty();
        if (installed) service();
        if (installed) database();
        if (installed || !config_.imagemanager_logs.empty()) logs();
        if (installed || !config_.imagemanager_events.empty()) events();
        return std::move(checks_);
    }

private:
    void add(std::string result, std::string name, std::string says, std::string remedy = {}) {
        checks_.push_back({std::move(result), std::move(name), std::move(says), std::move(remedy)});
    }

    void program() {
        if (found_.database.empty()) {
            add("ok", "ImageManager", "Not installed here; what it knows is not shown.",
                "If it is, or if a copy of its database is here, name it in imagemanager.program or imagemanager.database.");
        } else if (found_.program.empty()) {
            add("ok", "ImageManager", "Only its database is configured; its version is not known.");
        } else if (found_.version) {
            add("ok", "ImageManager", "Version " + *found_.version + ", " + found_.program);
        } else {
            add("warning", "ImageManager", "The version of " + found_.program + " cannot be read.",
                "Correct imagemanager.program, or let the agent's account read the file.");
        }
    }

    void service() {
        const auto& state = found_.service_state;
        if (state.empty()) {
            for (const auto& problem : found_.problems) add("unknown", "service", problem, "Run this as administrator.");
        } else if (state == "running") {
            add("ok", "service", "ImageManager's service is running.");
        } else {
            const bool absent = state == "not_installed";
            add(absent && found_.found_by == Installation::FoundBy::configuration ? "ok" : "warning", "service",
                absent ? "ImageManager's service is not installed on this computer." : "ImageManager's service is " + state + ".",
                absent ? "" : "Start the service StorageCraft ImageManager.");
        }
    }

    void database() {
        const std::string& path = found_.database;
        const auto records = imagemanager::load_records(path);
        if (!records) {
            add("critical", "database", records.error(), "Let this account read the file, or correct imagemanager.database.");
            return;
        }
        std::string age;
        if (const auto file = imagemanager::SharedFile::open(path)) {
            if (const auto stamp = file->stamp()) age = ", written " + monitor::age_text(now_ - unix_time(*stamp)) + " ago";
        }
        const auto live = static_cast<std::uint64_t>(
            std::count_if(records->folders.begin(), records->folders.end(), [](const auto& folder) { return folder.live; }));
        add("ok", "database", path + age + ", " + monitor::count_text(live, "managed folder", "managed folders"));
        folders(*records);
    }

    void folders(const imagemanager::Records& records) {
        std::vector<std::string> not_mapped, unreadable;
        std::uint64_t well = 0;
        for (const auto& folder : records.folders) {
            if (!folder.live || !folder.path) continue;
            const auto local = imagemanager::local_path(*folder.path, config_.imagemanager_map, config::native_path_style());
            if (!local) {
                not_mapped.push_back(*folder.path);
            } else if (const auto found = scan::identity(scan::normalise(*local)); !found) {
                unreadable.push_back(*local + " (" + found.error().message() + ")");
            } else {
                ++well;
            }
        }
        if (well > 0) add("ok", "its folders", monitor::count_text(well, "folder is", "folders are") + " there.");
        if (!unreadable.empty()) {
            add("warning", "its folders", "Not to be found: " + monitor::list_text(unreadable, folders_named, unreadable.size()),
                "Connect the disks, or let the agent's account read them.");
        }
        if (not_mapped.empty()) return;
        add("warning", "its folders", "No path here for " + monitor::list_text(not_mapped, folders_named, not_mapped.size()),
            "Add [[imagemanager.path]] to the configuration.");
    }

    void logs() {
        const bool configured = !config_.imagemanager_logs.empty();
        const std::string directory = configured ? config_.imagemanager_logs : found_.logs();
        const auto listed = scan::list(directory, {}, std::stop_token());
        if (!listed && !configured && found_.program.empty()) {
            add("ok", "logs", "None lie beside the database, which is all that is configured.");
            return;
        }
        if (!listed) {
            add("warning", "logs", directory + ": " + listed.error().message(), "What ImageManager itself tells of its work is not known.");
            return;
        }
        spchain::UnixTime newest = 0;
        for (const auto& file : listed->files) newest = std::max(newest, file.written);
        const bool quiet = now_ - newest > quiet_days * day_seconds;
        add(quiet ? "warning" : "ok", "logs",
            directory + ", " + monitor::count_text(listed->files.size(), "file", "files") +
                (newest == 0 ? "" : ", written " + monitor::age_text(now_ - newest) + " ago"),
            quiet ? "ImageManager writes to them each night; see whether it runs." : "");
    }

    void events() {
        imagemanager::EventFilter filter;
        filter.since = now_ - quiet_days * day_seconds;
        filter.most = 1000;
        const auto& exported = config_.imagemanager_events;
        const auto reading = exported.empty() ? imagemanager::read_system_events(filter, std::stop_token())
                                              : imagemanager::read_exported_events(exported, filter);
        if (!reading) {
            const bool none = reading.error() == imagemanager::make_error_code(imagemanager::errc::unsupported);
            if (!exported.empty()) {
                add("warning", "event log", exported + ": " + reading.error().message(),
                    "Correct imagemanager.events, or let this account read the file.");
                return;
            }
            add(none ? "ok" : "unknown", "event log", reading.error().message() + ".",
                none ? "" : "Let the agent's account read the Application log (group Event Log Readers).");
            return;
        }
        const auto count = reading->events.size();
        add(count == 0 ? "warning" : "ok", "event log",
            monitor::count_text(count, "entry", "entries") + (reading->more ? " and more" : "") + " of the last four days",
            count == 0 ? "ImageManager and ShadowProtect write entries each day; see whether they run." : "");
    }

    const config::Config& config_;
    std::int64_t now_;
    Installation found_;
    std::vector<Check> checks_;
};

}  // namespace

std::vector<Check> examine_sources(const config::Config& config, std::int64_t now) {
    return Sources(config, now).run();
}

}  // namespace imc::cli
