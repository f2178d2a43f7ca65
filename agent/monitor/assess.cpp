#include "agent/monitor/catalogue.hpp"
#include "agent/monitor/evaluate.hpp"
#include "agent/monitor/scan_words.hpp"
#include "agent/monitor/subject.hpp"
#include "agent/monitor/words.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace imc::monitor {
namespace {

using nlohmann::json;
using spchain::FindingCode;
using store::UnixTime;

constexpr std::size_t names_shown = 20;

UnixTime known_time(UnixTime t) noexcept {
    return t == spchain::no_time ? 0 : t;
}

// The chain that speaks for the volume: the newest base that has points. One that is just being written has none yet.
const spchain::Chain* leading(const spchain::Volume& volume) {
    for (auto chain = volume.chains.rbegin(); chain != volume.chains.rend(); ++chain) {
        if (chain->newest >= 0 && static_cast<std::size_t>(chain->newest) < chain->points.size()) return &*chain;
    }
    return volume.chains.empty() ? nullptr : &volume.chains.back();
}

class Assessment {
public:
    Assessment(const store::FolderRecord& folder, const spchain::FolderReport& report, std::span<const spchain::Entry> entries,
               UnixTime now)
        : folder_(folder), report_(report), entries_(entries), now_(now) {}

    Assessed run() {
        if (folder_.type == "backup_store") {
            store_root();
        } else {
            for (const auto& volume : report_.volumes) this->volume(volume);
            first_written();
            for (const auto& finding : report_.findings) this->finding(finding, nullptr);
            empty_folder();
        }
        own_path();
        return std::move(out_);
    }

private:
    void volume(const spchain::Volume& volume) {
        store::VolumeRecord record;
        record.id = store::volume_id(folder_.path, volume.name);
        record.folder_id = folder_.id;
        record.volume = volume.name;
        record.machine = folder_.machine;
        record.customer = folder_.customer;
        record.first_seen = now_;
        record.verdict = "broken";
        record.chains = volume.chains.size();
        std::uint64_t bytes = 0;
        for (const auto& chain : volume.chains) {
            record.images += chain.images.size();
            bytes += chain.usage_bytes + chain.retention_bytes;
            for (const auto& point : chain.points) ++record.points[static_cast<std::size_t>(point.verdict)];
        }
        newest(record, volume);
        restorable(record, volume);
        record.retention_bytes = bytes - std::min(bytes, record.usage_bytes);
        for (const auto& finding : volume.findings) this->finding(finding, &volume);
        out_.volumes.push_back(std::move(record));
    }

    void newest(store::VolumeRecord& record, const spchain::Volume& volume) const {
        const spchain::Chain* chain = leading(volume);
        if (!chain) return;
        record.base = chain->base;
        for (const auto& image : chain->images) {
            if (image.kind == spchain::Kind::full) record.base_written = known_time(image.written);
        }
        record.newest_written = known_time(chain->newest_written);
        if (chain->newest < 0 || static_cast<std::size_t>(chain->newest) >= chain->points.size()) return;
        const auto& point = chain->points[static_cast<std::size_t>(chain->newest)];
        record.newest_point = spchain::to_string(chain->base, point.point);
        record.verdict = std::string(spchain::to_string(point.verdict));
        // a consolidated image that ends at the same point is no newer backup
        record.newest_written = known_time(point.written);
        const spchain::Image* first = nullptr;
        for (const auto& image : chain->images) {
            const bool earlier = !first || known_time(image.written) < known_time(first->written);
            if (image.head == point.point && image.state != spchain::State::settling && earlier) first = &image;
        }
        if (first && first->entry < entries_.size()) record.newest_image = entries_[first->entry].name;
    }

    static void restorable(store::VolumeRecord& record, const spchain::Volume& volume) {
        for (auto chain = volume.chains.rbegin(); chain != volume.chains.rend(); ++chain) {
            for (auto point = chain->points.rbegin(); point != chain->points.rend(); ++point) {
                if (point->verdict == spchain::Verdict::broken) continue;
                record.newest_restorable_point = spchain::to_string(chain->base, point->point);
                record.newest_restorable_written = known_time(point->written);
                record.usage_bytes = point->restore_bytes;
                return;
            }
        }
    }

    // The newest point may be older than the file that carries it now: when backups have stopped, consolidation and
    // retention go on and replace the last image by ever newer ones. What is remembered of the point's first image
    // counts, unless it is older than the base, that is of an earlier chain with the same numbers.
    void first_written() {
        std::map<std::string, store::VolumeRecord*> by_name;
        for (auto& record : out_.volumes) by_name[folded(record.volume)] = &record;
        std::string_view last_name;  // memory is sorted by name, so most look-ups repeat the one before
        store::VolumeRecord* record = nullptr;
        for (const auto& memory : report_.memory) {
            const auto name = spchain::parse(memory.name);
            if (name.type != spchain::NameType::image || !name.conventional) continue;
            if (last_name != name.volume) {
                const auto at = by_name.find(folded(std::string(name.volume)));
                record = at == by_name.end() ? nullptr : at->second;
                last_name = name.volume;
            }
            if (record) remembered(*record, memory, name);
        }
    }

