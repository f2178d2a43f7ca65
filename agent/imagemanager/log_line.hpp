// One line of ImageManager's own logs: the service log (ImageManager.log) and the logs of managed folders. Total: every line is
// a message of a known kind with its parts, or unknown with its text. What it is not: a reader of files (log_tail.hpp) or a
// judgement of what a line means for a chain.
//
// What is known of these logs is what a published monitor reads in them; nobody has published their format. The service log
// has "d-MMM-yyyy HH:mm:ss <full path>.spi" for each consolidated image that was made. A folder's log has the messages
// of LogMessage, with such a time before them or without. Months are names of the language of ImageManager's computer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace imc::imagemanager {

// As a clock on ImageManager's computer showed it. Its time zone is not in the log.
struct CivilTime {
    int year = 0;  // 1 to 9999
    int month = 0;
    int day = 0;  // exists in its month
    int hour = 0;
    int minute = 0;
    int second = 0;  // 0 to 59
    friend auto operator<=>(const CivilTime&, const CivilTime&) = default;
};
// "2024-01-05T23:59:01", without a zone.
[[nodiscard]] std::string to_text(const CivilTime& time);

enum class LogMessage : std::uint8_t {
    unknown,
    consolidated,            // service log: `file` was made, a full path
    chkdsk_succeeded,        // of `file`; `detail` is "No errors were found", nothing else counts as success
    chkdsk_failed,           // of `file`
    virtual_boot_exception,  // of `file`
    took_screenshot,         // a test boot came as far as a screen
    generated_disks,         // for a test boot
    generated_incrementals,  // "Generated incremental images"
    virtual_machine,         // names a machine of VirtualBoot in `file`; what it says of it is not known
};
[[nodiscard]] std::string_view to_string(LogMessage message) noexcept;

// Views are parts of the line that was given.
struct LogLine {
    std::optional<CivilTime> time;  // nothing: `stamp` is empty, or holds a month or day that is not known
    std::string_view stamp;         // "5-janv.-2024 23:59:01"
    LogMessage message = LogMessage::unknown;
    std::string_view file;    // of messages about one
    std::string_view detail;  // what comes after the file, without brackets
    std::string_view text;    // the whole line, without white space around it
};

// `line` is UTF-8 as decode_line() gives it, without its end. O(length).
[[nodiscard]] LogLine parse_service_line(std::string_view line) noexcept;
[[nodiscard]] LogLine parse_folder_line(std::string_view line) noexcept;

// "[server%share%folder]-1.log": the log of \\server\share\folder.
struct FolderLogName {
    std::string_view folder;  // "server%share%folder"
    std::uint64_t number = 0;
};
[[nodiscard]] std::optional<FolderLogName> parse_folder_log_name(std::string_view name) noexcept;
// What stands between the brackets for a managed folder: its path without the leading "\\" and with % for \. Nothing for a
// path with a drive: how its colon is written is not known.
[[nodiscard]] std::optional<std::string> folder_log_key(std::string_view path);

}  // namespace imc::imagemanager
