#include "assemble.hpp"

#include "spchain/ascii.hpp"

#include <algorithm>
#include <bit>
#include <unordered_map>

namespace spchain {
namespace {

// One image file on its way into a chain; entry < 0 for a remembered one that is gone.
struct Item {
    std::uint32_t volume = 0;
    std::uint32_t base = 0;
    Point head;
    Kind kind = Kind::full;
    bool spanned = false;
    std::uint8_t span = 0;
    std::int32_t entry = -1;
    std::uint64_t bytes = 0;  // of the entry, kept here because entries lie scattered in memory
    UnixTime written = no_time;
    const Memory* memory = nullptr;

    [[nodiscard]] bool before(const Item& o) const {
        if (volume != o.volume) return volume < o.volume;
        if (base != o.base) return base < o.base;
        if (head != o.head) return head < o.head;
        if (kind != o.kind) return kind < o.kind;
        if ((entry < 0) != (o.entry < 0)) return entry >= 0;
        return span != o.span ? span < o.span : entry < o.entry;
    }
    [[nodiscard]] bool same_place(const Item& o) const {
        return volume == o.volume && base == o.base && head == o.head && kind == o.kind && (entry < 0) == (o.entry < 0);
    }
};

// Only these have a place among points and edges; `.spi` names with all numbers zero and consolidations of
// nothing do not.
bool placed(const Name& name) {
    if (!name.conventional) return false;
    if (name.kind == Kind::full) return name.differential == 0 && name.incremental == 0;
    if (name.kind == Kind::differential) return name.differential > 0;
    return name.incremental > 0;
}

class Assembler {
public:
    explicit Assembler(const FolderInput& input) : input_(input) {}

    Assembly run() {
        match_memory();
        read_entries();
        add_gone();
        std::sort(items_.begin(), items_.end(), [](const Item& a, const Item& b) { return a.before(b); });
        build();
        return std::move(out_);
    }

private:
    void match_memory() {
        out_.of_entry.assign(input_.entries.size(), nullptr);
        if (input_.memory.empty()) return;
        std::vector<bool> there(input_.memory.size(), false);
        const auto by_name = [](const Entry& a, const Entry& b) { return a.name < b.name; };
        const bool sorted = std::is_sorted(input_.entries.begin(), input_.entries.end(), by_name);
        sorted ? merge_memory(there) : look_up_memory(there);
        for (std::size_t k = 0; k < input_.memory.size(); ++k) {
            if (!there[k]) out_.gone.push_back(&input_.memory[k]);
        }
    }

    // Both are in order: one pass over both.
    void merge_memory(std::vector<bool>& there) {
        std::size_t m = 0;
        for (std::size_t k = 0; k < input_.entries.size(); ++k) {
            int order = -1;
            while (m < input_.memory.size() && (order = input_.memory[m].name.compare(input_.entries[k].name)) < 0) ++m;
            if (m == input_.memory.size()) return;
            if (order == 0) note_match(k, m, there);
        }
    }

    // By an open-addressed table: no node, no copy for each of what may be a million names.
    void look_up_memory(std::vector<bool>& there) {
        const std::size_t size = std::bit_ceil(input_.memory.size() * 2 + 1);
        std::vector<std::uint32_t> slots(size, 0);
        const auto slot_of = [&](std::string_view name) {
            auto slot = std::hash<std::string_view>{}(name) & (size - 1);
            while (slots[slot] != 0 && input_.memory[slots[slot] - 1].name != name) slot = (slot + 1) & (size - 1);
            return slot;
        };
        for (std::size_t k = 0; k < input_.memory.size(); ++k) slots[slot_of(input_.memory[k].name)] = static_cast<std::uint32_t>(k + 1);
        for (std::size_t k = 0; k < input_.entries.size(); ++k) {
            const auto found = slots[slot_of(input_.entries[k].name)];
            if (found != 0) note_match(k, found - 1, there);
        }
    }

