#include "agent/api/views.hpp"
#include "agent/cli/fields.hpp"
#include "agent/cli/scan_page.hpp"
#include "agent/cli/verbs.hpp"
#include "agent/monitor/evaluate.hpp"
#include "agent/monitor/words.hpp"

#include <algorithm>
#include <ostream>
#include <stop_token>

namespace imc::cli {

using nlohmann::json;
namespace walk = imc::scan;  // the verb has the module's name

namespace {

std::string cannot_read(const std::string& path, boost::system::error_code error) {
    return "cannot read " + path + ": " + error.message();
}

int exit_of(const std::vector<std::string>& severities, bool unreadable) {
    int worst = exit_ok;
    for (const auto& severity : severities) worst = std::max(worst, exit_of_severity(severity));
    // What could not be looked at may be worse than what was; only critical cannot get worse.
    return worst == exit_critical ? worst : unreadable ? exit_unknown : worst;
}

// A child of a store that could not be read, told like any other.
json unreadable_document(const std::string& path, boost::system::error_code error, std::int64_t now) {
    store::FolderRecord folder;
    folder.id = store::folder_id(path);
    folder.path = path;
    folder.first_seen = folder.last_scan = folder.last_good_scan = now;
    const auto why = error.category() == walk::category() ? static_cast<walk::errc>(error.value()) : walk::errc::io;
    json findings = json::array();
    for (auto& finding : monitor::unreadable(folder, why)) {
        finding.first_seen = finding.last_seen = now;
        findings.push_back(api::finding_json(finding));
    }
    return {{"folder", path},
            {"scanned_at", monitor::rfc3339(now)},
            {"error", walk::to_string(why)},
            {"volumes", json::array()},
            {"companions", 0},
            {"foreign", 0},
            {"incrementals_bytes", 0},
            {"findings", std::move(findings)}};
}

class StoreScan {
public:
    StoreScan(const Context& context, const ScanOptions& options, const Judge& judge, bool as_json)
        : context_(context), options_(options), judge_(judge), as_json_(as_json) {}

    int run() {
        const std::string path = walk::normalise(options_.directory);
        const auto children = walk::children(path, walk::Limits{}, std::stop_token());
        if (!children) return context_.complain(cannot_read(path, children.error()), exit_unknown);
        ScanOptions root = options_;
        root.type = "backup_store";
        const auto looked = one(root, 0, 0);
        if (!looked) return context_.complain(cannot_read(path, looked.error()), exit_unknown);
        severities_.push_back(looked->worst());
        json folders = json::array();
        for (std::size_t i = 0; i < children->size(); ++i) folders.push_back(child((*children)[i], i, children->size()));
        if (as_json_) {
            const json document = scan_document(*looked);
            context_.print({{"folder", document["folder"]},
                            {"scanned_at", document["scanned_at"]},
                            {"folders", std::move(folders)},
                            {"findings", document["findings"]}});
        } else {
            // Images in the root of a store are managed by nobody: only what is wrong about them is told.
            DirectoryScan bare = *looked;
            bare.report.volumes.clear();
            context_.out << scan_page(bare, context_.style());
        }
        return exit_of(severities_, unreadable_);
    }

private:
    boost::system::result<DirectoryScan> one(const ScanOptions& options, std::size_t at, std::size_t of) const {
        Progress progress(context_.err, context_.terminal.progress, options.directory, context_.terminal.width);
        progress.step(at, of);
        return scan_directory(options, judge_, progress);
    }

    json child(const std::string& path, std::size_t at, std::size_t of) {
        ScanOptions options = options_;
        options.directory = path;
        const auto looked = one(options, at, of);
        if (!looked) {
            unreadable_ = true;
            context_.complain(cannot_read(path, looked.error()));
            return unreadable_document(path, looked.error(), judge_.now);
        }
        severities_.push_back(looked->worst());
        if (as_json_) return scan_document(*looked);
        context_.out << scan_page(*looked, context_.style()) << "\n" << std::flush;
        return {};
    }

    const Context& context_;
    const ScanOptions& options_;
    const Judge& judge_;
    bool as_json_;
    bool unreadable_ = false;
    std::vector<std::string> severities_;
};

}  // namespace

int scan(const Context& context, const ScanOptions& options, bool store, bool as_json) {
    const auto judge = judge_of(context, options.now);
    if (!judge) return exit_unknown;
    if (store) return StoreScan(context, options, *judge, as_json).run();
    const auto looked = [&] {
        Progress progress(context.err, context.terminal.progress, options.directory, context.terminal.width);
        return scan_directory(options, *judge, progress);
    }();
    if (!looked) return context.complain(cannot_read(walk::normalise(options.directory), looked.error()), exit_unknown);
    if (as_json) {
        context.print(scan_document(*looked));
    } else {
        context.out << scan_page(*looked, context.style());
    }
    return exit_of({looked->worst()}, false);
}

}  // namespace imc::cli
