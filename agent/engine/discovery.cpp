// Looking for folders with images that nobody manages.
#include "agent/engine/abandon.hpp"
#include "agent/engine/agent.hpp"
#include "agent/monitor/own_state.hpp"

#include <boost/asio/redirect_error.hpp>
#include <set>

namespace imc::engine {
namespace {

scan::DiscoveryLimits limits_of(const config::Config& config) {
    scan::DiscoveryLimits limits;
    limits.depth = static_cast<int>(config.discovery_depth);
    limits.directories = static_cast<std::size_t>(config.discovery_max_directories);
    limits.each.entries = static_cast<std::size_t>(config.max_entries_per_folder);
    limits.each.milliseconds = config.folder_timeout_seconds * 1000;
    return limits;
}

struct Found {
    api::UnmanagedReport report;
    std::vector<store::FindingRecord> findings;
};

// `watched` holds normalised paths. Blocks.
Found search(const config::Config& config, const std::set<std::string>& watched, store::UnixTime now, const std::stop_token& stop) {
    Found found;
    found.report.searched = now;
    found.report.complete = true;
    for (const auto& root : config.roots) {
        auto discovery = scan::discover(root, limits_of(config), stop);
        if (!discovery) {
            found.report.complete = false;
            found.report.unreadable.push_back(root);
            scan::Discovery nothing;
            nothing.complete = false;
            nothing.unreadable.push_back(root);
            if (auto finding = monitor::discovery_incomplete(root, nothing)) found.findings.push_back(std::move(*finding));
            continue;
        }
        if (auto finding = monitor::discovery_incomplete(root, *discovery)) found.findings.push_back(std::move(*finding));
        found.report.complete = found.report.complete && discovery->complete;
        auto& unreadable = found.report.unreadable;
        unreadable.insert(unreadable.end(), discovery->unreadable.begin(), discovery->unreadable.end());
        for (const auto& folder : discovery->found) {
            if (watched.contains(scan::normalise(folder.path))) continue;
            const Owner owner = owner_of(folder.path, config);
            if (!owner.matched) continue;
            found.report.folders.push_back({store::folder_id(scan::normalise(folder.path)), folder.path, owner.customer, owner.machine,
                                            folder.images, folder.bytes, folder.newest_written});
            found.findings.push_back(monitor::unmanaged_folder(folder, owner.customer));
        }
    }
    return found;
}

}  // namespace

boost::asio::awaitable<void> Agent::discovery_loop() {
    while (!stopping_.stop_requested()) {
        search_now_ = false;
        co_await discover();
        discovery_wake_.expires_after(std::chrono::seconds(config_->discovery_interval_seconds));
        boost::system::error_code woken;
        if (!search_now_) co_await discovery_wake_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    }
}

boost::asio::awaitable<void> Agent::discover() {
    // A search that hung on a dead share and was given up may still hold its thread.
    if (*searching_now_) co_return;
    std::set<std::string> watched;
    for (const FolderSpec& spec : scanner_.folders()) watched.insert(spec.path);
    const auto limit = std::chrono::seconds(900) * static_cast<int>(std::max<std::size_t>(config_->roots.size(), 1));
    auto work = [config = config_, watched, when = now(), stop = stopping_.get_token()] { return search(*config, watched, when, stop); };
    auto found = co_await abandonable(limit, searching_.place(), searching_now_, std::move(work));
    if (!found || stopping_.stop_requested()) co_return;
    const bool adopting = config_->auto_adopt;
    if (adopting) {
        co_await adopt_found(found->report);
        found->report.folders.clear();
        std::erase_if(found->findings, [](const auto& finding) { return finding.code == "unmanaged_folder"; });
    }
    for (auto at = own_findings_.begin(); at != own_findings_.end();) {
        const bool of_search = at->second.code == "unmanaged_folder" || at->second.code == "discovery_incomplete";
        at = of_search ? own_findings_.erase(at) : std::next(at);
    }
    for (auto& finding : found->findings) {
        const auto key = finding.key;
        own_findings_[key] = std::move(finding);
    }
    unmanaged_ = std::make_shared<api::UnmanagedReport>(std::move(found->report));
    changed();
}

boost::asio::awaitable<void> Agent::adopt_found(const api::UnmanagedReport& report) {
    for (const auto& folder : report.folders) {
        const store::AdoptedFolder adopted{scan::normalise(folder.path), "normal", folder.customer, folder.machine, true, now()};
        const api::Principal automatic{api::Scope::operate, "automatic"};
        auto record = audit_record(automatic, "", "folder.adopt", folder.path, "{}");
        auto settle_done = [adopted, record](store::Settings& settings) { return settings.adopt(adopted, record); };
        auto done = co_await parts_.stores->settle(std::move(settle_done));
        if (!done) {
            store_failed(done.error());
            co_return;
        }
        tell_audited(record);
    }
    if (report.folders.empty()) co_return;
    co_await load_settings();
    rebuild_folders();
}

}  // namespace imc::engine
