#include "assemble.hpp"
#include "spchain/ascii.hpp"

#include <algorithm>
#include <cstring>
#include <map>

namespace spchain {
namespace {

constexpr std::int64_t day_seconds = 86'400;
constexpr std::int64_t digest_grace_seconds = 900;           // a sidecar is written after its image
constexpr std::int64_t new_base_seconds = 30 * day_seconds;  // how long a new base is news
constexpr std::int64_t forget_seconds = 30 * day_seconds;    // files whose absence is explained
constexpr std::int64_t forget_chain_seconds = 400 * day_seconds;

void take_tails(Group& group) {
    for (const Known& known : group.known) {
        if (known.image < 0) continue;
        Image& image = group.chain.images[static_cast<std::size_t>(known.image)];
        image.tail = known.tail;
        image.basis = known.basis;
        image.suspicious = known.suspicious;
    }
}

void note(Finding& finding, const std::string& file) {
    ++finding.count;
    if (finding.files.size() < Finding::evidence_limit) finding.files.push_back(file);
}

class Analyser {
public:
    explicit Analyser(const FolderInput& input) : input_(input), assembly_(assemble(input)) {}

    FolderReport run() {
        for (VolumeGroups& groups : assembly_.volumes) analyse_volume(groups);
        std::sort(report_.volumes.begin(), report_.volumes.end(),
                  [](const Volume& a, const Volume& b) { return ascii::lower(a.name) < ascii::lower(b.name); });
        folder_findings();
        settle_of_absent();
        report_.companions = assembly_.companions;
        report_.foreign = assembly_.foreign;
        report_.settling = assembly_.settling;
        report_.images = assembly_.images.size();
        report_.image_bytes = assembly_.image_bytes;
        remember();
        return std::move(report_);
    }

private:
    void analyse_volume(VolumeGroups& groups) {
        Volume volume;
        volume.name = groups.name;
        volume.findings = std::move(groups.findings);
        bool times_lost = false;
        sort_statements(groups);
        for (Group& group : groups.groups) {
            infer_tails(group, input_.rules, input_.now, input_.previous_look != no_time);
            take_tails(group);
            find_paths(group.chain);
            explain_chain(group, input_, volume);
            const auto said = said_.find(group.chain.base);
            if (said != said_.end()) hear_statements(group, input_, said->second, volume, report_.settled);
            find_blast_radii(group.chain);
            remember_tails(group);
            if (group.chain.images.empty()) continue;
            times_lost = group.times_lost;
            volume.newest_written = std::max(volume.newest_written, group.chain.newest_written);
            volume.chains.push_back(std::move(group.chain));
        }
        if (volume.chains.empty()) return;
        learn_kept(volume.chains.back(), times_lost, report_.kept);
        new_base(volume);
        each_image(volume);
        bad_logs(volume);
        for (Finding& finding : volume.findings) finding.volume = volume.name;
        report_.volumes.push_back(std::move(volume));
    }

    // Those about this volume's chains, by base.
    void sort_statements(const VolumeGroups& groups) {
        said_.clear();
        const auto name = ascii::lower(groups.name);
        for (std::uint32_t k = 0; k < input_.statements.size(); ++k) {
            const Statement& statement = input_.statements[k];
            const Name parsed = parse(statement.image);
            const bool named = parsed.type == NameType::image && parsed.conventional;
            if (!named && !statement.image.empty()) continue;
            if (ascii::lower(named ? parsed.volume : std::string_view(statement.volume)) != name) continue;
            const auto base = named ? parsed.base : statement.base != 0 ? statement.base : base_at(groups, statement.at);
            const bool there = std::any_of(groups.groups.begin(), groups.groups.end(),
                                           [base](const Group& group) { return group.chain.base == base && !group.chain.images.empty(); });
            if (!there) continue;
            said_[base].push_back(k);
            heard_.push_back(k);
        }
    }

