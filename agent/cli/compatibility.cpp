#include "agent/cli/client.hpp"
#include "agent/cli/fields.hpp"
#include "agent/cli/source_checks.hpp"
#include "agent/imagemanager/database_file.hpp"
#include "agent/imagemanager/installation.hpp"
#include "agent/monitor/words.hpp"
#include "agent/version.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace imc::cli {
namespace {

using nlohmann::json;

constexpr std::size_t shown = 10;
constexpr std::size_t most_chains = 50;
// What publications that the reader rests on speak of.
constexpr std::array<std::string_view, 4> tried_versions = {"4.", "5.", "6.", "7."};
// Of a folder and a volume, what a portal shows.
constexpr std::array folder_fields = {"machine", "images", "retention", "free_bytes", "total_bytes", "records"};
constexpr std::array volume_fields = {"machine",      "usage_bytes",    "retention_bytes", "quota_bytes",
                                      "newest_image", "newest_written", "newest_point",    "verdict",
                                      "base",         "base_written",   "records"};

class Compatibility {
public:
    explicit Compatibility(const config::Config& config) : config_(config) {}

    std::vector<Check> run() {
        const auto found = imagemanager::find_installation({config_.imagemanager_program, config_.imagemanager_database});
        add("ok", "agent", "Version " + version() + ".");
        installation(found);
        if (!database(found.database)) return std::move(checks_);
        auto client = Client::open(engine::Places(config_));
        if (!client) {
            add("unknown", "what is shown", client.error().says, "Start the agent and run this again.");
            return std::move(checks_);
        }
        shown_by(*client);
        browsing(*client);
        return std::move(checks_);
    }

private:
    void add(std::string result, std::string name, std::string says, std::string remedy = {}) {
        checks_.push_back({std::move(result), std::move(name), std::move(says), std::move(remedy)});
    }

    void installation(const imagemanager::Installation& found) {
        if (!found.version) {
            add("unknown", "version", "The version of ImageManager is not known.", "Name its program in imagemanager.program.");
        } else {
            const bool tried =
                std::any_of(tried_versions.begin(), tried_versions.end(), [&](auto begin) { return found.version->starts_with(begin); });
            add(tried ? "ok" : "warning", "version", "ImageManager " + *found.version + (tried ? "." : ", which nobody has tried yet."),
                tried ? "" : "Send this list to support.");
        }
        const bool known = !found.service_state.empty() && found.service_state != "not_installed";
        add(known ? "ok" : "unknown", "service",
            known ? "The service was found; it is " + found.service_state + "." : "No service was found.",
            known ? "" : "On ImageManager's own computer there is one; elsewhere this is as it should be.");
    }

    bool database(const std::string& path) {
        if (path.empty()) {
            add("critical", "database", "No database was found.", "Name it in imagemanager.database.");
            return false;
        }
        auto records = imagemanager::load_records(path);
        if (!records) {
            add("critical", "database", records.error(), "Send this list to support.");
            return false;
        }
        list("tables", records->unknown_tables, "table", "tables");
        list("columns", records->unknown_columns, "column", "columns");
        std::uint64_t live = 0, without = 0;
        for (const auto& folder : records->folders) {
            if (!folder.live) continue;
            ++live;
            without += folder.files ? 0 : 1;
            if (folder.path) recorded_.insert(*folder.path);
        }
        add(live == 0 ? "warning" : "ok", "folders", monitor::count_text(live, "managed folder", "managed folders") + " in the database.",
            live == 0 ? "If ImageManager manages folders, its tables have other names now. Send this list to support." : "");
        if (without > 0) {
            add("warning", "files", monitor::count_text(without, "folder has", "folders have") + " no table of files.",
                "Verification is not known there. Send this list to support.");
        }
        if (!records->targets) add("ok", "targets", "There are no tables of replication.");
        return true;
    }

    void list(const char* name, const std::vector<std::string>& unknown, const char* one, const char* many) {
        if (unknown.empty()) {
            add("ok", name, std::string("All ") + many + " are known.");
            return;
        }
        add("warning", name,
            "Not known: " + monitor::list_text(unknown, unknown.size(), unknown.size()) + " (" +
                monitor::count_text(unknown.size(), one, many) + ").",
            "Nothing is lost: what is known is read. Send this list to support.");
    }

