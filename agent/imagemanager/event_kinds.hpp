// What an entry of the Windows Application log means: source and number, by ImageManager's version. What it is not: a reader of
// the log (event_source.hpp) or of an entry's words; their wording is published for none but 1120.
//
// Sources of the facts: the numbers 1100 to 1129 and their shift in 7.0.2 as a published monitor quotes them from the vendor; 0 and
// 1130 from another one; ShadowProtectSvc and ShadowProtectSPX from checks for Nagios, which contradict each other about 1121 and 1122.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace imc::imagemanager {

enum class EventKind : std::uint8_t {
    unknown,
    service_started,
    information,           // 1100 to 1119
    consolidated,          // 1120: the entry's text is the path of the file that was made
    consolidation_failed,  // 1121
    reserved,              // 1122: the vendor has not said for what
    verification_failed,   // 1123: data corruption, a file failed to verify
    incomplete_chain,      // 1124: a file is missing that the chain needs
    processing_failed,     // 1125: preparing consolidation or verification
    replication_failed,    // 1126: tried again when the next file was verified
    headstart_failed,      // 1127
    service_broken,        // 1128: the service must be restarted
    will_retry,            // 1129: an exception; tried again later
    folder_inactive,       // 1130
    backup_succeeded,      // of ShadowProtect or SPX
    backup_aborted,
    backup_failed,
    backup_failed_or_aborted,  // ShadowProtectSvc 1121 and 1122: which is which is not known
};
[[nodiscard]] std::string_view to_string(EventKind kind) noexcept;

// As Windows counts levels. unknown: neither the entry nor the table says.
enum class EventSeverity : std::uint8_t { unknown, information, warning, error, critical };
[[nodiscard]] std::string_view to_string(EventSeverity severity) noexcept;

struct EventMeaning {
    EventKind kind = EventKind::unknown;
    EventSeverity severity = EventSeverity::unknown;  // of the kind; unknown: the entry's own level counts
    // Set where the version is not known and 7.0.2 would mean something else by this number; unknown: nothing known.
    std::optional<EventKind> in_7_0_2;
    friend bool operator==(const EventMeaning&, const EventMeaning&) = default;
};

// `source` in any case of letters. `version` is ImageManager's when the entry was written ("7.0.2", "7.6.2.0"); empty: not known.
[[nodiscard]] EventMeaning meaning_of(std::string_view source, std::uint32_t id, std::string_view version) noexcept;

// "StorageCraft ImageManager", "ShadowProtectSvc", "ShadowProtectSPX".
inline constexpr std::string_view imagemanager_source = "StorageCraft ImageManager";
inline constexpr std::string_view known_sources[] = {imagemanager_source, "ShadowProtectSvc", "ShadowProtectSPX"};
[[nodiscard]] bool is_known_source(std::string_view source) noexcept;

// The entry tells that a folder could not be listed ("unable to enumerate files:"), mostly for want of the network.
[[nodiscard]] bool tells_unreadable_folder(std::string_view text) noexcept;

}  // namespace imc::imagemanager
