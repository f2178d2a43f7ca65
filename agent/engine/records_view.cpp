#include "agent/engine/records_view.hpp"

#include "agent/config/path_style.hpp"
#include "agent/imagemanager/compare.hpp"
#include "agent/imagemanager/path_map.hpp"
#include "agent/scan/listing.hpp"
#include "spchain/name.hpp"

#include <algorithm>
#include <set>

namespace imc::engine {
namespace {

constexpr std::size_t most_folders = 10'000;

std::uint64_t hash_of(std::string_view text, std::uint64_t hash) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return hash;
}

// Order does not matter, as the rows of a table have none.
std::uint64_t fingerprint_of(const imagemanager::WatchedFolder& folder) {
    std::uint64_t sum = 0;
    if (!folder.files) return sum;
    for (const auto& file : *folder.files) {
        if (!file.name || spchain::parse(*file.name).kind < spchain::Kind::daily) continue;
        sum += hash_of(std::to_string(file.created.value_or(0)), hash_of(*file.name, 0xcbf29ce484222325ULL));
    }
    return sum;
}

// Two writings of one id.
std::string folded(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

}  // namespace

RecordsView records_view(std::shared_ptr<const imagemanager::Records> records, const config::Config& config) {
    RecordsView view;
    view.records = records;
    if (!records) return view;
    const auto style = config::native_path_style();
    for (const auto& rows : records->folders) {
        if (!rows.path || rows.path->empty()) continue;
        if (!rows.live) {
            view.left_behind.push_back(*rows.path);
            continue;
        }
        const auto local = imagemanager::local_path(*rows.path, config.imagemanager_map, style);
        if (!local) {
            view.not_mapped.push_back(*rows.path);
            continue;
        }
        if (view.folders.size() >= most_folders) break;
        RecordedFolder folder;
        folder.path = scan::normalise(*local);
        folder.id = store::folder_id(folder.path);
        folder.type = "normal";
        folder.rows = std::shared_ptr<const imagemanager::WatchedFolder>(records, &rows);
        folder.fingerprint = fingerprint_of(rows);
        view.folders.try_emplace(folder.id, std::move(folder));
    }
    for (auto& [id, folder] : view.folders) {
        const auto parent = view.folders.find(store::folder_id(scan::parent(folder.path)));
        if (parent == view.folders.end() || parent->first == id) continue;
        folder.parent_id = parent->first;
        parent->second.type = "backup_store";
    }
    return view;
}

const RecordedFolder* RecordsView::find(const std::string& id) const {
    const auto found = folders.find(id);
    return found == folders.end() ? nullptr : &found->second;
}

void RecordsView::remember_lost(std::vector<spchain::Memory>& memory, const std::string& id, std::span<const spchain::Entry> entries,
                                std::int64_t lag, spchain::UnixTime now) const {
    const auto* recorded = find(id);
    if (recorded == nullptr) return;
    const auto before = [](const spchain::Memory& a, const spchain::Memory& b) { return a.name < b.name; };
    for (auto& lost : imagemanager::lost_consolidations(*recorded->rows, entries, now)) {
        if (lost.written != spchain::no_time && lost.written > now - lag) continue;
        const auto at = std::lower_bound(memory.begin(), memory.end(), lost, before);
        if (at != memory.end() && at->name == lost.name) continue;
        memory.insert(at, std::move(lost));
    }
}

std::vector<std::string> RecordsView::folders_of(const imagemanager::Target& target) const {
    std::set<std::string> wanted;
    for (const auto& set : target.sets) wanted.insert(folded(set.set_guid));
    std::vector<std::string> ids;
    for (const auto& [id, folder] : folders) {
        const auto& sets = folder.rows->sets;
        const bool any =
            std::any_of(sets.begin(), sets.end(), [&](const auto& set) { return set.set_guid && wanted.contains(folded(*set.set_guid)); });
        if (any) ids.push_back(id);
    }
    return ids;
}

}  // namespace imc::engine
