#include "agent/monitor/troubles.hpp"

#include "agent/monitor/catalogue.hpp"
#include "agent/monitor/subject.hpp"
#include "agent/monitor/words.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>

namespace imc::monitor {
namespace {

using store::Trouble;

constexpr std::int64_t day = 86'400;
constexpr std::size_t longest_quote = 300;
constexpr std::size_t most_findings = 500;

struct Rule {
    std::string_view kind;     // of the trouble
    std::string_view code;     // of the finding
    std::string_view says;     // what it is, to be followed by where
    std::int64_t silent_days;  // ends when not repeated for so long; 0: never by itself
    std::string_view success;  // of this kind and the same folder (and volume, where known) ends it; empty: none
};

constexpr Rule rules[] = {
    {"consolidation_failed", "consolidation_failed", "ImageManager could not consolidate images", 14, "consolidated"},
    {"verification_failed", "verification_failed", "ImageManager could not verify an image", 30, ""},
    {"incomplete_chain", "chain_incomplete", "ImageManager misses a file that a chain needs", 30, ""},
    {"processing_failed", "processing_failed", "ImageManager could not process images", 3, "consolidated"},
    {"replication_failed", "replication_failed", "ImageManager could not replicate images", 3, ""},
    {"headstart_failed", "headstart_failed", "A HeadStart restore has failed", 3, ""},
    {"service_broken", "imagemanager_broken", "ImageManager says that its service must be restarted", 30, "service_started"},
    {"will_retry", "imagemanager_retries", "ImageManager met an error and tries again", 1, ""},
    {"folder_inactive", "folder_inactive", "ImageManager finds no activity", 3, "consolidated"},
    {"unreadable_folder", "imagemanager_cannot_read", "ImageManager cannot list files", 1, "consolidated"},
    {"backup_failed", "backup_failed", "A backup has failed", 7, "backup_succeeded"},
    {"backup_aborted", "backup_failed", "A backup was aborted", 7, "backup_succeeded"},
    {"backup_failed_or_aborted", "backup_failed", "A backup has failed or was aborted", 7, "backup_succeeded"},
    {"chkdsk_failed", "chkdsk_failed", "The file system in an image has errors or could not be checked", 40, "chkdsk_succeeded"},
    {"virtual_boot_exception", "test_boot_failed", "A test boot of an image has failed", 40, ""},
    {"unknown", "event_unknown", "ImageManager reports something of unknown meaning", 3, ""},
    {"reserved", "event_unknown", "ImageManager reports something of unknown meaning", 3, ""},
};

const Rule& rule_of(std::string_view kind) {
    const auto found = std::find_if(std::begin(rules), std::end(rules), [kind](const Rule& rule) { return rule.kind == kind; });
    return found == std::end(rules) ? rules[std::size(rules) - 1] : *found;
}

// Another volume's good backup proves nothing; where an event does not say which it was, only silence ends the trouble.
bool same_backup(const store::Success& success, const Trouble& trouble) {
    const bool other_folder = !success.folder_id.empty() && !trouble.folder_id.empty() && success.folder_id != trouble.folder_id;
    return !other_folder && !trouble.volume.empty() && folded(success.volume) == folded(trouble.volume);
}

bool same_volume(const std::string& a, const std::string& b) {
    return a.empty() || b.empty() || folded(a) == folded(b);
}

class Judgement {
public:
    Judgement(const std::vector<store::Success>& successes, const std::vector<store::FolderRecord>& folders, store::UnixTime now)
        : successes_(successes), folders_(folders), now_(now) {}

    [[nodiscard]] bool ended(const Trouble& trouble) const {
        const Rule& rule = rule_of(trouble.kind);
        if (judged_elsewhere(trouble)) return false;
        if (rule.silent_days > 0 && now_ - trouble.last_at > rule.silent_days * day) return true;
        if (rule.success.empty()) return false;
        return std::any_of(successes_.begin(), successes_.end(), [&](const store::Success& success) {
            if (success.kind != rule.success || success.at <= trouble.last_at) return false;
            // Of a trouble whose folder is not known, nothing but the service's own start can be the answer.
            if (rule.success == "service_started") return true;
            if (rule.success == "backup_succeeded") return same_backup(success, trouble);
            return !trouble.folder_id.empty() && success.folder_id == trouble.folder_id && same_volume(success.volume, trouble.volume);
        });
    }