    void note_match(std::size_t entry, std::size_t memory, std::vector<bool>& there) {
        if (there[memory]) return;
        there[memory] = true;
        out_.of_entry[entry] = &input_.memory[memory];
    }

    std::uint32_t volume_of(std::string_view name) {
        if (!out_.volumes.empty() && out_.volumes[last_volume_].name == name) return last_volume_;
        const auto [at, added] = volumes_.emplace(ascii::lower(name), static_cast<std::uint32_t>(out_.volumes.size()));
        if (added) out_.volumes.push_back({std::string(name), {}, {}});
        last_volume_ = at->second;
        return last_volume_;
    }

    void read_entries() {
        items_.reserve(input_.entries.size());
        out_.images.reserve(input_.entries.size());
        for (std::size_t k = 0; k < input_.entries.size(); ++k) {
            const Name name = parse(input_.entries[k].name);
            if (name.type == NameType::foreign) {
                ++out_.foreign;
            } else if (name.type == NameType::companion) {
                add_companion(name, input_.entries[k]);
            } else {
                out_.images.push_back(static_cast<std::uint32_t>(k));
                out_.image_bytes += input_.entries[k].bytes;
                if (input_.entries[k].name.find('\'') != std::string::npos) out_.apostrophes.push_back(static_cast<std::uint32_t>(k));
                add_image(name, k);
            }
        }
    }

    void add_companion(const Name& name, const Entry& entry) {
        ++out_.companions;
        if (name.companion == Companion::md5) out_.digests.insert(hash_without_case(name.stem));
        if (name.companion == Companion::tmp) writing_.insert(hash_without_case(name.stem));
        if (name.companion == Companion::badlog) out_.badlogs.push_back({entry.name, std::string(name.volume), name.base});
    }

    void add_image(const Name& name, std::size_t entry) {
        if (!placed(name)) {
            out_.unconventional.push_back(static_cast<std::uint32_t>(entry));
            return;
        }
        Item item = item_of(name);
        item.entry = static_cast<std::int32_t>(entry);
        item.bytes = input_.entries[entry].bytes;
        item.written = held_to_calendars(input_.entries[entry].written);
        item.memory = out_.of_entry[entry];
        items_.push_back(item);
    }

    Item item_of(const Name& name) {
        Item item;
        item.volume = volume_of(name.volume);
        item.base = name.base;
        item.head = {name.differential, name.incremental};
        item.kind = name.kind;
        item.spanned = name.spanned;
        item.span = name.span;
        return item;
    }

    void add_gone() {
        for (const Memory* memory : out_.gone) {
            const Name name = parse(memory->name);
            if (name.type != NameType::image || !placed(name) || name.spanned) continue;
            Item item = item_of(name);
            item.memory = memory;
            items_.push_back(item);
        }
    }

    [[nodiscard]] bool settling(const Item& item) const {
        const auto settle = input_.rules.settle_seconds;
        const auto age = input_.now == no_time || item.written == no_time ? settle : input_.now - item.written;
        if (age < settle && age > -settle) return true;
        const Memory* before = item.memory;
        if (before != nullptr && before->vanished == no_time &&
            (before->bytes != item.bytes || held_to_calendars(before->written) != item.written))
            return true;
        return !writing_.empty() && writing_.contains(hash_without_case(stem_of(name_of(item))));
    }

    void build() {
        for (std::size_t k = 0; k < items_.size();) {
            std::size_t end = k + 1;
            while (end < items_.size() && items_[end].same_place(items_[k])) ++end;
            auto& groups = out_.volumes[items_[k].volume].groups;
            if (groups.empty() || groups.back().chain.base != items_[k].base) {
                groups.emplace_back();
                groups.back().chain.base = items_[k].base;
                const auto next = std::find_if(items_.begin() + static_cast<std::ptrdiff_t>(k), items_.end(), [&](const Item& item) {
                    return item.volume != items_[k].volume || item.base != items_[k].base;
                });
                const auto count = static_cast<std::size_t>(next - items_.begin()) - k;
                groups.back().chain.images.reserve(count);
                groups.back().known.reserve(count);
            }
            if (items_[k].entry < 0) {
                for (std::size_t j = k; j < end; ++j) add_known(groups.back(), items_[j], -1);
            } else {
                add_present(out_.volumes[items_[k].volume], groups.back(), std::span<const Item>(items_).subspan(k, end - k));
            }
            k = end;
        }
    }

