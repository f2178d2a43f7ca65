#include "agent/engine/candidates.hpp"

#include "agent/scan/listing.hpp"

#include <algorithm>
#include <unordered_map>

namespace imc::engine {
namespace {

constexpr std::int64_t left_behind_seconds = 86'400;
constexpr scan::Limits busy_limits{2'000'000, 20'000};

std::unordered_map<std::string, std::uint32_t> radii_of(const FolderContents& contents, const spchain::Rules& rules,
                                                        std::vector<spchain::Entry>& entries) {
    for (const auto& image : contents.memory) {
        if (image.vanished == spchain::no_time) entries.push_back({image.name, image.bytes, image.written});
    }
    spchain::FolderInput input;
    input.entries = entries;
    input.memory = contents.memory;
    input.previous_look = contents.folder.last_good_scan;
    input.now = contents.folder.last_good_scan;
    input.rules = rules;
    input.rules.expect_md5 = false;
    const auto report = spchain::analyse(input);
    std::unordered_map<std::string, std::uint32_t> radii;
    for (const auto& volume : report.volumes) {
        for (const auto& chain : volume.chains) {
            for (const auto& image : chain.images) radii.emplace(entries[image.entry].name, image.blast_radius);
        }
    }
    return radii;
}

}  // namespace

std::vector<verify::Candidate> candidates_of(const FolderContents& contents, const spchain::Rules& rules, const std::string& volume_id) {
    std::vector<spchain::Entry> entries;
    const auto radii = radii_of(contents, rules, entries);
    std::vector<verify::Candidate> candidates;
    for (const auto& entry : entries) {
        const auto name = spchain::parse(entry.name);
        if (name.type != spchain::NameType::image || !name.conventional) continue;
        verify::Candidate candidate;
        candidate.volume_id = store::volume_id(contents.folder.path, std::string(name.volume));
        if (!volume_id.empty() && candidate.volume_id != volume_id) continue;
        candidate.folder_id = contents.folder.id;
        candidate.name = entry.name;
        candidate.bytes = entry.bytes;
        candidate.written = entry.written;
        // Later members of a spanned image are entries of their own and needed as much as the first, which the chain names.
        const auto radius = radii.find(entry.name);
        candidate.blast_radius = radius == radii.end() ? 0 : radius->second;
        const auto check = std::lower_bound(contents.checks.begin(), contents.checks.end(), entry.name,
                                            [](const store::CheckRecord& c, const std::string& text) { return c.name < text; });
        if (check != contents.checks.end() && check->name == entry.name) {
            const bool same = check->bytes == entry.bytes && check->written == entry.written;
            candidate.failed = check->result == store::CheckResult::mismatch;
            if (same) candidate.checked = check->at;
        }
        candidates.push_back(std::move(candidate));
    }
    return candidates;
}

bool is_busy(const std::string& path, store::UnixTime now, std::int64_t settle_seconds, std::stop_token stop) {
    const auto listing = scan::list(path, busy_limits, std::move(stop));
    if (!listing) return false;  // the check itself will tell why it cannot be read
    return std::any_of(listing->files.begin(), listing->files.end(), [&](const spchain::Entry& entry) {
        if (entry.written == spchain::no_time || entry.written < now - left_behind_seconds) return false;
        const auto name = spchain::parse(entry.name);
        if (name.type == spchain::NameType::companion) return name.companion == spchain::Companion::tmp;
        return name.type == spchain::NameType::image && entry.written > now - settle_seconds;
    });
}

}  // namespace imc::engine
