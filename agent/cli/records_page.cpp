#include "agent/cli/records_page.hpp"

#include "agent/cli/table.hpp"
#include "agent/monitor/words.hpp"

#include <algorithm>

namespace imc::cli {
namespace {

using imagemanager::Records;
using imagemanager::Target;
using imagemanager::UnixTime;
using imagemanager::WatchedFolder;
using monitor::bytes_text;

std::string age(std::optional<UnixTime> time, std::int64_t now) {
    if (!time) return "";
    return *time > now + 86'400 ? "in the future" : monitor::age_text(now - *time);
}

template <class T>
std::string number(const std::optional<T>& known) {
    return known ? std::to_string(*known) : "";
}

std::string size(std::optional<std::uint64_t> bytes) {
    return bytes ? bytes_text(*bytes) : "";
}

// A path that the database lacks is told, so that the row does not look cut off.
std::string path_text(const std::optional<std::string>& path) {
    return path ? visible(*path) : "(no path)";
}

std::string machines(const WatchedFolder& folder) {
    std::vector<std::string> names;
    for (const auto& set : folder.sets) {
        if (set.machine && std::find(names.begin(), names.end(), *set.machine) == names.end()) names.push_back(*set.machine);
    }
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ", ") + visible(name);
    return text;
}

Row folder_row(const WatchedFolder& folder, std::int64_t now) {
    Row row = {{number(folder.index)}, {path_text(folder.path)}};
    if (!folder.live) {
        row.insert(row.end(), {{"left behind", Tone::dim}});
        return row;
    }
    std::optional<UnixTime> newest, verified;
    std::optional<std::uint64_t> bytes;
    std::uint64_t failed = 0, unknown = 0;
    bool told = false;  // whether there is any word of verification
    if (folder.files) {
        bytes = 0;
        for (const auto& file : *folder.files) {
            newest = std::max(newest, file.created);
            verified = std::max(verified, file.last_verified);
            bytes = bytes && file.bytes ? std::optional(*bytes + *file.bytes) : std::nullopt;
            told = told || file.verify_failed || file.verify_status;
            if (file.failed()) {
                ++failed;
            } else if (file.verify_status && file.verify_status != 1) {
                ++unknown;  // a status that nobody has described is neither well nor failed
            }
        }
    }
    row.insert(row.end(), {{"managed"},
                           {machines(folder)},
                           {std::to_string(folder.sets.size())},
                           {folder.files ? std::to_string(folder.files->size()) : ""},
                           {size(bytes)},
                           {age(newest, now)},
                           {age(verified, now)},
                           {told ? std::to_string(failed) : "", failed > 0 ? Tone::bad : Tone::plain},
                           {unknown > 0 ? std::to_string(unknown) : "", Tone::warn}});
    return row;
}

Row target_row(const Target& target, std::int64_t now) {
    Row row = {{number(target.index)}, {path_text(target.path)}};
    if (!target.live) {
        row.insert(row.end(), {{"left behind", Tone::dim}});
        return row;
    }
    row.insert(row.end(), {{std::string(to_string(target.type))},
                           {number(target.queued)},
                           {size(target.queued_bytes)},
                           {age(target.oldest_queued, now)},
                           {number(target.sent)},
                           {size(target.sent_bytes)},
                           {age(target.last_sent, now)}});
    return row;
}

std::string part(const char* title, const std::vector<Column>& columns, const std::vector<Row>& rows, Style style) {
    return style.paint(title, Tone::strong) + "\n" + (rows.empty() ? std::string("  none\n") : table(columns, rows, style, 2));
}

}  // namespace

std::string records_page(const Records& records, std::int64_t now, Style style) {
    std::vector<Row> rows;
    for (const auto& folder : records.folders) rows.push_back(folder_row(folder, now));
    const std::vector<Column> folder_columns = {
        {"no.", true, 0, 0, Cut::end},      {"folder", false, 20, 0, Cut::begin}, {"state", false, 0, 0, Cut::end},
        {"machine", false, 8, 5, Cut::end}, {"sets", true, 0, 4, Cut::end},       {"files", true, 0, 0, Cut::end},
        {"size", true, 0, 3, Cut::end},     {"newest", true, 0, 1, Cut::end},     {"verified", true, 0, 2, Cut::end},
        {"failed", true, 0, 0, Cut::end},   {"unknown", true, 0, 0, Cut::end}};
    std::string out = part("Managed folders", folder_columns, rows, style);
    rows.clear();
    for (const auto& target : records.targets.value_or(std::vector<Target>())) rows.push_back(target_row(target, now));
    const std::vector<Column> target_columns = {
        {"no.", true, 0, 0, Cut::end},    {"target", false, 20, 0, Cut::begin}, {"type", false, 0, 0, Cut::end},
        {"queued", true, 0, 0, Cut::end}, {"size", true, 0, 2, Cut::end},       {"oldest", true, 0, 1, Cut::end},
        {"sent", true, 0, 4, Cut::end},   {"size", true, 0, 5, Cut::end},       {"last", true, 0, 3, Cut::end}};
    out += "\n" + part("Replication and HeadStart targets", target_columns, rows, style);
    return out;
}

}  // namespace imc::cli
