#include "agent/engine/diary.hpp"

#include "agent/engine/diary_notes.hpp"
#include "agent/imagemanager/errors.hpp"
#include "agent/imagemanager/event_source.hpp"
#include "agent/imagemanager/log_tail.hpp"
#include "agent/scan/listing.hpp"

#include <algorithm>

namespace imc::engine {
namespace {

using imagemanager::LogChange;
using store::Position;

constexpr std::size_t most_logs = 1'000;
constexpr scan::Limits log_limits{20'000, 30'000};
constexpr store::UnixTime oldest_events = 400 * std::int64_t{86'400};  // before now; older ones are nobody's news

bool ends_with_log(const std::string& name) {
    constexpr std::string_view ending = ".log";
    if (name.size() < ending.size()) return false;
    return std::equal(ending.begin(), ending.end(), name.end() - static_cast<std::ptrdiff_t>(ending.size()),
                      [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b); });
}

const Position* find(const std::vector<Position>& positions, const std::string& source) {
    const auto at = std::find_if(positions.begin(), positions.end(), [&](const Position& p) { return p.source == source; });
    return at == positions.end() ? nullptr : &*at;
}

class Reader {
public:
    Reader(const DiaryPlaces& places, const Subjects& subjects, const std::vector<Position>& positions, const spchain::Calendar& calendar,
           store::UnixTime now, DiaryLimits limits, std::stop_token stop)
        : places_(places),
          subjects_(subjects),
          positions_(positions),
          notes_(subjects, calendar, places.version, now),
          now_(now),
          limits_(limits),
          left_(limits.bytes),
          stop_(std::move(stop)) {}

    DiaryReading run() {
        // Events first: they are little, and logs may take all the time there is.
        if (!places_.events.empty() || places_.system_events) read_events();
        if (!places_.logs.empty()) read_logs();
        notes_.hand_over(reading_);
        return std::move(reading_);
    }

private:
    void read_logs() {
        const auto listing = scan::list(places_.logs, log_limits, stop_);
        if (!listing) {
            if (places_.logs_may_lack && listing.error() == scan::errc::not_found) return;
            reading_.problems.push_back("cannot read the logs in " + places_.logs + ": " + listing.error().message());
            return;
        }
        for (const auto& entry : listing->files) {
            if (ends_with_log(entry.name)) reading_.logs.push_back(described(entry));
        }
        pass_over_oldest();
        std::sort(reading_.logs.begin(), reading_.logs.end(), [](const LogFile& a, const LogFile& b) { return a.name < b.name; });
        // Those that have grown first, so that each reading gets on, however long it takes to find the others as they were.
        for (const bool grown : {true, false}) {
            for (const auto& log : reading_.logs) {
                if (stop_.stop_requested()) return;
                if (log.kind == "other" || has_grown(log) != grown) continue;
                if (late()) {
                    reading_.more = reading_.more || grown;
                    return;
                }
                read_log(log);
            }
        }
    }

    void pass_over_oldest() {
        auto& logs = reading_.logs;
        if (logs.size() <= most_logs) return;
        reading_.problems.push_back("there are " + std::to_string(logs.size()) + " logs in " + places_.logs +
                                    ", of which only the newest " + std::to_string(most_logs) + " are read");
        const auto end = logs.begin() + static_cast<std::ptrdiff_t>(most_logs);
        std::nth_element(logs.begin(), end, logs.end(), [](const LogFile& a, const LogFile& b) { return a.written > b.written; });
        logs.erase(end, logs.end());
    }

    [[nodiscard]] bool has_grown(const LogFile& log) const {
        const auto* known = find(positions_, source_of(log));
        return known == nullptr || known->offset != log.bytes;
    }

    // One log at least gets on in each reading.
    [[nodiscard]] bool late() const { return left_ < limits_.bytes && std::chrono::steady_clock::now() >= limits_.until; }

    [[nodiscard]] static std::string source_of(const LogFile& log) { return "log:" + log.path; }

    [[nodiscard]] LogFile described(const spchain::Entry& entry) const {
        LogFile log;
        log.name = entry.name;
        log.path = scan::join(places_.logs, entry.name);
        log.id = log_id(log.path);
        log.kind = "other";
        log.bytes = entry.bytes;
        log.written = entry.written == spchain::no_time ? 0 : entry.written;
        if (const auto named = imagemanager::parse_folder_log_name(entry.name)) {
            log.kind = "folder";
            log.folder_id = subjects_.folder_of_log(named->folder);
        } else if (entry.name.size() == 16 && entry.name.starts_with("ImageManager")) {
            log.kind = "service";
        }
        return log;
    }