    // The newest base whose full image was there at a time.
    [[nodiscard]] static std::uint32_t base_at(const VolumeGroups& groups, UnixTime at) {
        std::uint32_t found = groups.groups.empty() ? 0 : groups.groups.front().chain.base;
        for (const Group& group : groups.groups) {
            if (group.chain.images.empty()) continue;
            const Image& first = group.chain.images.front();
            if (first.written == no_time || at == no_time || first.written <= at) found = group.chain.base;
        }
        return found;
    }

    // Chains that are gone need nobody's word any more.
    void settle_of_absent() {
        std::sort(heard_.begin(), heard_.end());
        for (std::uint32_t k = 0; k < input_.statements.size(); ++k) {
            const auto said = input_.statements[k].said;
            const bool against = said == Said::damaged || said == Said::questioned || said == Said::incomplete;
            if (against && !std::binary_search(heard_.begin(), heard_.end(), k)) report_.settled.push_back(k);
        }
        std::sort(report_.settled.begin(), report_.settled.end());
        report_.settled.erase(std::unique(report_.settled.begin(), report_.settled.end()), report_.settled.end());
    }

    void new_base(Volume& volume) const {
        if (volume.chains.size() < 2 || input_.now == no_time) return;
        const Chain& newest = volume.chains.back();
        const Image& first = newest.images.front();
        if (first.kind != Kind::full || first.written == no_time || input_.now - first.written > new_base_seconds) return;
        Finding finding;
        finding.code = FindingCode::new_base;
        finding.base = newest.base;
        note(finding, input_.entries[first.entry].name);
        volume.findings.push_back(std::move(finding));
    }

    void each_image(Volume& volume) const {
        Finding no_digest;
        Finding empty;
        no_digest.code = FindingCode::md5_missing;
        empty.code = FindingCode::empty_image;
        for (const Chain& chain : volume.chains) {
            for (const Image& image : chain.images) {
                if (image.state == State::settling) continue;
                if (image.bytes == 0) note(empty, input_.entries[image.entry].name);
                const bool young = input_.now != no_time && image.written != no_time && input_.now - image.written < digest_grace_seconds;
                if (!input_.rules.expect_md5 || young) continue;
                const auto& name = input_.entries[image.entry].name;
                if (assembly_.digests.empty() || !assembly_.digests.contains(hash_without_case(stem_of(name)))) note(no_digest, name);
            }
        }
        if (no_digest.count > 0) volume.findings.push_back(std::move(no_digest));
        if (empty.count > 0) volume.findings.push_back(std::move(empty));
    }

    void bad_logs(Volume& volume) const {
        Finding finding;
        finding.code = FindingCode::bad_log;
        const auto name = ascii::lower(volume.name);
        for (const Badlog& log : assembly_.badlogs) {
            if (ascii::lower(log.volume) == name) note(finding, log.name);
        }
        if (finding.count > 0) volume.findings.push_back(std::move(finding));
    }

    void folder_findings() {
        Finding unconventional;
        Finding apostrophe;
        unconventional.code = FindingCode::unconventional_image;
        apostrophe.code = FindingCode::apostrophe;
        for (const auto entry : assembly_.unconventional) note(unconventional, input_.entries[entry].name);
        for (const auto entry : assembly_.apostrophes) note(apostrophe, input_.entries[entry].name);
        if (unconventional.count > 0) report_.findings.push_back(std::move(unconventional));
        if (apostrophe.count > 0) report_.findings.push_back(std::move(apostrophe));
    }

    [[nodiscard]] Memory present(const Entry& entry, const Memory* before) const {
        Memory memory;
        memory.name = entry.name;
        memory.bytes = entry.bytes;
        memory.written = entry.written;
        memory.first_seen = before != nullptr ? before->first_seen : input_.now;
        return memory;
    }

