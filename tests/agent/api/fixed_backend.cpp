#include "fixed_backend.hpp"

#include "agent/api/target.hpp"
#include "agent/monitor/evaluate.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <stdexcept>

namespace fixed {

using namespace imc;
using boost::asio::awaitable;

namespace {

constexpr std::int64_t hour = 3'600, day = 24 * hour;

spchain::FolderReport analysed(const std::vector<spchain::Entry>& entries, store::UnixTime at) {
    spchain::FolderInput input;
    input.entries = entries;
    input.now = at;
    return spchain::analyse(input);
}

std::string number(int value) {
    std::string digits = std::to_string(value);
    return std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
}

class OneEvent final : public api::Feed {
public:
    awaitable<std::optional<std::string>> next() override {
        if (given_) co_return std::nullopt;
        given_ = true;
        co_return "id: e1.10\nevent: changed\ndata: {}\n\n";
    }

private:
    bool given_ = false;
};

store::FolderRecord folder(const std::string& path, const std::string& customer, const std::string& machine) {
    store::FolderRecord record;
    record.id = store::folder_id(path);
    record.path = path;
    record.customer = customer;
    record.machine = machine;
    record.type = "normal";
    record.source = "configuration";
    record.profile = "primary";
    record.state = "ok";
    record.first_seen = today - 30 * day;
    record.last_scan = record.last_good_scan = today - 60;
    record.free_bytes = 900'000'000'000;
    record.total_bytes = 4'000'000'000'000;
    return record;
}

}  // namespace

std::vector<spchain::Entry> hourly(const std::string& volume, int days, store::UnixTime newest) {
    std::vector<spchain::Entry> entries;
    const store::UnixTime begin = newest - days * day;
    const auto add = [&entries](const std::string& stem, const std::string& extension, std::uint64_t bytes, store::UnixTime written) {
        entries.push_back({stem + extension, bytes, written});
        entries.push_back({stem + ".md5", 60, written + 5});
    };
    add(volume + "-b001", ".spf", 200'000'000'000, begin);
    for (int i = 1; i <= days * 24; ++i) {
        add(volume + "-b001-i" + number(i), ".spi", 100'000'000, begin + i * hour);
        if (i % 24 == 0) add(volume + "-b001-i" + number(i) + "-cd", ".spi", 900'000'000, begin + i * hour + 600);
    }
    return entries;
}

Backend::Backend() {
    const auto srv1 = store::folder_id("/srv/Acme/SRV1");
    constexpr spchain::DayNumber this_day = today / 86'400;
    activity = {{this_day - 1, srv1, "look.created", 24, 2'400}, {this_day, "", "event.service_started", 1, 0},
                {this_day, srv1, "check.good", 3, 300},          {this_day, srv1, "event.consolidated", 1, 0},
                {this_day, srv1, "log.consolidated", 2, 0},      {this_day, srv1, "look.consolidated", 1, 90},
                {this_day, srv1, "look.removed", 24, 2'000}};
    entries = {{today, this_day, srv1, "event.replication_failed", "warning", "StorageCraft ImageManager", 1126, "", "no route <to> host"}};
    log_files = {{"log_0123456789abcdef", "ImageManager.log", "/im/Logs/ImageManager.log", "service", "", 1'000, today}};
    api::Snapshot snapshot;
    snapshot.epoch = "e1";
    snapshot.cursor = 10;
    snapshot.config = std::make_shared<const config::Config>();

    auto server1 = hourly("C_VOL", 3, today - 1'800);
    const auto data = hourly("D_VOL", 2, today - 10 * day);  // past its grace
    server1.insert(server1.end(), data.begin(), data.end());
    server1.push_back({"notes.txt", 10, today - day});
    add_folder(snapshot, folder("/srv/Acme/SRV1", "Acme", "SRV1"), server1);

    auto lossy = hourly("C_VOL", 4, today - 1'800);
    std::erase_if(lossy, [](const spchain::Entry& e) { return e.name == "C_VOL-b001-i050.spi" || e.name == "C_VOL-b001-i072-cd.spi"; });
    auto shop = folder("/srv/Globex/Store/DC01", "Globex", "DC01");
    shop.source = "backup_store";
    shop.parent_id = store::folder_id("/srv/Globex/Store");
    auto root = folder("/srv/Globex/Store", "Globex", "");
    root.type = "backup_store";
    root.machine.clear();
    add_folder(snapshot, root, {});
    add_folder(snapshot, shop, lossy);

    auto gone = folder("/srv/Initech/FS1", "Initech", "FS1");
    gone.free_bytes.reset();
    gone.total_bytes.reset();
    add_folder(snapshot, gone, hourly("C_VOL", 1, today - 2 * day));
    auto& stale = snapshot.folders.back();
    stale.state = "stale";
    stale.error = "network";
    snapshot.volumes.back().stale = true;
    for (auto& finding : monitor::unreadable(stale, scan::errc::network)) snapshot.findings.push_back(std::move(finding));

    monitor::Known known{snapshot.folders, snapshot.volumes, {}};
    for (auto& finding : monitor::over_time(known, *snapshot.config, today)) snapshot.findings.push_back(std::move(finding));
    for (auto& finding : snapshot.findings) {
        finding.first_seen = today - day;
        finding.last_seen = today - 60;
        finding.seq = 3;
    }
    std::stable_sort(snapshot.findings.begin(), snapshot.findings.end(),
                     [](const auto& a, const auto& b) { return a.severity == "critical" && b.severity != "critical"; });
    snapshot.settings[snapshot.volumes.front().id] = {7, "Rotated weekly.", R"({"daily": 30})"};
    snapshot.unmanaged.folders.push_back(
        {store::folder_id("/srv/Initech/OLD1"), "/srv/Initech/OLD1", "Initech", "OLD1", 40, 90'000'000'000, today - 100 * day});
    snapshot.unmanaged.folders.push_back({store::folder_id("/srv/Acme/OLD2"), "/srv/Acme/OLD2", "", "", 4, 9'000, 0});
    snapshot.unmanaged.searched = today - hour;
    snapshot.unmanaged.unreadable = {"/srv/private"};
    published = std::make_shared<const api::Snapshot>(std::move(snapshot));

    agent.version = "0.1.0";
    agent.host = "backup1";
    agent.os = "Debian GNU/Linux 12";
    agent.state = "running";
    agent.started = today - day;
    agent.config_loaded = today - day;
    agent.last_scan_started = today - 61;
    agent.last_scan_finished = today - 60;
    agent.last_scan_seconds = 0.75;
    agent.scans = 440;
    agent.failed_scans = 2;
    agent.listening = {"127.0.0.1:8443"};
    agent.certificate = {"CN=backup1", "CN=backup1", {"backup1"}, today - day, today + 396 * day, "AB:CD", "sha256:abcd", true};
    agent.tunnel.state = "connected";
    agent.tunnel.relay = "Globex relay";
    agent.tunnel.address = "relay.example:443";
    agent.tunnel.agent = "a3k7q2m9x4wd";
    agent.tunnel.since = today - hour;
    agent.tunnel.reached_at = "192.0.2.40:443";
    agent.tunnel.certificate_issuer = agent.tunnel.intercepted_by = "CN=Initech Web Guard";
    agent.tunnel.round_trip_us = 14'200;
    agent.tunnel.connections = 2;
    agent.tunnel.streams = 96;
    agent.tunnel.streams_open = 1;
    agent.tunnel.received_bytes = 81'920;
    agent.tunnel.sent_bytes = 5'242'880;
    server.responses = {{200, 20}, {404, 1}};
    auto ended = published->findings.front();
    ended.key = "scan:ended";
    ended.closed = today - hour;
    ended.seq = 7;
    closed.push_back(ended);
}

void Backend::add_folder(api::Snapshot& snapshot, store::FolderRecord record, std::vector<spchain::Entry> files) {
    const auto report = analysed(files, today);
    record.images = report.images;
    record.image_bytes = report.image_bytes;
    record.companions = report.companions;
    record.foreign = report.foreign;
    record.settling = report.settling;
    record.seq = 1;
    auto assessed = monitor::assess(record, report, files, today);
    for (auto& volume : assessed.volumes) {
        volume.seq = 2;
        volume.first_seen = record.first_seen;
        record.chains += volume.chains;
        snapshot.volumes.push_back(std::move(volume));
    }
    for (auto& finding : assessed.findings) snapshot.findings.push_back(std::move(finding));
    entries_[record.id] = std::move(files);
    snapshot.folders.push_back(std::move(record));
}

void Backend::publish(api::Snapshot snapshot) {
    ++snapshot.cursor;
    published = std::make_shared<const api::Snapshot>(std::move(snapshot));
}

awaitable<api::Answer<std::shared_ptr<const api::VolumeAnalysis>>> Backend::analysis(std::string volume_id) {
    ++analyses;
    if (unavailable) co_return api::Refusal{503, "busy", "The analysis takes longer than 30 seconds."};
    auto result = std::make_shared<api::VolumeAnalysis>();
    for (const auto& volume : published->volumes) {
        if (volume.id == volume_id) result->record = volume;
    }
    result->entries = entries_[result->record.folder_id];
    result->looked = today - 60;
    auto report = analysed(result->entries, today);
    for (auto& volume : report.volumes) {
        if (volume.name == result->record.volume) result->volume = std::move(volume);
    }
    result->memory = std::move(report.memory);
    co_return std::shared_ptr<const api::VolumeAnalysis>(std::move(result));
}

awaitable<api::Answer<store::History::Removed>> Backend::removed_since(std::uint64_t) {
    ++reads_of_history;
    co_return removed;
}

awaitable<api::Answer<std::vector<store::FindingRecord>>> Backend::closed_findings() {
    ++reads_of_history;
    co_return closed;
}

awaitable<api::Answer<std::vector<store::Sample>>> Backend::samples(std::string) {
    co_return std::vector<store::Sample>{{today - 2 * day, 100, 10, std::nullopt}, {today - day, 200, 20, 3'000}};
}

awaitable<api::Answer<store::FolderRecord>> Backend::adopt(store::AdoptedFolder wanted, api::Principal who, std::string from) {
    auto next = copy();
    for (const auto& known : next.folders) {
        if (known.path == wanted.path) co_return api::Refusal{409, "folder-managed", "The folder is watched already."};
    }
    auto record = folder(wanted.path, wanted.customer, wanted.machine);
    record.type = wanted.type;
    record.source = "adopted";
    record.state = "pending";
    record.last_scan = record.last_good_scan = 0;
    next.folders.push_back(record);
    publish(std::move(next));
    changed_by = who.id + " " + from;
    co_return record;
}

awaitable<api::Answer<void>> Backend::release(std::string folder_id, api::Principal who, std::string from) {
    auto next = copy();
    const auto found = std::find_if(next.folders.begin(), next.folders.end(), [&](const auto& f) { return f.id == folder_id; });
    if (found->source != "adopted") co_return api::Refusal{409, "folder-configured", "The folder is named in the configuration."};
    next.folders.erase(found);
    publish(std::move(next));
    changed_by = who.id + " " + from;
    co_return api::Answer<void>();
}

awaitable<api::Answer<void>> Backend::set_volume(std::string volume_id, store::VolumeSettings settings, api::Principal who,
                                                 std::string from) {
    auto next = copy();
    next.settings[volume_id] = std::move(settings);
    --next.cursor;  // settings move no cursor
    publish(std::move(next));
    changed_by = who.id + " " + from;
    co_return api::Answer<void>();
}

awaitable<api::Answer<void>> Backend::rescan(std::string folder_id, api::Principal, std::string) {
    rescans.push_back(std::move(folder_id));
    co_return api::Answer<void>();
}

awaitable<api::Answer<std::vector<store::ActivityCount>>> Backend::report_days() {
    co_return activity;
}

awaitable<api::Answer<api::DayReport>> Backend::report(spchain::DayNumber day) {
    api::DayReport report{day, {}, {}, {}};
    for (const auto& count : activity) {
        if (count.day == day) report.counts.push_back(count);
    }
    for (const auto& entry : entries) {
        if (entry.day == day) report.entries.push_back(entry);
    }
    report.findings = published->findings;
    co_return report;
}

awaitable<api::Answer<api::LogPage>> Backend::log_page(api::LogFile, std::uint64_t offset, bool last, std::size_t lines) {
    api::LogPage page;
    for (std::uint64_t n = last ? 90 : offset / 10; n < 100 && page.lines.size() < lines; ++n) {
        page.lines.push_back({n * 10, "line " + std::to_string(n), false, "", "unknown", ""});
        page.next = n * 10 + 10;
    }
    page.end = page.next >= 1000;
    co_return page;
}

awaitable<api::Answer<std::uint64_t>> Backend::verify(std::string volume_id, api::Principal, std::string) {
    if (verifying.state != "idle") co_return api::Refusal{409, "verification-running", "A verification goes on."};
    verifying.state = "running";
    verifying.wanted = volume_id.empty() ? "all" : "volume";
    verifying.wanted_volume = std::move(volume_id);
    co_return api::Answer<std::uint64_t>(boost::system::in_place_value_t(), ++verifying.run);
}

awaitable<api::Answer<void>> Backend::cancel_verification(api::Principal, std::string) {
    if (verifying.state == "idle") co_return api::Refusal{409, "no-verification", "No verification goes on."};
    verifying.state = "idle";
    verifying.ended = "cancelled";
    co_return api::Answer<void>();
}

std::shared_ptr<api::Feed> Backend::events(std::string) {
    return std::make_shared<OneEvent>();
}

api::Response ask(const api::Handler& handler, const std::string& method, const std::string& target, const std::string& body,
                  const Caller& caller) {
    const auto parsed = api::parse_target(target);
    if (!parsed) throw std::invalid_argument("malformed target " + target);
    api::Request request;
    request.method = method;
    request.target = target;
    request.path = parsed->path;
    request.query = parsed->query;
    request.if_none_match = caller.if_none_match;
    request.accepts_gzip = caller.gzip;
    request.content_type = body.empty() ? "" : caller.content_type;
    request.body = body;
    request.remote = "127.0.0.1";
    request.principal = {caller.scope, caller.scope == api::Scope::none ? "" : "t_test"};

    boost::asio::io_context context;
    std::optional<api::Response> response;
    std::exception_ptr failure;
    boost::asio::co_spawn(context, handler(std::move(request)), [&](std::exception_ptr error, api::Response answer) {
        failure = error;
        response = std::move(answer);
    });
    context.run();
    if (failure) std::rethrow_exception(failure);
    return std::move(*response);
}

}  // namespace fixed