    static void remembered(store::VolumeRecord& record, const spchain::Memory& memory, const spchain::Name& name) {
        if (memory.first_seen > 0) record.first_seen = std::min(record.first_seen, memory.first_seen);
        if (memory.written == spchain::no_time || memory.written >= record.newest_written) return;
        const auto newest = spchain::parse_point(record.newest_point);
        const bool same = newest && newest->first == name.base && newest->second == spchain::Point{name.differential, name.incremental};
        if (same && (record.base_written == 0 || memory.written >= record.base_written)) record.newest_written = memory.written;
    }

    void finding(const spchain::Finding& finding, const spchain::Volume* volume) {
        const auto code = spchain::to_string(finding.code);
        const spchain::Chain* lead = volume ? leading(*volume) : nullptr;
        const ScanWords words = scan_words(folder_, finding, !lead || finding.base == 0 || finding.base == lead->base);
        std::string key =
            this->key(code) + ":" + folded(finding.volume) + ":" + (finding.base > 0 ? spchain::to_string(finding.base, {}) : "");
        // of these one chain may have several
        const bool several = finding.code == FindingCode::duplicate_image || finding.code == FindingCode::span_gap ||
                             finding.code == FindingCode::image_damaged || finding.code == FindingCode::verification_failed;
        if (several && !finding.files.empty()) key += ":" + finding.files.front();
        while (!keys_.insert(key).second) key += "+";
        json evidence = {{"count", finding.count}};
        if (finding.base > 0) evidence["base"] = spchain::to_string(finding.base, {});
        if (!finding.files.empty()) evidence["files"] = finding.files;
        if (!finding.points.empty()) evidence["points"] = finding.points;
        if (!finding.absent.empty()) evidence["absent"] = finding.absent;
        if (finding.newest_affected) evidence["newest_affected"] = true;
        out_.findings.push_back(make_finding(code, key, words.says, words.remedy, evidence, folder_.id,
                                             volume ? store::volume_id(folder_.path, volume->name) : "", words.severity));
    }

    // Images in the root of a store are managed by nobody, so no volume is made of them.
    void store_root() {
        std::vector<std::string> names;
        std::uint64_t count = 0;
        for (const auto& entry : entries_) {
            if (spchain::parse(entry.name).type != spchain::NameType::image) continue;
            ++count;
            if (names.size() < names_shown) names.push_back(entry.name);
        }
        if (count == 0) return;
        const std::string says = count_text(count, "image lies", "images lie") + " in the root of the backup store " + folder_.path + " (" +
                                 list_text(names, 3, count) + "); ImageManager manages the folders below it only, so nobody looks after " +
                                 (count == 1 ? "it." : "them.");
        add("images_in_store_root", says, {{"count", count}, {"files", names}}, {});
    }

    void empty_folder() {
        if (report_.images > 0 || report_.settling > 0 || !report_.volumes.empty()) return;
        for (const auto& entry : entries_) {
            const auto name = spchain::parse(entry.name);
            if (name.type == spchain::NameType::companion && name.companion == spchain::Companion::tmp) return;
        }
        if (report_.memory.empty()) {
            add("folder_empty", "The managed folder " + folder_.path + " holds no images, so nothing can be restored from it.",
                json::object(), {});
        } else {
            const std::string says = "The managed folder " + folder_.path + " held images at an earlier look and now holds none.";
            add("folder_empty", says, {{"remembered", true}}, "critical");
        }
    }

    // spchain sees names of files only; the path of the folder matters just as much.
    void own_path() {
        if (folder_.path.find('\'') == std::string::npos) return;
        const std::string says = "The path " + folder_.path + " has an apostrophe, which ImageManager does not support.";
        const std::string key = this->key("apostrophe") + ":path";
        out_.findings.push_back(make_finding("apostrophe", key, says, {}, {{"path", folder_.path}}, folder_.id, {}));
    }

    void add(std::string_view code, const std::string& says, const json& evidence, std::optional<std::string_view> severity) {
        out_.findings.push_back(make_finding(code, key(code) + "::", says, {}, evidence, folder_.id, {}, severity));
    }

    [[nodiscard]] std::string key(std::string_view code) const { return "scan:" + folder_.id + ":" + std::string(code); }

    const store::FolderRecord& folder_;
    const spchain::FolderReport& report_;
    std::span<const spchain::Entry> entries_;
    UnixTime now_;
    std::set<std::string> keys_;
    Assessed out_;
};

}  // namespace

Assessed assess(const store::FolderRecord& folder, const spchain::FolderReport& report, std::span<const spchain::Entry> entries,
                UnixTime now) {
    return Assessment(folder, report, entries, now).run();
}

}  // namespace imc::monitor
