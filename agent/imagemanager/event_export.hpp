// Entries of the Windows event log as XML: what `wevtutil qe Application /f:xml` (or /f:RenderedXml) and Event Viewer's "save as XML"
// write, one <Event> after another, with or without an element around them. What it is not: a reader of .evtx files, or of XML
// in general; entities, document types and processing instructions of a file's own are not followed.
//
// The elements are those of Microsoft's Event Schema: System/Provider@Name, EventID, Level, TimeCreated@SystemTime, EventRecordID,
// Computer; EventData/Data; RenderingInfo/Message.
#pragma once

#include "agent/imagemanager/event_kinds.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace imc::imagemanager {

using UnixTime = std::int64_t;

struct Event {
    std::string source;
    std::uint32_t id = 0;                          // the low 16 bits, as Event Viewer shows them
    UnixTime time = 0;                             // UTC
    EventSeverity level = EventSeverity::unknown;  // as Windows wrote it
    std::optional<std::uint64_t> record;           // grows within one log, until that is cleared
    std::string computer;
    std::string text;  // the message where it was rendered, else the entry's strings, one a line; cut at longest_text
    friend bool operator==(const Event&, const Event&) = default;
};

// Which entries are wanted.
struct EventFilter {
    bool known_sources_only = true;
    UnixTime since = std::numeric_limits<UnixTime>::min();
    std::uint64_t after_record = 0;  // entries with a record number up to this one are left out
    std::size_t most = 100'000;      // entries; more are not kept
};

struct EventReading {
    std::vector<Event> events;    // in the order of the source
    std::uint64_t others = 0;     // entries that were not wanted
    std::uint64_t malformed = 0;  // entries that could not be read
    bool more = false;            // stopped at the filter's `most`
    // The highest number of all entries that were looked at. Below the filter's `after_record`: the log was cleared, its numbers
    // began anew, and it is to be read again from 0.
    std::optional<std::uint64_t> last_record;
};

inline constexpr std::size_t longest_event = std::size_t{256} << 10;  // bytes of XML; a longer one is malformed
inline constexpr std::size_t longest_text = std::size_t{32} << 10;    // bytes of an entry's text

// One <Event> element in UTF-8; nothing where it cannot be read. O(length), depth of elements bounded.
[[nodiscard]] std::optional<Event> parse_event(std::string_view xml);

// All of a file's bytes, in UTF-8 or UTF-16 with a mark (which is how PowerShell redirects). Total: garbage gives no events.
[[nodiscard]] EventReading read_events(std::string_view bytes, const EventFilter& filter);
// An element <Events> and nothing in it, or nothing at all.
[[nodiscard]] bool is_empty_export(std::string_view bytes);
// Sorts one entry in; false when no more are wanted.
bool take_event(EventReading& reading, std::optional<Event> event, const EventFilter& filter);

}  // namespace imc::imagemanager
