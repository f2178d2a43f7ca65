// The job that reads ImageManager's logs and events, and what people ask of them: reports of days and pages of logs.
#include "agent/engine/abandon.hpp"
#include "agent/engine/agent.hpp"
#include "agent/host/timezone.hpp"
#include "agent/monitor/own_state.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>

namespace imc::engine {
namespace {

using std::chrono::seconds;

constexpr auto diary_interval = seconds(30);
constexpr auto diary_limit = seconds(120);
constexpr auto diary_patience = seconds(60);  // a reading that is slow ends by itself and counts
constexpr auto page_limit = seconds(20);
constexpr std::int64_t day_seconds = 86'400;

api::Refusal unreadable(const std::string& what, boost::system::error_code error) {
    return {503, "cannot-read", what + " could not be read: " + error.message() + ". Try again later."};
}

}  // namespace

DiaryPlaces Agent::diary_places() const {
    DiaryPlaces places;
    const auto& installation = records_.facts().installation;
    places.logs = config_->imagemanager_logs;
    if (places.logs.empty()) {
        places.logs = installation.logs();
        // A copy of the database alone has none beside it.
        places.logs_may_lack = installation.program.empty();
    }
    places.version = installation.version.value_or("");
    places.events = config_->imagemanager_events;
    places.system_events = places.events.empty();
    return places;
}

Subjects Agent::subjects() const {
    std::map<std::string, Subjects::Folder> folders;
    for (const auto& folder : snapshot_->folders) folders[folder.id] = {folder.id, folder.path, {}};
    for (const auto& volume : snapshot_->volumes) {
        const auto found = folders.find(volume.folder_id);
        if (found != folders.end()) found->second.volumes.push_back(volume.volume);
    }
    std::vector<Subjects::Folder> list;
    for (auto& [id, folder] : folders) list.push_back(std::move(folder));
    std::vector<Spelling> spellings;
    for (const auto& rule : config_->imagemanager_map) spellings.push_back({rule.from, rule.to});
    return {list, spellings};
}

boost::asio::awaitable<void> Agent::diary_loop() {
    while (!stopping_.stop_requested()) {
        // Before the first looks nothing would find its folder.
        bool more = false;
        const bool ready = published_scans_.first_round_done;
        if (ready) more = co_await read_diary_on();
        diary_wake_.expires_after(more ? seconds(0) : ready ? diary_interval : seconds(1));
        boost::system::error_code woken;
        co_await diary_wake_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    }
}

boost::asio::awaitable<bool> Agent::read_diary_on() {
    const auto places = diary_places();
    if (*reading_diary_) co_return false;
    auto read_positions = [](const store::History& history) { return history.positions(); };
    auto positions = co_await parts_.stores->read(std::move(read_positions));
    if (!positions) co_return false;
    auto read = [places, subjects = subjects(), p = std::move(*positions), now = now(), token = stopping_.get_token()] {
        spchain::Calendar calendar;
        calendar.offsets = host::local_offsets(now - 800 * day_seconds, now + 2 * day_seconds);
        DiaryLimits limits;
        limits.until = std::chrono::steady_clock::now() + diary_patience;
        return std::make_shared<DiaryReading>(read_diary(places, subjects, p, calendar, now, limits, token));
    };
    const auto result = co_await abandonable(diary_limit, searching_.place(), reading_diary_, std::move(read));
    if (stopping_.stop_requested()) co_return false;
    const std::string key = "agent:diary_unreadable:";
    if (!result) {
        tell(key, monitor::diary_unreadable({"reading took longer than two minutes"}));
        co_return false;
    }
    const auto reading = *result;
    tell(key, reading->problems.empty() ? std::nullopt : std::optional(monitor::diary_unreadable(reading->problems)));
    logs_ = reading->logs;
    if (reading->change.positions.empty()) co_return false;
    auto write_change = [reading](store::History& history) { return history.add_activity(reading->change); };
    const auto written = co_await parts_.stores->write(std::move(write_change));
    if (!written) {
        store_failed(written.error());
        co_return false;
    }
    for (const auto& folder_id : reading->to_judge) scanner_.judge_anew(folder_id);
    if (!reading->change.troubles.empty() || !reading->change.successes.empty()) changed();
    co_return reading->more;
}

boost::asio::awaitable<api::Answer<std::vector<store::ActivityCount>>> Agent::report_days() {
    auto read_days = [](const store::History& history) { return history.activity_by_day(); };
    auto days = co_await parts_.stores->read(std::move(read_days));
    if (!days) co_return unreadable("The history", days.error());
    co_return std::move(*days);
}

boost::asio::awaitable<api::Answer<api::DayReport>> Agent::report(spchain::DayNumber day) {
    const auto rules = look_rules(config_, now());
    auto read_day = [day, calendar = rules.primary.calendar](const store::History& history) -> boost::system::result<api::DayReport> {
        api::DayReport report;
        report.day = day;
        auto counts = history.activity(day, day);
        auto entries = history.entries(day, api::report_entries);
        auto findings = history.findings(true);
        if (!counts) return counts.error();
        if (!entries) return entries.error();
        if (!findings) return findings.error();
        report.counts = std::move(*counts);
        report.entries = std::move(*entries);
        for (auto& finding : *findings) {
            const bool began = calendar.day_of(finding.first_seen) == day;
            const bool ended = finding.closed != 0 && calendar.day_of(finding.closed) == day;
            if ((began || ended) && report.findings.size() < api::report_entries) report.findings.push_back(std::move(finding));
        }
        return report;
    };
    auto report = co_await parts_.stores->read(std::move(read_day));
    if (!report) co_return unreadable("The history", report.error());
    co_return std::move(*report);
}

boost::asio::awaitable<api::Answer<api::LogPage>> Agent::log_page(api::LogFile log, std::uint64_t offset, bool last, std::size_t lines) {
    auto read = [log, offset, last, lines] { return read_log_page(log, offset, last, lines); };
    auto page = co_await abandonable(page_limit, searching_.place(), std::make_shared<bool>(false), std::move(read));
    if (!page) co_return api::Refusal{503, "too-slow", "The log could not be read within 20 seconds. Try again later."};
    if (!*page) co_return unreadable("The log", page->error());
    co_return std::move(**page);
}

}  // namespace imc::engine
