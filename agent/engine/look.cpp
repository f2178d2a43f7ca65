#include "agent/engine/look.hpp"

#include "agent/engine/retention.hpp"
#include "agent/engine/rules.hpp"
#include "agent/monitor/evaluate.hpp"
#include "agent/monitor/retention.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>

namespace imc::engine {
namespace {

// Raised when spchain or the findings judge the same listing otherwise than before, so that folders are judged anew.
constexpr std::uint64_t judgement_version = 5;
constexpr std::int64_t sidecar_seconds = 900;
constexpr std::int64_t news_seconds = 6 * 3600;

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    std::uint64_t z = a + 0x9e3779b97f4a7c15ULL + b;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

std::uint64_t fingerprint_of(const LookRules& rules) {
    const auto& calendar = rules.primary.calendar;
    std::uint64_t f = mix(judgement_version, static_cast<std::uint64_t>(calendar.week_end));
    f = mix(f, static_cast<std::uint64_t>(calendar.month_end));
    f = mix(f, rules.primary.expect_md5 ? 1 : 0);
    f = mix(f, static_cast<std::uint64_t>(rules.primary.settle_seconds));
    // Only the present offset: the table's ends move with the clock.
    f = mix(f, calendar.offsets.empty() ? 0 : static_cast<std::uint64_t>(calendar.offsets.front().offset_seconds));
    return f;
}

// What came and went since the last look. A first look finds what was there before, which nobody has seen coming.
std::vector<store::ActivityCount> activity_of(const std::vector<spchain::Memory>& before, const std::vector<spchain::Memory>& after,
                                              spchain::UnixTime last_look, const spchain::Calendar& calendar, spchain::UnixTime now) {
    if (last_look <= 0) return {};
    std::map<std::pair<spchain::DayNumber, std::string>, store::ActivityCount> counts;
    const auto count = [&](spchain::UnixTime at, const char* kind, std::uint64_t bytes) {
        auto& one = counts[{calendar.day_of(at), kind}];
        ++one.times;
        one.bytes += bytes;
    };
    auto was = before.begin();
    for (const auto& image : after) {
        while (was != before.end() && was->name < image.name) ++was;
        const bool known = was != before.end() && was->name == image.name;
        const bool was_there = known && was->vanished == spchain::no_time;
        const bool is_there = image.vanished == spchain::no_time;
        if (is_there && !was_there) {
            const bool consolidated = spchain::parse(image.name).kind >= spchain::Kind::daily;
            const bool meanwhile = image.written != spchain::no_time && image.written > last_look && image.written <= now;
            count(meanwhile ? image.written : now, consolidated ? "look.consolidated" : "look.created", image.bytes);
        } else if (!is_there && was_there) {
            count(now, "look.removed", was->bytes);
        }
    }
    // Those that are not even remembered.
    auto is = after.begin();
    for (const auto& image : before) {
        while (is != after.end() && is->name < image.name) ++is;
        const bool forgotten = is == after.end() || is->name != image.name;
        if (forgotten && image.vanished == spchain::no_time) count(now, "look.removed", image.bytes);
    }
    std::vector<store::ActivityCount> out;
    for (auto& [key, one] : counts) {
        one.day = key.first;
        one.kind = key.second;
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace

spchain::Rules LookRules::of(const FolderSpec& spec) const {
    spchain::Rules rules = spec.profile == "replica" ? replica : primary;
    rules.retention = spec.retention;
    return rules;
}

scan::Limits LookRules::limits() const {
    scan::Limits limits;
    limits.entries = static_cast<std::size_t>(config->max_entries_per_folder);
    limits.milliseconds = config->folder_timeout_seconds * 1000;
    return limits;
}

LookRules look_rules(std::shared_ptr<const config::Config> config, spchain::UnixTime now) {
    LookRules rules;
    rules.primary = rules_of(*config, "primary", now);
    rules.replica = rules.primary;
    rules.replica.profile = spchain::Profile::replica;
    rules.config = std::move(config);
    rules.fingerprint = fingerprint_of(rules);
    return rules;
}

boost::system::result<Reading> read_folder(const FolderSpec& spec, const LookRules& rules, spchain::UnixTime now, std::stop_token stop) {
    const auto limits = rules.limits();
    auto look = scan::look(spec.path, limits, now, std::max<std::int64_t>(rules.config->settle_seconds, 3600), stop);
    if (!look) return look.error();
    Reading reading;
    if (spec.type == "backup_store") {
        auto children = scan::children(spec.path, limits, stop);
        if (!children) return children.error();
        reading.children = std::move(*children);
    }
    reading.look = std::move(*look);
    std::uint64_t digest = mix(reading.look.digest, rules.fingerprint);
    digest = mix(digest, std::hash<std::string>{}(spec.type + '\n' + spec.profile + '\n' + spec.customer + '\n' + spec.machine));
    for (const auto days : {spec.retention.intra_daily, spec.retention.daily, spec.retention.weekly, spec.retention.monthly}) {
        digest = mix(digest, static_cast<std::uint64_t>(days));
    }
    if (const auto* recorded = rules.records->find(spec.id)) digest = mix(digest, recorded->fingerprint);
    for (const auto& child : reading.children) digest = mix(digest, std::hash<std::string>{}(child));
    reading.digest = digest;
    return reading;
}

store::FolderRecord record_of(const FolderSpec& spec, const store::FolderRecord* last, spchain::UnixTime now) {
    store::FolderRecord record;
    if (last != nullptr) {
        record = *last;
    } else {
        record.first_seen = now;
        record.state = "pending";
    }
    record.id = spec.id;
    record.path = spec.path;
    record.customer = spec.customer;
    record.machine = spec.machine;
    record.type = spec.type;
    record.parent_id = spec.parent_id;
    record.source = spec.source;
    record.profile = spec.profile;
    if (last == nullptr) record.retention = retention_text(spec.retention, {}, now);
    return record;
}

store::FolderChange judge_folder(const FolderSpec& spec, const store::FolderRecord& last, const Reading& reading,
                                 std::vector<spchain::Memory> memory, const store::Statements& statements, const LookRules& rules,
                                 spchain::UnixTime now) {
    rules.records->remember_lost(memory, spec.id, reading.look.listing.files, rules.config->lag_seconds, now);
    spchain::FolderInput input;
    input.entries = reading.look.listing.files;
    input.memory = memory;
    input.previous_look = last.last_good_scan > 0 ? last.last_good_scan : spchain::no_time;
    input.now = now;
    input.rules = rules.of(spec);
    input.statements = statements.list;
    auto report = spchain::analyse(input);
    // They were remembered for this look alone.
    std::erase_if(report.memory, [](const spchain::Memory& image) { return image.recorded; });

    store::FolderChange change;
    store::FolderRecord& folder = change.folder;
    folder = record_of(spec, &last, now);
    folder.state = "ok";
    folder.error.clear();
    folder.identity = reading.look.identity;
    folder.digest = reading.digest;
    folder.images = report.images;
    folder.image_bytes = report.image_bytes;
    folder.companions = report.companions;
    folder.foreign = report.foreign;
    folder.settling = report.settling;
    folder.incrementals_bytes = reading.look.incrementals_bytes;
    folder.retention = retention_text(spec.retention, report.kept, now);
    folder.chains = 0;
    for (const auto& volume : report.volumes) folder.chains += volume.chains.size();
    folder.free_bytes.reset();
    folder.total_bytes.reset();
    if (reading.look.space_known) {
        folder.free_bytes = reading.look.space.free_bytes;
        folder.total_bytes = reading.look.space.total_bytes;
    }
    folder.last_scan = now;
    folder.last_good_scan = now;
    auto assessed = monitor::assess(folder, report, reading.look.listing.files, now);
    change.volumes = std::move(assessed.volumes);
    change.findings = std::move(assessed.findings);
    if (spec.type == "normal" && spec.profile == "primary") {
        auto kept = monitor::unexpected_retention(folder, report, reading.look.listing.files, input.rules, now);
        change.findings.insert(change.findings.end(), std::make_move_iterator(kept.begin()), std::make_move_iterator(kept.end()));
    }
    change.activity = activity_of(memory, report.memory, last.last_good_scan, input.rules.calendar, now);
    for (auto& count : change.activity) count.folder_id = folder.id;
    change.memory = std::move(report.memory);
    for (const auto at : report.settled) {
        if (statements.numbers[at] != 0) change.settled.push_back(statements.numbers[at]);
    }
    change.images_changed = true;
    return change;
}

spchain::UnixTime judge_again_at(const store::FolderRecord& folder, const store::FolderChange& change, const LookRules& rules,
                                 spchain::UnixTime now) {
    if (folder.settling > 0) return now + rules.config->settle_seconds;
    spchain::UnixTime newest = 0;
    for (const auto& volume : change.volumes) newest = std::max(newest, volume.newest_written);
    const bool sidecar_due = newest > now - sidecar_seconds;
    return now + (sidecar_due ? sidecar_seconds : news_seconds);
}

}  // namespace imc::engine
