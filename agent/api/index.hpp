// What the views look up in a snapshot: folders and volumes by id, and how many findings are open about each. Made
// on first use, once per snapshot. What it is not: a copy; it points into the snapshot, which it keeps alive. Belongs to
// the network thread; a complete() one may be read on any.
#pragma once

#include "agent/api/backend.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace imc::api {

struct FindingCounts {
    std::uint64_t critical = 0, warning = 0, info = 0;
    void add(std::string_view severity);
    void add(const FindingCounts& other);
    [[nodiscard]] std::string_view worst() const;  // "critical" | "warning" | "info" | "ok"
};

class Index {
public:
    explicit Index(std::shared_ptr<const Snapshot> snapshot);
    [[nodiscard]] const Snapshot& snapshot() const { return *snapshot_; }
    [[nodiscard]] const std::shared_ptr<const Snapshot>& shared() const { return snapshot_; }
    [[nodiscard]] const config::Config& config() const { return *config_; }

    // Makes now what is else made on first use.
    void complete() const { (void)maps(); }

    [[nodiscard]] const store::FolderRecord* folder(std::string_view id) const;  // null: no such
    [[nodiscard]] const store::VolumeRecord* volume(std::string_view id) const;
    [[nodiscard]] const store::VolumeSettings& settings(const std::string& volume_id) const;
    [[nodiscard]] std::uint64_t volumes_of(std::string_view folder_id) const;  // those that have images

    // Of the folder and its volumes.
    [[nodiscard]] FindingCounts folder_counts(std::string_view folder_id) const;
    // Of the volume, and of its folder while that cannot be read: what is known may then be worse than it looks.
    [[nodiscard]] FindingCounts volume_counts(const store::VolumeRecord& volume) const;
    [[nodiscard]] FindingCounts all_counts() const { return maps().all; }
    // The findings behind these counts, in the snapshot's order.
    [[nodiscard]] std::vector<const store::FindingRecord*> folder_findings(std::string_view folder_id) const;
    [[nodiscard]] std::vector<const store::FindingRecord*> volume_findings(const store::VolumeRecord& volume) const;

private:
    struct OfFolder {
        const store::FolderRecord* record = nullptr;
        std::uint64_t volumes = 0;
        FindingCounts own;  // about the folder as a whole
        FindingCounts all;
    };
    struct OfVolume {
        const store::VolumeRecord* record = nullptr;
        FindingCounts own;
    };
    struct Maps {
        std::unordered_map<std::string_view, OfFolder> folders;
        std::unordered_map<std::string_view, OfVolume> volumes;
        FindingCounts all;
    };
    [[nodiscard]] const Maps& maps() const;  // a caller that has everything already never pays for them

    std::shared_ptr<const Snapshot> snapshot_;
    std::shared_ptr<const config::Config> config_;
    mutable std::optional<Maps> maps_;
};

}  // namespace imc::api