    static void add_known(Group& group, const Item& item, std::int32_t image) {
        Known known;
        known.head = item.head;
        known.kind = item.kind;
        known.image = image;
        known.memory = item.memory;
        known.written = image < 0 ? held_to_calendars(item.memory->written) : group.chain.images[static_cast<std::size_t>(image)].written;
        group.known.push_back(known);
    }

    // Files of one place: one image; or the members of a spanned one; or several that claim the same name.
    void add_present(VolumeGroups& volume, Group& group, std::span<const Item> items) {
        const bool spanned = std::any_of(items.begin(), items.end(), [](const Item& item) { return item.spanned; });
        for (std::size_t k = 0; k < items.size(); ++k) {
            const bool young = settling(items[k]);
            if (young) ++out_.settling;
            if (spanned && k > 0) {
                Image& whole = group.chain.images.back();
                whole.bytes += items[k].bytes;
                whole.written = std::max(whole.written, items[k].written);
                if (young) whole.state = State::settling;
                continue;
            }
            Image image;
            image.entry = static_cast<std::uint32_t>(items[k].entry);
            image.bytes = items[k].bytes;
            image.written = items[k].written;
            image.kind = items[k].kind;
            image.head = items[k].head;
            image.state = young ? State::settling : State::present;
            group.chain.images.push_back(image);
            add_known(group, items[k], static_cast<std::int32_t>(group.chain.images.size()) - 1);
        }
        if (spanned) check_spans(volume, group, items);
        if (!spanned && items.size() > 1) check_duplicates(volume, group, items);
    }

    void check_spans(VolumeGroups& volume, Group& group, std::span<const Item> items) {
        Finding finding;
        finding.code = FindingCode::span_gap;
        finding.base = group.chain.base;
        int previous = -1;
        bool gap = false;
        for (const Item& item : items) {
            if (item.spanned && previous >= 0 && item.span > previous + 1) gap = true;
            if (item.spanned) previous = item.span;
            if (finding.files.size() < Finding::evidence_limit) finding.files.push_back(name_of(item));
        }
        if (!gap) return;
        group.known.back().suspicious = true;
        finding.count = items.size();
        volume.findings.push_back(std::move(finding));
    }

    void check_duplicates(VolumeGroups& volume, const Group& group, std::span<const Item> items) {
        Finding finding;
        finding.code = FindingCode::duplicate_image;
        finding.base = group.chain.base;
        for (std::size_t k = 1; k < items.size(); ++k) {
            if (!ascii::same(parse(name_of(items[k])).suffix, parse(name_of(items[k - 1])).suffix)) continue;
            if (finding.files.empty()) finding.files.push_back(name_of(items[k - 1]));
            if (finding.files.size() < Finding::evidence_limit) finding.files.push_back(name_of(items[k]));
            ++finding.count;
        }
        if (finding.count > 0) volume.findings.push_back(std::move(finding));
    }

    [[nodiscard]] const std::string& name_of(const Item& item) const { return input_.entries[static_cast<std::size_t>(item.entry)].name; }

    const FolderInput& input_;
    Assembly out_;
    std::vector<Item> items_;
    std::unordered_map<std::string, std::uint32_t> volumes_;
    std::uint32_t last_volume_ = 0;
    std::unordered_set<std::uint64_t> writing_;
};

}  // namespace

std::string_view stem_of(std::string_view image_name) noexcept {
    return image_name.substr(0, image_name.rfind('.'));
}

std::uint64_t hash_without_case(std::string_view text) noexcept {
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(ascii::lower(c))) * 0x100000001b3ULL;
    return hash;
}

Assembly assemble(const FolderInput& input) {
    return Assembler(input).run();
}

}  // namespace spchain
