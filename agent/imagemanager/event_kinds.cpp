#include "agent/imagemanager/event_kinds.hpp"

#include "spchain/ascii.hpp"

#include <algorithm>
#include <charconv>

namespace imc::imagemanager {
namespace {

namespace ascii = spchain::ascii;

using Kind = EventKind;
using Severity = EventSeverity;

struct Row {
    std::uint32_t id;
    Kind kind;
    Severity severity;
};

constexpr Row imagemanager_rows[] = {
    {0, Kind::service_started, Severity::information},     {1120, Kind::consolidated, Severity::information},
    {1121, Kind::consolidation_failed, Severity::error},   {1122, Kind::reserved, Severity::unknown},
    {1123, Kind::verification_failed, Severity::critical}, {1124, Kind::incomplete_chain, Severity::critical},
    {1125, Kind::processing_failed, Severity::error},      {1126, Kind::replication_failed, Severity::warning},
    {1127, Kind::headstart_failed, Severity::error},       {1128, Kind::service_broken, Severity::critical},
    {1129, Kind::will_retry, Severity::warning},           {1130, Kind::folder_inactive, Severity::warning},
};

constexpr Row svc_rows[] = {
    {1120, Kind::backup_succeeded, Severity::information},
    {1121, Kind::backup_failed_or_aborted, Severity::error},
    {1122, Kind::backup_failed_or_aborted, Severity::error},
};

constexpr Row spx_rows[] = {
    {3, Kind::backup_succeeded, Severity::information},
    {4, Kind::backup_aborted, Severity::warning},
    {5, Kind::backup_failed, Severity::error},
};

template <std::size_t count>
EventMeaning look_up(const Row (&rows)[count], std::uint32_t id) noexcept {
    for (const auto& row : rows) {
        if (row.id == id) return {row.kind, row.severity, std::nullopt};
    }
    return {};
}

constexpr std::uint32_t first_shifted = 1125;
constexpr std::uint32_t last_shifted = 1130;  // the last that is known to have existed then is 1129, which became this one

// 7.0.2 counted 1125 and above one higher.
EventMeaning shifted(std::uint32_t id) noexcept {
    if (id < first_shifted) return look_up(imagemanager_rows, id);
    return id == first_shifted || id > last_shifted ? EventMeaning{} : look_up(imagemanager_rows, id - 1);
}

bool is_7_0_2(std::string_view version) noexcept {
    constexpr std::string_view wanted = "7.0.2";
    if (!version.starts_with(wanted)) return false;
    return version.size() == wanted.size() || version[wanted.size()] < '0' || version[wanted.size()] > '9';
}

EventMeaning of_imagemanager(std::uint32_t id, std::string_view version) noexcept {
    if (id >= 1100 && id < 1120) return {Kind::information, Severity::information, std::nullopt};
    if (is_7_0_2(version)) return shifted(id);
    auto meaning = look_up(imagemanager_rows, id);
    if (version.empty() && id >= first_shifted && id <= last_shifted) {
        const auto other = shifted(id);
        meaning.in_7_0_2 = other.kind;
        meaning.severity = std::max(meaning.severity, other.severity);
    }
    return meaning;
}

}  // namespace

std::string_view to_string(EventKind kind) noexcept {
    static constexpr std::string_view names[] = {"unknown",
                                                 "service_started",
                                                 "information",
                                                 "consolidated",
                                                 "consolidation_failed",
                                                 "reserved",
                                                 "verification_failed",
                                                 "incomplete_chain",
                                                 "processing_failed",
                                                 "replication_failed",
                                                 "headstart_failed",
                                                 "service_broken",
                                                 "will_retry",
                                                 "folder_inactive",
                                                 "backup_succeeded",
                                                 "backup_aborted",
                                                 "backup_failed",
                                                 "backup_failed_or_aborted"};
    return names[static_cast<std::size_t>(kind)];
}

std::string_view to_string(EventSeverity severity) noexcept {
    static constexpr std::string_view names[] = {"unknown", "information", "warning", "error", "critical"};
    return names[static_cast<std::size_t>(severity)];
}

EventMeaning meaning_of(std::string_view source, std::uint32_t id, std::string_view version) noexcept {
    if (ascii::same(source, known_sources[0])) return of_imagemanager(id, version);
    if (ascii::same(source, known_sources[1])) return look_up(svc_rows, id);
    if (ascii::same(source, known_sources[2])) return look_up(spx_rows, id);
    return {};
}

bool is_known_source(std::string_view source) noexcept {
    return std::any_of(std::begin(known_sources), std::end(known_sources), [source](auto known) { return ascii::same(known, source); });
}

bool tells_unreadable_folder(std::string_view text) noexcept {
    return text.find("unable to enumerate files:") != std::string_view::npos;
}

}  // namespace imc::imagemanager
