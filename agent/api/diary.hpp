// What reports and logs are to the resources: days with their counts, ImageManager's log files and pages of their lines. Plain data.
// What it is not: JSON (views_diary.hpp) or a reader of files.
#pragma once

#include "agent/store/activity.hpp"

#include <string>
#include <vector>

namespace imc::api {

// One local calendar day.
struct DayReport {
    spchain::DayNumber day = 0;
    std::vector<store::ActivityCount> counts;    // by folder and kind
    std::vector<store::ActivityEntry> entries;   // newest first, at most report_entries
    std::vector<store::FindingRecord> findings;  // that began or ended on the day, at most report_entries
};
inline constexpr std::size_t report_entries = 500;

// A log of ImageManager.
struct LogFile {
    std::string id;    // "log_" and sixteen digits of its path's SHA-256
    std::string name;  // of the file
    std::string path;
    std::string kind;       // "service" | "folder" | "other"
    std::string folder_id;  // of the folder's log; empty: none that is watched
    std::uint64_t bytes = 0;
    store::UnixTime written = 0;
};

struct LogLine {
    std::uint64_t offset = 0;  // in the file
    std::string text;          // UTF-8
    bool cut = false;          // was longer
    std::string time;          // "2024-01-05T23:59:01", of no zone; empty: none
    std::string message;       // a word of imagemanager::LogMessage
    std::string file;          // of messages about one
};

struct LogPage {
    std::vector<LogLine> lines;
    std::uint64_t next = 0;  // where the next page begins
    bool end = false;        // nothing follows now
};

}  // namespace imc::api
