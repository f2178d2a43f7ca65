#include "agent/imagemanager/compare.hpp"

#include "spchain/name.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

namespace imc::imagemanager {
namespace {

using spchain::Kind;
using spchain::Memory;
using spchain::Name;

std::string folded(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

// 0 raw, then daily, weekly, monthly, rolling; negative: of no level.
int level_of(const Name& name) {
    switch (name.kind) {
        case Kind::incremental:
            return 0;
        case Kind::daily:
            return 1;
        case Kind::weekly:
            return 2;
        case Kind::monthly:
            return 3;
        case Kind::rolling:
            return 4;
        default:
            return -1;
    }
}

bool is_image(const Name& name) {
    return name.type == spchain::NameType::image && name.conventional;
}

// What of a chain is there: per level, the highest number that an image of it ends at.
struct Reach {
    std::array<std::uint32_t, 5> heads{};
};

class Present {
public:
    void add(std::string_view file) {
        const Name name = spchain::parse(file);
        if (!is_image(name)) return;
        const std::string volume = folded(name.volume);
        chains_.emplace(volume, name.base);
        const int level = level_of(name);
        if (level < 0) return;
        auto& head = reach_[{volume, name.base, name.differential}].heads[static_cast<std::size_t>(level)];
        head = std::max(head, name.incremental);
    }

    // The chain has images, the name has a place in it, and nothing that is there can hold what the file held.
    [[nodiscard]] bool misses(std::string_view file) const {
        const Name name = spchain::parse(file);
        if (!is_image(name) || name.kind == Kind::full || name.spanned) return false;
        const std::string volume = folded(name.volume);
        if (!chains_.contains({volume, name.base})) return false;
        const int level = level_of(name);
        if (level < 0) return name.kind == Kind::differential;
        const auto found = reach_.find({volume, name.base, name.differential});
        if (found == reach_.end()) return true;
        const auto& heads = found->second.heads;
        return std::none_of(heads.begin() + level + 1, heads.end(), [&](std::uint32_t head) { return head >= name.incremental; });
    }

private:
    std::set<std::pair<std::string, std::uint32_t>> chains_;
    std::map<std::tuple<std::string, std::uint32_t, std::uint32_t>, Reach> reach_;
};

void count(Verification& into, const ImageFile& file) {
    ++into.files;
    if (file.failed()) {
        ++into.failed;
        if (into.failed_names.size() < names_kept) into.failed_names.push_back(*file.name);
    } else if (file.last_verified) {
        ++into.verified;
    }
    if (file.verify_status && *file.verify_status != 1 && *file.verify_status != -1) ++into.other_codes[*file.verify_status];
    if (!file.last_verified) return;
    into.newest = std::max(into.newest, *file.last_verified);
    into.oldest = into.oldest == 0 ? *file.last_verified : std::min(into.oldest, *file.last_verified);
}

bool by_name(const Difference& a, const Difference& b) {
    return a.name < b.name;
}

class Comparing {
public:
    Comparing(const WatchedFolder& folder, std::span<const Memory> memory) : folder_(folder) {
        for (const Memory& image : memory) {
            if (image.vanished != spchain::no_time) continue;
            there_.emplace(folded(image.name), &image);
            present_.add(image.name);
        }
    }

    Comparison run() {
        out_.files_known = folder_.live && folder_.files.has_value();
        if (out_.files_known) files();
        sets();
        return std::move(out_);
    }

private:
    void files() {
        std::vector<const ImageFile*> rows;
        for (const auto& file : *folder_.files) {
            if (file.name && spchain::parse(*file.name).type == spchain::NameType::image) rows.push_back(&file);
        }
        std::sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) { return *a->name < *b->name; });
        for (const ImageFile* row : rows) this->row(*row);
        for (const auto& [name, image] : there_) {
            if (!known_.contains(name) && is_image(spchain::parse(image->name))) {
                out_.unknown.push_back({image->name, 0, image->bytes, image->written == spchain::no_time ? 0 : image->written});
            }
        }
        for (auto* list : {&out_.gone, &out_.unknown, &out_.sizes}) std::sort(list->begin(), list->end(), by_name);
        for (auto& [key, volume] : volumes_) out_.volumes.push_back(std::move(volume));
    }

    static UnixTime made(const Memory& image) {
        return std::max(image.written == spchain::no_time ? 0 : image.written, image.first_seen == spchain::no_time ? 0 : image.first_seen);
    }

    void row(const ImageFile& file) {
        const std::string key = folded(*file.name);
        if (!known_.insert(key).second) return;
        const auto found = there_.find(key);
        if (found == there_.end()) {
            if (present_.misses(*file.name)) out_.gone.push_back({*file.name, file.bytes.value_or(0), 0, file.created.value_or(0)});
            return;
        }
        const Memory& image = *found->second;
        if (file.bytes && *file.bytes != image.bytes) out_.sizes.push_back({image.name, *file.bytes, image.bytes, made(image)});
        const Name name = spchain::parse(image.name);
        const std::string volume(is_image(name) ? name.volume : std::string_view());
        auto& records = volumes_.try_emplace(folded(volume), VolumeRecords{volume, {}}).first->second;
        count(records.verification, file);
        count(out_.verification, file);
    }

    // A set is known by the name of its base, which its files begin with, or by its id.
    void sets() {
        for (const auto& set : folder_.sets) {
            if (!set.base_name || set.base_name->empty()) continue;
            const std::string base = folded(*set.base_name);
            const auto first = there_.lower_bound(base);
            if (first == there_.end() || !first->first.starts_with(base)) out_.empty_sets.push_back(*set.base_name);
        }
        std::sort(out_.empty_sets.begin(), out_.empty_sets.end());
    }

    const WatchedFolder& folder_;
    Present present_;
    std::map<std::string, const Memory*> there_;
    std::set<std::string> known_;
    std::map<std::string, VolumeRecords> volumes_;
    Comparison out_;
};

}  // namespace

Comparison compare(const WatchedFolder& folder, std::span<const Memory> memory) {
    return Comparing(folder, memory).run();
}

std::vector<Memory> lost_consolidations(const WatchedFolder& folder, std::span<const spchain::Entry> entries, spchain::UnixTime now) {
    std::vector<Memory> lost;
    if (!folder.live || !folder.files) return lost;
    const auto wanted = [](std::string_view file) { return level_of(spchain::parse(file)) > 0; };
    std::map<std::string, const ImageFile*> rows;
    for (const auto& file : *folder.files) {
        if (file.name && wanted(*file.name)) rows.emplace(folded(*file.name), &file);
    }
    if (rows.empty()) return lost;
    Present present;
    for (const auto& entry : entries) {
        present.add(entry.name);
        rows.erase(folded(entry.name));
    }
    for (const auto& [key, file] : rows) {
        if (!present.misses(*file->name)) continue;
        Memory memory;
        memory.name = *file->name;
        memory.bytes = file->bytes.value_or(0);
        memory.written = file->created.value_or(spchain::no_time);
        memory.first_seen = memory.written;
        memory.vanished = now;
        memory.recorded = true;
        lost.push_back(std::move(memory));
    }
    std::sort(lost.begin(), lost.end(), [](const Memory& a, const Memory& b) { return a.name < b.name; });
    return lost;
}

}  // namespace imc::imagemanager
