#include "agent/cli/status_document.hpp"

#include "agent/api/index.hpp"
#include "agent/api/views.hpp"
#include "agent/cli/exit_code.hpp"
#include "agent/cli/fields.hpp"
#include "agent/store/settings.hpp"

#include <algorithm>
#include <memory>

namespace imc::cli {

using nlohmann::json;

namespace {

json items_of(json list) {
    return list.contains("items") ? std::move(list["items"]) : json::array();
}

std::string worst_of(const json& findings) {
    std::string worst = "ok";
    for (const auto& finding : findings) {
        const std::string severity = text_at(finding, "severity");
        if (exit_of_severity(severity) > exit_of_severity(worst)) worst = severity;
    }
    return worst;
}

Failure unreadable(const std::string& file, boost::system::error_code error) {
    return {Failure::Kind::failed, "cannot read " + file + ": " + error.message()};
}

}  // namespace

Answer<json> live_status(Client& client) {
    json document = {{"running", true}};
    auto agent = client.get("/v1/agent");
    if (!agent) return agent.error();
    for (const char* list : {"folders", "volumes", "findings"}) {
        auto all = client.all("/v1/" + std::string(list));
        if (!all) return all.error();
        document[list] = items_of(std::move(*all));
    }
    // The lists are newer than the agent's own word.
    const std::string worst = worst_of(document["findings"]);
    const std::string said = text_at(*agent, "health");
    document["health"] = exit_of_severity(said) > exit_of_severity(worst) ? said : worst;
    document["agent"] = std::move(*agent);
    return document;
}

Answer<json> last_known_status(const config::Config& config, const engine::Places& places, std::int64_t now) {
    auto opened = store::History::open(places.history, store::History::Mode::read_only, now);
    if (!opened) return unreadable(places.history, opened.error());
    const auto& history = opened->history;
    auto snapshot = std::make_shared<api::Snapshot>();
    auto folders = history.folders();
    auto volumes = history.volumes();
    auto findings = history.findings(false);
    if (!folders) return unreadable(places.history, folders.error());
    if (!volumes) return unreadable(places.history, volumes.error());
    if (!findings) return unreadable(places.history, findings.error());
    snapshot->folders = std::move(*folders);
    snapshot->volumes = std::move(*volumes);
    snapshot->findings = std::move(*findings);
    snapshot->config = std::make_shared<const config::Config>(config);
    // Without them only the bars of volumes with a grace of their own are drawn to another scale.
    if (auto settings = store::Settings::open(places.settings)) {
        if (auto of_volumes = settings->volume_settings()) snapshot->settings = std::move(*of_volumes);
    }
    const api::Index index(snapshot);
    json document = {{"running", false},         {"health", "unknown"},      {"agent", nullptr},
                     {"folders", json::array()}, {"volumes", json::array()}, {"findings", json::array()}};
    for (const auto& folder : snapshot->folders) document["folders"].push_back(api::folder_json(folder, index));
    for (const auto& volume : snapshot->volumes) {
        document["volumes"].push_back(api::volume_record_json(volume, index.settings(volume.id), index, now));
    }
    for (const auto& finding : snapshot->findings) document["findings"].push_back(api::finding_json(finding));
    return document;
}

int status_exit_code(const json& document) {
    if (!flag_at(document, "running")) return exit_unknown;
    const json& agent = list_at(document, "agent");
    if (text_at(agent, "state") != "running") return exit_unknown;
    return exit_of_severity(text_at(document, "health"));
}

}  // namespace imc::cli