    [[nodiscard]] static bool judged_elsewhere(const Trouble& trouble) {
        if (trouble.folder_id.empty()) return false;
        return (trouble.kind == "verification_failed" && !trouble.image.empty()) ||
               (trouble.kind == "incomplete_chain" && !trouble.volume.empty());
    }

    [[nodiscard]] store::FindingRecord finding(const Trouble& trouble) const {
        const Rule& rule = rule_of(trouble.kind);
        const auto* folder = folder_of(trouble.folder_id);
        std::string says = std::string(rule.says) + where(trouble, folder) + ", first on " + moment_text(trouble.first_at) + " (" +
                           trouble.source + (trouble.event_id != 0 ? " " + std::to_string(trouble.event_id) : "") + ")";
        if (!trouble.otherwise.empty()) says += "; if it is version 7.0.2 it means " + spoken(trouble.otherwise) + " instead";
        says += ": " + quoted(trouble.text);
        nlohmann::json evidence = {{"source", trouble.source}, {"text", trouble.text}, {"first", rfc3339(trouble.first_at)}};
        if (trouble.event_id != 0) evidence["event_id"] = trouble.event_id;
        if (!trouble.image.empty()) evidence["image"] = trouble.image;
        if (!trouble.volume.empty()) evidence["volume"] = trouble.volume;
        if (!trouble.otherwise.empty()) evidence["in_7_0_2"] = trouble.otherwise;
        const std::string key = "events:" + std::string(rule.code) + ":" + std::to_string(trouble.number);
        const auto volume_id = folder && !trouble.volume.empty() ? store::volume_id(folder->path, trouble.volume) : std::string();
        return make_finding(rule.code, key, says, {}, evidence, folder ? trouble.folder_id : std::string(), volume_id,
                            severity(trouble, rule));
    }

private:
    [[nodiscard]] const store::FolderRecord* folder_of(const std::string& id) const {
        const auto found = std::find_if(folders_.begin(), folders_.end(), [&](const auto& folder) { return folder.id == id; });
        return id.empty() || found == folders_.end() ? nullptr : &*found;
    }

    static std::string where(const Trouble& trouble, const store::FolderRecord* folder) {
        std::string text;
        if (!trouble.image.empty()) text += ", " + trouble.image;
        if (folder == nullptr) return text + (trouble.event_id != 0 ? " of a folder that cannot be told" : "");
        if (trouble.image.empty() && !trouble.volume.empty()) text += ", " + trouble.volume;
        return text + " in " + folder->path;
    }

    // "consolidation_failed" as words.
    static std::string spoken(std::string word) {
        std::replace(word.begin(), word.end(), '_', ' ');
        return "\"" + word + "\"";
    }

    static std::string quoted(const std::string& text) {
        std::string out = text.size() > longest_quote ? text.substr(0, longest_quote) + " ..." : text;
        for (char& c : out) {
            if (static_cast<unsigned char>(c) < 0x20) c = ' ';
        }
        return out.empty() ? "no text." : "\"" + out + "\".";
    }

    // Of what is unknown the entry's own level counts.
    static std::optional<std::string_view> severity(const Trouble& trouble, const Rule& rule) {
        if (rule.code != "event_unknown") return {};
        return trouble.severity == "error" || trouble.severity == "critical" ? "warning" : "info";
    }

    const std::vector<store::Success>& successes_;
    const std::vector<store::FolderRecord>& folders_;
    store::UnixTime now_;
};

}  // namespace

FromTroubles from_troubles(const std::vector<Trouble>& troubles, const std::vector<store::Success>& successes,
                           const std::vector<store::FolderRecord>& folders, store::UnixTime now) {
    const Judgement judgement(successes, folders, now);
    FromTroubles out;
    for (const auto& trouble : troubles) {
        if (judgement.ended(trouble)) {
            out.ended.push_back(trouble.number);
        } else if (!Judgement::judged_elsewhere(trouble)) {
            out.findings.push_back(judgement.finding(trouble));
        }
    }
    std::sort(out.findings.begin(), out.findings.end(), [](const auto& a, const auto& b) {
        const auto rank = [](const auto& f) { return f.severity == "critical" ? 0 : f.severity == "warning" ? 1 : 2; };
        return rank(a) != rank(b) ? rank(a) < rank(b) : a.key < b.key;
    });
    if (out.findings.size() > most_findings) out.findings.resize(most_findings);
    std::sort(out.findings.begin(), out.findings.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
    return out;
}

}  // namespace imc::monitor
