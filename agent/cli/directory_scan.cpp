#include "agent/cli/directory_scan.hpp"

#include "agent/api/views_chain.hpp"
#include "agent/engine/folder_set.hpp"
#include "agent/engine/rules.hpp"
#include "agent/host/files.hpp"
#include "agent/monitor/evaluate.hpp"
#include "agent/monitor/words.hpp"

#include <algorithm>
#include <ostream>
#include <stop_token>

namespace imc::cli {
namespace {

constexpr std::int64_t fresh_seconds = 3600;
constexpr std::int64_t longest_milliseconds = 3'600'000;

// The folder as it would be managed: owner by the path template, profile by the nearest managed folder at or above it.
store::FolderRecord record_of(const ScanOptions& options, const std::string& path, const Judge& judge) {
    store::FolderRecord folder;
    folder.id = store::folder_id(path);
    folder.path = path;
    folder.type = options.type;
    folder.source = "configuration";
    folder.profile = "primary";
    const auto owner = engine::owner_of(path, judge.config);
    folder.customer = owner.customer;
    folder.machine = owner.machine;
    for (const auto& managed : judge.config.folders) {
        const std::string root = scan::normalise(managed.path);
        if (root != path && (managed.type != "backup_store" || root != scan::parent(path))) continue;
        folder.profile = managed.profile;
        if (!managed.customer.empty()) folder.customer = managed.customer;
        if (root == path && !managed.machine.empty()) folder.machine = managed.machine;
    }
    if (!options.profile.empty()) folder.profile = options.profile;
    folder.state = "ok";
    folder.first_seen = folder.last_scan = folder.last_good_scan = judge.now;
    return folder;
}

// What the agent would say of this folder: from the analysis, and from the clock and the disk.
std::vector<store::FindingRecord> findings_of(const store::FolderRecord& folder, monitor::Assessed assessed, const Judge& judge) {
    monitor::Known known;
    known.folders = {folder};
    known.volumes = std::move(assessed.volumes);
    auto findings = std::move(assessed.findings);
    for (auto& finding : monitor::over_time(known, judge.config, judge.now)) findings.push_back(std::move(finding));
    for (auto& finding : findings) finding.first_seen = finding.last_seen = judge.now;
    return findings;
}

void take_findings(DirectoryScan& scan, std::vector<store::FindingRecord> findings) {
    std::map<std::string, std::string> volumes;  // id to name
    for (const auto& volume : scan.report.volumes) volumes[store::volume_id(scan.path, volume.name)] = volume.name;
    for (auto& finding : findings) {
        const auto volume = volumes.find(finding.volume_id);
        scan.findings[volume == volumes.end() ? "" : volume->second].push_back(std::move(finding));
    }
}

}  // namespace

std::optional<Judge> judge_of(const Context& context, const std::string& now) {
    Judge judge;
    judge.now = context.now();
    if (!now.empty()) {
        const auto given = monitor::parse_rfc3339(now);
        if (!given) {
            context.complain("--now: \"" + now + "\" is no time such as 2026-11-21T09:30:00Z");
            return std::nullopt;
        }
        judge.now = *given;
    }
    if (!context.config_file.empty()) {
        auto config = configuration(context);
        if (!config) return std::nullopt;
        judge.config = std::move(*config);
        return judge;
    }
    const std::string file = config_path(context);
    if (!exists(file)) return judge;
    auto loaded = config::load(file);
    if (loaded.problems.empty()) {
        judge.config = std::move(loaded.config);
    } else {
        context.complain("judged by defaults, because " + loaded.problems.front().text());
    }
    return judge;
}

boost::system::result<DirectoryScan> scan_directory(const ScanOptions& options, const Judge& judge, Progress& progress) {
    DirectoryScan scan;
    scan.path = scan::normalise(options.directory);
    scan.at = judge.now;
    progress.phase(Progress::Phase::reading);
    scan::Limits limits;
    limits.entries = static_cast<std::size_t>(std::max(judge.config.max_entries_per_folder, std::int64_t{10'000'000}));
    limits.milliseconds = longest_milliseconds;
    auto look = scan::look(scan.path, limits, judge.now, fresh_seconds, std::stop_token());
    if (!look) return look.error();
    scan.look = std::move(*look);
    scan.entries = std::move(scan.look.listing.files);

    progress.phase(Progress::Phase::judging);
    store::FolderRecord folder = record_of(options, scan.path, judge);
    folder.identity = scan.look.identity;
    if (scan.look.space_known) {
        folder.free_bytes = scan.look.space.free_bytes;
        folder.total_bytes = scan.look.space.total_bytes;
    }
    spchain::FolderInput input;
    input.entries = scan.entries;
    input.now = judge.now;
    input.rules = engine::rules_of(judge.config, folder.profile, judge.now);
    scan.report = spchain::analyse(input);
    scan.rules = input.rules;
    folder.images = scan.report.images;
    folder.image_bytes = scan.report.image_bytes;
    take_findings(scan, findings_of(folder, monitor::assess(folder, scan.report, scan.entries, judge.now), judge));
    return scan;
}

std::string DirectoryScan::worst() const {
    std::vector<store::FindingRecord> all;
    for (const auto& [volume, some] : findings) all.insert(all.end(), some.begin(), some.end());
    return monitor::health_of(all);
}

nlohmann::json scan_document(const DirectoryScan& scan) {
    api::ScannedFolder folder;
    folder.path = scan.path;
    folder.scanned_at = scan.at;
    folder.incrementals_bytes = scan.look.incrementals_bytes;
    folder.findings = scan.findings;
    return api::scan_json(folder, scan.report, scan.entries);
}

}  // namespace imc::cli