    // Names of what lacks a field, for each field that is lacking somewhere.
    template <class Fields>
    void filled(const json& items, const Fields& fields, const char* what, const char* label) {
        std::uint64_t whole = 0;
        std::map<std::string, std::vector<std::string>> lacking;
        for (const auto& item : items) {
            bool all = true;
            for (const char* field : fields) {
                if (item.contains(field) && !item[field].is_null()) continue;
                all = false;
                lacking[field].push_back(text_at(item, label));
            }
            whole += all ? 1 : 0;
        }
        add(whole == items.size() && whole > 0 ? "ok" : "warning", what,
            std::to_string(whole) + " of " + std::to_string(items.size()) + " have every field filled.",
            whole == 0 ? "See below which are empty." : "");
        for (const auto& [field, names] : lacking) {
            add("warning", what, field + " is empty for " + monitor::list_text(names, shown, names.size()) + ".");
        }
    }

    void shown_by(Client& client) {
        auto folders = client.all("/v1/folders");
        auto volumes = client.all("/v1/volumes");
        if (!folders || !volumes) {
            add("unknown", "what is shown", folders ? volumes.error().says : folders.error().says, "Start the agent and run this again.");
            return;
        }
        std::set<std::string> missing = recorded_;
        json managed = json::array();
        for (const auto& folder : list_at(*folders, "items")) {
            const std::string path = text_at(list_at(folder, "records"), "path");
            if (path.empty()) continue;
            missing.erase(path);
            if (text_at(folder, "type") == "normal") managed.push_back(folder);
        }
        const std::vector<std::string> names(missing.begin(), missing.end());
        add(names.empty() ? "ok" : "warning", "folders",
            names.empty() ? "Every managed folder is shown." : "Not shown: " + monitor::list_text(names, shown, names.size()) + ".",
            names.empty() ? "" : "Run imconnector doctor: it says why.");
        filled(managed, folder_fields, "folders", "path");
        json known = json::array();
        for (const auto& volume : list_at(*volumes, "items")) {
            const bool ours = std::any_of(managed.begin(), managed.end(),
                                          [&](const json& folder) { return text_at(folder, "id") == text_at(volume, "folder_id"); });
            if (ours) known.push_back(volume);
        }
        filled(known, volume_fields, "volumes", "volume");
        chains(client, known);
    }

    void chains(Client& client, const json& volumes) {
        std::uint64_t viewed = 0, tried = 0;
        std::string problem;
        for (const auto& volume : volumes) {
            if (tried == most_chains) break;
            ++tried;
            const auto chain = client.get("/v1/volumes/" + encoded(text_at(volume, "id")) + "/chain?restore_sets=false");
            if (chain && !list_at(*chain, "chains").empty()) ++viewed;
            if (!chain) problem = chain.error().says;
        }
        const bool well = viewed == tried && tried > 0;
        add(well ? "ok" : "warning", "chains",
            std::to_string(viewed) + " of " + std::to_string(tried) + " can be viewed." + (problem.empty() ? "" : " " + problem),
            well ? "" : "Send this list to support.");
    }

    void browsing(Client& client) {
        for (const auto& [name, target] : {std::pair{"reports", "/v1/reports"}, std::pair{"logs", "/v1/logs"}}) {
            const auto answer = client.get(target);
            const bool absent = !answer && answer.error().status == 404;
            const std::string says = answer   ? std::to_string(list_at(*answer, "items").size()) + " can be browsed."
                                     : absent ? std::string("The running agent has none.")
                                              : answer.error().says;
            add(answer ? "ok" : "unknown", name, says, answer ? "" : "Run this with the agent of this version.");
        }
    }

    const config::Config& config_;
    std::set<std::string> recorded_;  // paths of live folders, as ImageManager writes them
    std::vector<Check> checks_;
};

}  // namespace

std::vector<Check> examine_compatibility(const config::Config& config) {
    return Compatibility(config).run();
}

}  // namespace imc::cli
