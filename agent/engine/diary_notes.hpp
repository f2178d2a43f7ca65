// What is written down of lines and events as they are read: counts, entries worth reading, troubles and successes. Of one log all or
// nothing. What it is not: a reader of files. Pure but for its own state.
#pragma once

#include "agent/engine/diary.hpp"
#include "agent/imagemanager/event_export.hpp"
#include "agent/imagemanager/log_line.hpp"

#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>

namespace imc::engine {

class DiaryNotes {
public:
    DiaryNotes(const Subjects& subjects, const spchain::Calendar& calendar, std::string version, store::UnixTime now);

    // Lines come from this log until the next one; keep() or take_back() ends it.
    void begin_log(const LogFile& log);
    void add_line(std::string_view line);
    void keep();
    void take_back();
    void add_event(const imagemanager::Event& event);
    void hand_over(DiaryReading& reading);

private:
    struct Key {
        spchain::DayNumber day;
        std::string folder_id;
        std::string kind;
        friend auto operator<=>(const Key&, const Key&) = default;
    };
    struct Notes {
        std::map<Key, store::ActivityCount> counts;
        std::vector<store::ActivityEntry> entries;  // the newest of them
        std::map<std::tuple<std::string, std::string, std::string, std::uint32_t, std::string>, store::Trouble> troubles;
        std::map<std::tuple<std::string, std::string, std::string, std::uint32_t>, store::Success> successes;
        std::map<std::string, bool> to_judge;
    };
    void count(spchain::DayNumber day, const std::string& folder_id, const char* who, std::string_view kind);
    void add_entry(store::ActivityEntry entry);
    void add_trouble(store::Trouble trouble);
    void add_success(std::string kind, const Subject& subject, store::UnixTime at);
    [[nodiscard]] const Subject& subject_of(std::string_view path);
    void merge(Notes notes);

    const Subjects& subjects_;
    const spchain::Calendar& calendar_;
    std::string version_;
    store::UnixTime now_;
    LogFile log_;
    bool folder_log_ = false;
    std::optional<imagemanager::CivilTime> last_time_;  // lines without a time belong to the one before
    Notes kept_;
    Notes open_;
    Notes* into_ = &kept_;
    // Of the line before: a log has the same folder, day and kind again and again.
    std::string last_directory_;
    Subject last_subject_;
    store::ActivityCount* last_count_ = nullptr;
    Key last_key_;
};

[[nodiscard]] std::string log_id(const std::string& path);

}  // namespace imc::engine
