#include "tests/agent/monitor/made.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

namespace support {

using namespace imc;

MadeFolder::MadeFolder() : folder(folder_record("/srv/acme/srv1", "Acme", "SRV1")) {}

spchain::Chain& MadeFolder::chain(const std::string& volume, std::uint32_t base, std::uint32_t points, std::int64_t age) {
    spchain::Chain chain;
    chain.base = base;
    for (std::uint32_t i = 0; i <= points; ++i) {
        const spchain::Point point{0, i};
        const std::int64_t written = noon - age - (points - i) * hour;
        spchain::Image image;
        image.entry = static_cast<std::uint32_t>(entries.size());
        image.bytes = i == 0 ? 1000 : 10;
        image.written = written;
        image.kind = i == 0 ? spchain::Kind::full : spchain::Kind::incremental;
        image.head = point;
        image.tail = spchain::Point{0, i == 0 ? 0 : i - 1};
        chain.images.push_back(image);
        entries.push_back({volume + "-" + spchain::to_string(base, point) + (i == 0 ? ".spf" : ".spi"), image.bytes, written});
        spchain::PointState state;
        state.point = point;
        state.written = written;
        state.verdict = spchain::Verdict::certain;
        state.restore_bytes = 1000 + 10 * std::uint64_t{i};
        state.restore_files = i + 1;
        chain.points.push_back(state);
        report.images += 1;
        report.image_bytes += image.bytes;
    }
    chain.newest = static_cast<std::int32_t>(points);
    chain.usage_bytes = chain.points.back().restore_bytes;
    chain.newest_written = chain.points.back().written;
    auto at = std::find_if(report.volumes.begin(), report.volumes.end(), [&](const auto& v) { return v.name == volume; });
    if (at == report.volumes.end()) {
        report.volumes.push_back({});
        at = report.volumes.end() - 1;
        at->name = volume;
    }
    at->newest_written = std::max(at->newest_written, chain.newest_written);
    at->chains.push_back(chain);
    return at->chains.back();
}

spchain::Finding& MadeFolder::finding(const std::string& volume, spchain::FindingCode code, std::uint32_t base, std::uint64_t count) {
    spchain::Finding finding;
    finding.code = code;
    finding.volume = volume;
    finding.base = base;
    finding.count = count;
    for (auto& v : report.volumes) {
        if (v.name == volume) return v.findings.emplace_back(finding);
    }
    return report.findings.emplace_back(finding);
}

monitor::Assessed MadeFolder::assess() const {
    return monitor::assess(folder, report, entries, noon);
}

store::FindingRecord only(const std::vector<store::FindingRecord>& findings, const std::string& code) {
    for (const auto& finding : findings) UNSCOPED_INFO(finding.key);
    REQUIRE(count(findings, code) == 1);
    return *std::find_if(findings.begin(), findings.end(), [&](const auto& f) { return f.code == code; });
}

std::size_t count(const std::vector<store::FindingRecord>& findings, const std::string& code) {
    return static_cast<std::size_t>(std::count_if(findings.begin(), findings.end(), [&](const auto& f) { return f.code == code; }));
}

nlohmann::json evidence(const store::FindingRecord& finding) {
    return nlohmann::json::parse(finding.evidence);
}

store::FolderRecord folder_record(const std::string& path, const std::string& customer, const std::string& machine) {
    store::FolderRecord folder;
    folder.id = store::folder_id(path);
    folder.path = path;
    folder.customer = customer;
    folder.machine = machine;
    folder.type = "normal";
    folder.source = "configuration";
    folder.profile = "primary";
    folder.state = "ok";
    folder.first_seen = noon - 100 * day;
    folder.last_scan = noon - 60;
    folder.last_good_scan = noon - 60;
    return folder;
}

store::VolumeRecord volume_record(const store::FolderRecord& folder, const std::string& volume) {
    store::VolumeRecord record;
    record.id = store::volume_id(folder.path, volume);
    record.folder_id = folder.id;
    record.volume = volume;
    record.machine = folder.machine;
    record.customer = folder.customer;
    record.base = 1;
    record.base_written = noon - 30 * day;
    record.newest_image = volume + "-b001-i100.spi";
    record.newest_written = noon - hour;
    record.verdict = "certain";
    return record;
}

}  // namespace support
