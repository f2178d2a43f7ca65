#include "agent/api/views_diary.hpp"

#include "agent/api/views.hpp"
#include "agent/monitor/words.hpp"

#include <algorithm>
#include <map>

namespace imc::api {

using nlohmann::json;

namespace {

constexpr std::int64_t day_seconds = 86'400;

class Counts {
public:
    explicit Counts(std::span<const store::ActivityCount> counts) {
        for (const auto& count : counts) {
            auto& one = sums_[count.kind];
            one.times += count.times;
            one.bytes += count.bytes;
        }
    }
    [[nodiscard]] std::uint64_t times(const std::string& kind) const { return get(kind).times; }
    [[nodiscard]] std::uint64_t bytes(const std::string& kind) const { return get(kind).bytes; }

private:
    struct Sum {
        std::uint64_t times = 0;
        std::uint64_t bytes = 0;
    };
    [[nodiscard]] Sum get(const std::string& kind) const {
        const auto found = sums_.find(kind);
        return found == sums_.end() ? Sum() : found->second;
    }
    std::map<std::string, Sum> sums_;
};

json entry_json(const store::ActivityEntry& entry) {
    return {{"at", time_json(entry.at)},
            {"folder_id", word_json(entry.folder_id)},
            {"kind", entry.kind.substr(entry.kind.find('.') + 1)},
            {"severity", entry.severity},
            {"source", entry.source},
            {"event_id", entry.event_id == 0 ? json() : json(entry.event_id)},
            {"image", word_json(entry.image)},
            {"text", entry.text}};
}

json folder_report(const std::string& id, std::span<const store::ActivityCount> counts, const Index& index) {
    const auto* folder = index.folder(id);
    json result = activity_json(counts);
    result["folder_id"] = word_json(id);
    result["path"] = folder ? json(folder->path) : json();
    result["customer"] = folder ? word_json(folder->customer) : json();
    result["machine"] = folder ? word_json(folder->machine) : json();
    return result;
}

}  // namespace

std::string date_text(spchain::DayNumber day) {
    return monitor::rfc3339(std::int64_t{day} * day_seconds).substr(0, 10);
}

std::optional<spchain::DayNumber> parse_date(std::string_view text) noexcept {
    constexpr std::size_t length = 10;
    if (text.size() != length) return std::nullopt;
    const auto time = monitor::parse_rfc3339(std::string(text) + "T00:00:00Z");
    if (!time) return std::nullopt;
    return static_cast<spchain::DayNumber>((*time - (*time < 0 ? day_seconds - 1 : 0)) / day_seconds);
}

json activity_json(std::span<const store::ActivityCount> all) {
    const Counts counts(all);
    const auto failed = counts.times("event.consolidation_failed") + counts.times("event.processing_failed");
    return {{"images_created", counts.times("look.created")},
            {"images_consolidated", counts.times("look.consolidated")},
            {"images_removed", counts.times("look.removed")},
            {"bytes_gained", counts.bytes("look.created") + counts.bytes("look.consolidated")},
            {"bytes_lost", counts.bytes("look.removed")},
            {"verified", counts.times("check.good")},
            {"verified_bytes", counts.bytes("check.good")},
            {"damaged", counts.times("check.mismatch")},
            {"imagemanager",
             {// The log and the events tell of the same files.
              {"consolidated", std::max(counts.times("log.consolidated"), counts.times("event.consolidated"))},
              {"failed", failed},
              {"verification_failed", counts.times("event.verification_failed")},
              {"incomplete_chains", counts.times("event.incomplete_chain")},
              {"replication_failed", counts.times("event.replication_failed")},
              {"headstart_failed", counts.times("event.headstart_failed")},
              {"file_systems_good", counts.times("log.chkdsk_succeeded")},
              {"file_systems_bad", counts.times("log.chkdsk_failed")},
              {"test_boots_failed", counts.times("log.virtual_boot_exception")},
              {"unknown_events", counts.times("event.unknown") + counts.times("event.reserved")}}},
            {"backups",
             {{"succeeded", counts.times("event.backup_succeeded")},
              {"failed", counts.times("event.backup_failed") + counts.times("event.backup_aborted") +
                             counts.times("event.backup_failed_or_aborted")}}}};
}

json report_json(const DayReport& report, const Index& index) {
    json folders = json::array();
    const std::span<const store::ActivityCount> all(report.counts);
    for (std::size_t begin = 0; begin < all.size();) {
        std::size_t end = begin;
        while (end < all.size() && all[end].folder_id == all[begin].folder_id) ++end;
        folders.push_back(folder_report(all[begin].folder_id, all.subspan(begin, end - begin), index));
        begin = end;
    }
    json entries = json::array();
    for (const auto& entry : report.entries) entries.push_back(entry_json(entry));
    json findings = json::array();
    for (const auto& finding : report.findings) findings.push_back(finding_json(finding));
    return {{"date", date_text(report.day)}, {"totals", activity_json(all)},    {"folders", std::move(folders)},
            {"entries", std::move(entries)}, {"findings", std::move(findings)}, {"open", counts_json(index.all_counts())}};
}

json log_json(const LogFile& log) {
    return {{"id", log.id},       {"name", log.name},
            {"kind", log.kind},   {"folder_id", word_json(log.folder_id)},
            {"bytes", log.bytes}, {"written", time_json(log.written)}};
}

json log_page_json(const LogFile& log, const LogPage& page) {
    json lines = json::array();
    for (const auto& line : page.lines) {
        lines.push_back({{"offset", line.offset},
                         {"text", line.text},
                         {"cut", line.cut},
                         {"time", word_json(line.time)},
                         {"message", word_json(line.message)},
                         {"file", word_json(line.file)}});
    }
    json result = log_json(log);
    result["items"] = std::move(lines);
    result["next_cursor"] = page.end ? json() : json(std::to_string(page.next));
    return result;
}

}  // namespace imc::api