    void remember_tails(const Group& group) {
        const bool alive = !group.chain.images.empty();
        for (const Known& known : group.known) {
            if (known.image < 0) {
                keep_gone(*known.memory, known, alive);
                continue;
            }
            if (!is_consolidation(known.kind)) continue;
            const auto entry = group.chain.images[static_cast<std::size_t>(known.image)].entry;
            tails_.push_back({entry, known.tail, known.basis, known.suspicious, known.strong || known.suspicious});
        }
    }

    void keep_gone(const Memory& before, const Known& known, bool alive) {
        Memory memory = before;
        if (memory.vanished == no_time) memory.vanished = input_.now;
        const auto away = input_.now == no_time ? 0 : input_.now - memory.vanished;
        const auto limit = known.explained ? forget_seconds : forget_chain_seconds;
        if (away > limit && (known.explained || !alive)) return;
        report_.memory.push_back(std::move(memory));
    }

    void remember() {
        std::vector<std::int32_t> slot(input_.entries.size(), -1);
        report_.memory.reserve(report_.memory.size() + assembly_.images.size());
        for (const auto entry : assembly_.images) {
            slot[entry] = static_cast<std::int32_t>(report_.memory.size());
            report_.memory.push_back(present(input_.entries[entry], assembly_.of_entry[entry]));
        }
        for (const Tail& tail : tails_) {
            Memory& memory = report_.memory[static_cast<std::size_t>(slot[tail.entry])];
            memory.tail = tail.tail;
            memory.basis = tail.basis;
            memory.suspicious = tail.suspicious;
            memory.has_tail = tail.keep;
        }
        sort_by_name(report_.memory);
    }

    // Most names of a folder begin alike, so the eight bytes after what all share decide most comparisons.
    static void sort_by_name(std::vector<Memory>& memory) {
        const auto by_name = [](const Memory& a, const Memory& b) { return a.name < b.name; };
        if (std::is_sorted(memory.begin(), memory.end(), by_name)) return;
        std::size_t shared = memory.front().name.size();
        for (const Memory& m : memory) {
            const auto length = std::min(shared, m.name.size());
            if (std::char_traits<char>::compare(m.name.data(), memory.front().name.data(), length) == 0) {
                shared = length;
                continue;
            }
            const auto end = std::mismatch(m.name.begin(), m.name.end(), memory.front().name.begin()).first;
            shared = static_cast<std::size_t>(end - m.name.begin());
        }
        struct Key {
            std::uint64_t prefix;
            std::uint32_t index;
        };
        std::vector<Key> keys(memory.size());
        for (std::size_t k = 0; k < memory.size(); ++k) {
            std::uint64_t prefix = 0;
            for (std::size_t b = 0; b < 8; ++b) {
                const auto at = shared + b;
                prefix = prefix << 8 | (at < memory[k].name.size() ? static_cast<unsigned char>(memory[k].name[at]) : 0U);
            }
            keys[k] = {prefix, static_cast<std::uint32_t>(k)};
        }
        std::sort(keys.begin(), keys.end(), [&](const Key& a, const Key& b) {
            return a.prefix != b.prefix ? a.prefix < b.prefix : memory[a.index].name < memory[b.index].name;
        });
        std::vector<Memory> sorted;
        sorted.reserve(memory.size());
        for (const Key& key : keys) sorted.push_back(std::move(memory[key.index]));
        memory = std::move(sorted);
    }

    struct Tail {
        std::uint32_t entry;
        Point tail;
        Basis basis;
        bool suspicious;
        bool keep;
    };
    const FolderInput& input_;
    Assembly assembly_;
    FolderReport report_;
    std::vector<Tail> tails_;
    std::map<std::uint32_t, std::vector<std::uint32_t>> said_;  // of one volume, by base
    std::vector<std::uint32_t> heard_;
};

}  // namespace

FolderReport analyse(const FolderInput& input) {
    return Analyser(input).run();
}

}  // namespace spchain
