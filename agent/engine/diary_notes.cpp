#include "agent/engine/diary_notes.hpp"

#include "agent/imagemanager/event_kinds.hpp"

#include <algorithm>

namespace imc::engine {
namespace {

using imagemanager::EventKind;
using imagemanager::EventSeverity;
using imagemanager::LogMessage;

constexpr std::size_t most_entries = 5'000;  // of one reading
constexpr std::size_t longest_text = 2'000;  // bytes of an entry that are kept
constexpr std::int64_t day_seconds = 86'400;

// Howard Hinnant's days_from_civil.
std::int64_t days_of(const imagemanager::CivilTime& t) {
    const std::int64_t year = t.year - (t.month <= 2 ? 1 : 0);
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const std::int64_t of_era = year - era * 400;
    const std::int64_t of_year = (153 * (t.month > 2 ? t.month - 3 : t.month + 9) + 2) / 5 + t.day - 1;
    return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

// As the agent's computer would have shown it; ImageManager's may have another zone, which no log tells.
store::UnixTime unix_of(const imagemanager::CivilTime& t, const spchain::Calendar& calendar) {
    const std::int64_t local = days_of(t) * day_seconds + t.hour * 3600 + t.minute * 60 + t.second;
    std::int64_t offset = calendar.offsets.empty() ? 0 : calendar.offsets.front().offset_seconds;
    for (const auto& change : calendar.offsets) {
        if (change.from + change.offset_seconds <= local) offset = change.offset_seconds;
    }
    return local - offset;
}

std::string cut(std::string_view text) {
    if (text.size() <= longest_text) return std::string(text);
    std::size_t end = longest_text;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
    return std::string(text.substr(0, end)) + " ...";
}

bool is_success(EventKind kind) {
    return kind == EventKind::service_started || kind == EventKind::consolidated || kind == EventKind::backup_succeeded;
}

bool is_trouble(EventKind kind) {
    return kind > EventKind::consolidated && kind != EventKind::reserved && kind != EventKind::backup_succeeded;
}

bool is_bad(EventSeverity severity) {
    return severity >= EventSeverity::warning;
}

}  // namespace

std::string log_id(const std::string& path) {
    // The same digest as a folder's, under a name of its own.
    return "log_" + store::folder_id(path).substr(4);
}

DiaryNotes::DiaryNotes(const Subjects& subjects, const spchain::Calendar& calendar, std::string version, store::UnixTime now)
    : subjects_(subjects), calendar_(calendar), version_(std::move(version)), now_(now) {}

void DiaryNotes::begin_log(const LogFile& log) {
    log_ = log;
    folder_log_ = log.kind == "folder";
    last_time_.reset();
    open_ = {};
    into_ = &open_;
    last_count_ = nullptr;
}

void DiaryNotes::keep() {
    last_count_ = nullptr;
    into_ = &kept_;
    merge(std::move(open_));
    open_ = {};
}

void DiaryNotes::take_back() {
    last_count_ = nullptr;
    into_ = &kept_;
    open_ = {};
}

void DiaryNotes::count(spchain::DayNumber day, const std::string& folder_id, const char* who, std::string_view kind) {
    const auto length = std::char_traits<char>::length(who);
    const bool same = last_count_ != nullptr && last_key_.day == day && last_key_.folder_id == folder_id &&
                      last_key_.kind.size() == length + kind.size() && last_key_.kind.starts_with(who) && last_key_.kind.ends_with(kind);
    if (!same) {
        last_key_ = {day, folder_id, who + std::string(kind)};
        auto& one = into_->counts[last_key_];
        one.day = day;
        one.folder_id = folder_id;
        one.kind = last_key_.kind;
        last_count_ = &one;
    }
    ++last_count_->times;
}

void DiaryNotes::add_entry(store::ActivityEntry entry) {
    auto& entries = into_->entries;
    // The newest matter most; what a huge log holds beyond them is counted and can be read in the log.
    if (entries.size() >= 2 * most_entries) entries.erase(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(most_entries));
    entries.push_back(std::move(entry));
}

void DiaryNotes::add_trouble(store::Trouble trouble) {
    auto& known = into_->troubles[{trouble.kind + "/" + trouble.source + "/" + std::to_string(trouble.event_id), trouble.folder_id,
                                   trouble.volume, trouble.base, trouble.image}];
    const auto first = known.first_at == 0 ? trouble.first_at : std::min(known.first_at, trouble.first_at);
    if (known.first_at == 0 || trouble.last_at >= known.last_at) known = std::move(trouble);
    known.first_at = first;
}

void DiaryNotes::add_success(std::string kind, const Subject& subject, store::UnixTime at) {
    auto& known = into_->successes[{kind, subject.folder_id, subject.volume, subject.base}];
    if (known.at != 0 && known.at > at) return;
    known = {std::move(kind), subject.folder_id, subject.volume, subject.base, subject.image, at};
}

const Subject& DiaryNotes::subject_of(std::string_view path) {
    const auto slash = path.find_last_of("/\\");
    const auto directory = path.substr(0, slash == std::string_view::npos ? 0 : slash);
    // The folder alone is looked up anew; names differ with every line.
    if (directory == last_directory_ && !last_directory_.empty()) {
        last_subject_ = subjects_.of_image(path, last_subject_.folder_id);
    } else {
        last_subject_ = subjects_.of_path(path);
        last_directory_ = std::string(directory);
    }
    return last_subject_;
}

void DiaryNotes::add_line(std::string_view text) {
    const auto line = folder_log_ ? imagemanager::parse_folder_line(text) : imagemanager::parse_service_line(text);
    if (line.text.empty()) return;
    if (line.time) last_time_ = line.time;
    const store::UnixTime at = last_time_ ? unix_of(*last_time_, calendar_) : now_;
    const auto day = last_time_ ? static_cast<spchain::DayNumber>(days_of(*last_time_)) : calendar_.day_of(now_);
    Subject subject;
    subject.folder_id = log_.folder_id;
    if (!line.file.empty() && line.message != LogMessage::virtual_machine) {
        subject = folder_log_ ? subjects_.of_image(line.file, log_.folder_id) : subject_of(line.file);
    }
    const auto kind = imagemanager::to_string(line.message);
    count(day, subject.folder_id, "log.", kind);
    if (line.message == LogMessage::consolidated) add_success("consolidated", subject, at);
    if (line.message == LogMessage::chkdsk_succeeded) {
        add_success("chkdsk_succeeded", subject, at);
        if (!subject.folder_id.empty()) into_->to_judge[subject.folder_id] = true;
    }
    const bool bad = line.message == LogMessage::chkdsk_failed || line.message == LogMessage::virtual_boot_exception;
    if (!bad) return;
    store::ActivityEntry entry{at, day,           subject.folder_id, "log." + std::string(kind), "warning", log_.name,
                               0,  subject.image, cut(line.text)};
    store::Trouble trouble;
    trouble.kind = std::string(kind);
    trouble.folder_id = subject.folder_id;
    trouble.volume = subject.volume;
    trouble.source = log_.name;
    trouble.severity = "warning";
    trouble.first_at = trouble.last_at = at;
    trouble.text = entry.text;
    add_entry(std::move(entry));
    add_trouble(std::move(trouble));
}

void DiaryNotes::add_event(const imagemanager::Event& event) {
    const auto meaning = imagemanager::meaning_of(event.source, event.id, version_);
    const bool unreadable = imagemanager::tells_unreadable_folder(event.text);
    const auto severity = meaning.severity == EventSeverity::unknown ? event.level : std::max(meaning.severity, event.level);
    const bool of_path = meaning.kind == EventKind::consolidated;
    Subject subject;
    if (of_path) {
        auto path = std::string_view(event.text);
        while (!path.empty() && static_cast<unsigned char>(path.back()) <= 0x20) path.remove_suffix(1);
        subject = subject_of(path);
    } else if (meaning.kind != EventKind::information && meaning.kind != EventKind::service_started) {
        subject = subjects_.of_text(event.text);
    }
    const auto at = std::min(event.time, now_);
    const auto day = calendar_.day_of(at);
    const std::string kind = unreadable ? "unreadable_folder" : std::string(imagemanager::to_string(meaning.kind));
    count(day, subject.folder_id, "event.", kind);
    if (is_success(meaning.kind)) add_success(kind, subject, at);
    const bool unknown = meaning.kind == EventKind::unknown || meaning.kind == EventKind::reserved;
    const bool trouble = unreadable || is_trouble(meaning.kind) || (unknown && is_bad(severity));
    if (!trouble && !is_bad(severity)) return;
    const std::string word(imagemanager::to_string(severity));
    add_entry({at, day, subject.folder_id, "event." + kind, word, event.source, event.id, subject.image, cut(event.text)});
    if (!trouble) return;
    store::Trouble out;
    out.kind = kind;
    out.folder_id = subject.folder_id;
    out.volume = subject.volume;
    out.base = subject.base;
    out.image = subject.image;
    out.source = event.source;
    out.event_id = event.id;
    if (meaning.in_7_0_2) out.otherwise = std::string(imagemanager::to_string(*meaning.in_7_0_2));
    out.severity = word;
    out.first_at = out.last_at = at;
    out.text = cut(event.text);
    const bool about_images = meaning.kind == EventKind::verification_failed || meaning.kind == EventKind::incomplete_chain;
    if (about_images && !out.folder_id.empty()) into_->to_judge[out.folder_id] = true;
    add_trouble(std::move(out));
}

void DiaryNotes::merge(Notes notes) {
    for (auto& [key, one] : notes.counts) {
        auto& into = kept_.counts[key];
        const auto times = into.times + one.times;
        into = std::move(one);
        into.times = times;
    }
    for (auto& entry : notes.entries) add_entry(std::move(entry));
    for (auto& [key, trouble] : notes.troubles) add_trouble(std::move(trouble));
    for (auto& [key, success] : notes.successes) {
        auto& known = kept_.successes[key];
        if (known.at == 0 || known.at <= success.at) known = std::move(success);
    }
    kept_.to_judge.insert(notes.to_judge.begin(), notes.to_judge.end());
}

void DiaryNotes::hand_over(DiaryReading& reading) {
    auto& change = reading.change;
    for (auto& [key, one] : kept_.counts) change.counts.push_back(std::move(one));
    change.entries = std::move(kept_.entries);
    for (auto& [key, trouble] : kept_.troubles) change.troubles.push_back(std::move(trouble));
    for (auto& [key, success] : kept_.successes) change.successes.push_back(std::move(success));
    for (const auto& [folder_id, judge] : kept_.to_judge) reading.to_judge.push_back(folder_id);
    kept_ = {};
    last_count_ = nullptr;
}

}  // namespace imc::engine
