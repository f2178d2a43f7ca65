#include "agent/api/index.hpp"

namespace imc::api {

void FindingCounts::add(std::string_view severity) {
    if (severity == "critical") {
        ++critical;
    } else if (severity == "warning") {
        ++warning;
    } else {
        ++info;
    }
}

void FindingCounts::add(const FindingCounts& other) {
    critical += other.critical;
    warning += other.warning;
    info += other.info;
}

std::string_view FindingCounts::worst() const {
    if (critical > 0) return "critical";
    if (warning > 0) return "warning";
    return info > 0 ? "info" : "ok";
}

Index::Index(std::shared_ptr<const Snapshot> snapshot)
    : snapshot_(std::move(snapshot)), config_(snapshot_->config ? snapshot_->config : std::make_shared<const config::Config>()) {}

const Index::Maps& Index::maps() const {
    if (maps_) return *maps_;
    Maps& maps = maps_.emplace();
    for (const auto& folder : snapshot_->folders) maps.folders[folder.id].record = &folder;
    for (const auto& volume : snapshot_->volumes) {
        maps.volumes[volume.id].record = &volume;
        if (volume.vanished == 0) ++maps.folders[volume.folder_id].volumes;
    }
    for (const auto& finding : snapshot_->findings) {
        maps.all.add(finding.severity);
        if (!finding.folder_id.empty()) {
            auto& folder = maps.folders[finding.folder_id];
            folder.all.add(finding.severity);
            if (finding.volume_id.empty()) folder.own.add(finding.severity);
        }
        if (!finding.volume_id.empty()) maps.volumes[finding.volume_id].own.add(finding.severity);
    }
    return maps;
}

const store::FolderRecord* Index::folder(std::string_view id) const {
    const auto found = maps().folders.find(id);
    return found == maps().folders.end() ? nullptr : found->second.record;
}

const store::VolumeRecord* Index::volume(std::string_view id) const {
    const auto found = maps().volumes.find(id);
    return found == maps().volumes.end() ? nullptr : found->second.record;
}

const store::VolumeSettings& Index::settings(const std::string& volume_id) const {
    static const store::VolumeSettings none;
    const auto found = snapshot_->settings.find(volume_id);
    return found == snapshot_->settings.end() ? none : found->second;
}

std::uint64_t Index::volumes_of(std::string_view folder_id) const {
    const auto found = maps().folders.find(folder_id);
    return found == maps().folders.end() ? 0 : found->second.volumes;
}

FindingCounts Index::folder_counts(std::string_view folder_id) const {
    const auto found = maps().folders.find(folder_id);
    return found == maps().folders.end() ? FindingCounts{} : found->second.all;
}

FindingCounts Index::volume_counts(const store::VolumeRecord& volume) const {
    FindingCounts counts;
    if (const auto found = maps().volumes.find(volume.id); found != maps().volumes.end()) counts = found->second.own;
    if (!volume.stale) return counts;
    if (const auto found = maps().folders.find(volume.folder_id); found != maps().folders.end()) counts.add(found->second.own);
    return counts;
}

std::vector<const store::FindingRecord*> Index::folder_findings(std::string_view folder_id) const {
    std::vector<const store::FindingRecord*> found;
    for (const auto& finding : snapshot_->findings) {
        if (finding.folder_id == folder_id) found.push_back(&finding);
    }
    return found;
}

std::vector<const store::FindingRecord*> Index::volume_findings(const store::VolumeRecord& volume) const {
    std::vector<const store::FindingRecord*> found;
    for (const auto& finding : snapshot_->findings) {
        const bool of_folder = volume.stale && finding.volume_id.empty() && finding.folder_id == volume.folder_id;
        if (of_folder || finding.volume_id == volume.id) found.push_back(&finding);
    }
    return found;
}

}  // namespace imc::api