    void read_log(const LogFile& log) {
        const std::string source = source_of(log);
        std::optional<imagemanager::LogPosition> from;
        const auto* known = find(positions_, source);
        if (known != nullptr) from = {known->offset, known->in_long_line, known->digest};
        imagemanager::LogOptions options;
        options.most_bytes = left_;
        options.until = limits_.until;
        if (left_ == 0) {
            reading_.more = true;
            return;
        }
        notes_.begin_log(log);
        const auto sink = [&](const imagemanager::TextLine& line) { notes_.add_line(line.text); };
        const auto read = imagemanager::read_log(log.path, from, options, stop_, sink);
        if (!read) {
            notes_.take_back();
            if (read.error() == make_error_code(imagemanager::errc::cancelled)) return;
            reading_.problems.push_back("cannot read " + log.path + ": " + read.error().message());
            return;
        }
        notes_.keep();
        left_ -= std::min(left_, read->bytes);
        reading_.more = reading_.more || read->more;
        if (read->change == LogChange::none && known != nullptr) return;
        reading_.change.positions.push_back({source, read->position.offset, read->position.in_long_line, read->position.digest, 0, 0});
    }

    void read_events() {
        const bool exported = !places_.events.empty();
        const std::string source = exported ? "events:" + places_.events : std::string("events:");
        const auto* known = find(positions_, source);
        Position position = known != nullptr ? *known : Position{};
        position.source = source;
        if (exported) {
            const auto stamp = stamp_of(places_.events);
            if (!stamp.empty() && stamp == position.digest) return;
            position.digest = stamp;
        }
        imagemanager::EventFilter filter;
        filter.since = now_ - oldest_events;
        filter.after_record = position.record;
        auto read = ask(exported, filter);
        const bool cleared = read && read->last_record && *read->last_record < position.record;
        if (cleared) {
            // Numbers began anew: what is newer than all that was seen is new.
            filter.after_record = 0;
            filter.since = position.newest + 1;
            position.record = 0;
            read = ask(exported, filter);
        }
        if (!read) {
            const auto& error = read.error();
            const bool none = !exported && error == make_error_code(imagemanager::errc::unsupported);
            if (none || error == make_error_code(imagemanager::errc::cancelled)) return;
            reading_.problems.push_back("cannot read ImageManager's events" + (exported ? " in " + places_.events : std::string()) + ": " +
                                        read.error().message());
            return;
        }
        const auto newest = position.newest;
        for (const auto& event : read->events) {
            // Entries without a number are told apart by their time.
            if (!event.record && event.time <= newest) continue;
            notes_.add_event(event);
            position.newest = std::max(position.newest, std::min(event.time, now_));
            if (event.record) position.record = std::max(position.record, *event.record);
        }
        if (read->more) {
            reading_.more = true;
            position.digest.clear();
        } else if (read->last_record) {
            position.record = std::max(position.record, *read->last_record);
        }
        reading_.change.positions.push_back(std::move(position));
    }

    [[nodiscard]] boost::system::result<imagemanager::EventReading> ask(bool exported, const imagemanager::EventFilter& filter) const {
        return exported ? imagemanager::read_exported_events(places_.events, filter) : imagemanager::read_system_events(filter, stop_);
    }

    [[nodiscard]] static std::string stamp_of(const std::string& path) {
        const auto file = imagemanager::SharedFile::open(path);
        if (!file) return {};
        const auto stamp = file->stamp();
        return stamp ? std::to_string(stamp->bytes) + ":" + std::to_string(stamp->written) : std::string();
    }

    const DiaryPlaces& places_;
    const Subjects& subjects_;
    const std::vector<Position>& positions_;
    DiaryNotes notes_;
    store::UnixTime now_;
    DiaryLimits limits_;
    std::uint64_t left_;
    std::stop_token stop_;
    DiaryReading reading_;
};

}  // namespace

DiaryReading read_diary(const DiaryPlaces& places, const Subjects& subjects, const std::vector<Position>& positions,
                        const spchain::Calendar& calendar, store::UnixTime now, DiaryLimits limits, std::stop_token stop) {
    return Reader(places, subjects, positions, calendar, now, limits, std::move(stop)).run();
}

}  // namespace imc::engine
