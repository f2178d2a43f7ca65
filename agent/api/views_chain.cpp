#include "agent/api/views_chain.hpp"

#include "agent/api/views.hpp"

namespace imc::api {

using nlohmann::json;

namespace {

// Per chain and point, whether its names still fit; the newest points of the newest chain come first.
std::vector<std::vector<bool>> listed_points(const spchain::Volume& volume, RestoreSets sets) {
    std::vector<std::vector<bool>> listed(volume.chains.size());
    std::size_t left = sets.names;
    for (std::size_t c = volume.chains.size(); c-- > 0;) {
        const auto& points = volume.chains[c].points;
        listed[c].resize(points.size(), false);
        for (std::size_t p = points.size(); p-- > 0;) {
            if (points[p].restore_files > left) return listed;
            left -= points[p].restore_files;
            listed[c][p] = true;
        }
    }
    return listed;
}

json chain_json(const spchain::Chain& chain, std::span<const spchain::Entry> entries, const std::vector<bool>* listed) {
    json images = json::array();
    for (const auto& image : chain.images) images.push_back(image_json(chain, image, entries));
    json points = json::array();
    for (std::size_t p = 0; p < chain.points.size(); ++p) {
        json point = point_json(chain, chain.points[p]);
        if (listed) point["restore_set"] = (*listed)[p] ? restore_set_json(chain, chain.points[p].point, entries) : json();
        points.push_back(std::move(point));
    }
    const bool has_newest = chain.newest >= 0;
    return {{"base", chain.base},
            {"images", std::move(images)},
            {"points", std::move(points)},
            {"newest_point",
             has_newest ? json(spchain::to_string(chain.base, chain.points[static_cast<std::size_t>(chain.newest)].point)) : json()},
            {"usage_bytes", chain.usage_bytes},
            {"retention_bytes", chain.retention_bytes},
            {"newest_written", time_json(chain.newest_written)}};
}

json all_json(const std::vector<store::FindingRecord>& findings) {
    json result = json::array();
    for (const auto& finding : findings) result.push_back(finding_json(finding));
    return result;
}

}  // namespace

json image_json(const spchain::Chain& chain, const spchain::Image& image, std::span<const spchain::Entry> entries) {
    const bool alone = image.kind == spchain::Kind::full;
    return {{"name", entries[image.entry].name},
            {"bytes", image.bytes},
            {"written", time_json(image.written)},
            {"kind", spchain::to_string(image.kind)},
            {"head", spchain::to_string(chain.base, image.head)},
            {"tail", alone ? json() : json(spchain::to_string(chain.base, image.tail))},
            {"basis", spchain::to_string(image.basis)},
            {"suspicious", image.suspicious},
            {"state", spchain::to_string(image.state)},
            {"standing", spchain::to_string(image.standing)},
            {"blast_radius", image.blast_radius}};
}

json point_json(const spchain::Chain& chain, const spchain::PointState& point) {
    return {{"point", spchain::to_string(chain.base, point.point)},
            {"written", time_json(point.written)},
            {"verdict", spchain::to_string(point.verdict)},
            {"restore_set_bytes", point.restore_bytes},
            {"restore_set_files", point.restore_files}};
}

json restore_set_json(const spchain::Chain& chain, spchain::Point point, std::span<const spchain::Entry> entries) {
    json names = json::array();
    for (const auto image : chain.restore_set(point)) names.push_back(entries[chain.images[image].entry].name);
    return names;
}

json volume_json(const spchain::Volume& volume, std::span<const spchain::Entry> entries, const std::vector<store::FindingRecord>& findings,
                 RestoreSets sets) {
    const auto listed = sets.listed ? listed_points(volume, sets) : std::vector<std::vector<bool>>();
    json chains = json::array();
    for (std::size_t c = 0; c < volume.chains.size(); ++c) {
        std::vector<bool> none(volume.chains[c].points.size(), false);
        const auto* flags = !sets.listed ? nullptr : listed[c].empty() ? &none : &listed[c];
        chains.push_back(chain_json(volume.chains[c], entries, flags));
    }
    return {{"volume", volume.name}, {"chains", std::move(chains)}, {"findings", all_json(findings)}};
}

json scan_json(const ScannedFolder& folder, const spchain::FolderReport& report, std::span<const spchain::Entry> entries,
               RestoreSets sets) {
    const auto findings_of = [&folder](const std::string& volume) {
        const auto found = folder.findings.find(volume);
        return found == folder.findings.end() ? std::vector<store::FindingRecord>() : found->second;
    };
    json volumes = json::array();
    for (const auto& volume : report.volumes) volumes.push_back(volume_json(volume, entries, findings_of(volume.name), sets));
    return {{"folder", folder.path},
            {"scanned_at", time_json(folder.scanned_at)},
            {"volumes", std::move(volumes)},
            {"companions", report.companions},
            {"foreign", report.foreign},
            {"incrementals_bytes", folder.incrementals_bytes},
            {"findings", all_json(findings_of({}))}};
}

}  // namespace imc::api
