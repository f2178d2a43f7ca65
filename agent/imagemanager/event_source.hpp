// Where events come from: the Application log of this computer, or a file exported from one (which is all that other systems than
// Windows have). What it is not: a subscription; whoever wants to know more asks again, after the last record. event_source.cpp,
// event_source_posix.cpp, event_source_win32.cpp.
#pragma once

#include "agent/imagemanager/event_export.hpp"

#include <boost/system/result.hpp>
#include <stop_token>
#include <string>

namespace imc::imagemanager {

inline constexpr std::size_t largest_export = std::size_t{64} << 20;  // bytes of an exported file

// A file as event_export.hpp reads it. `path` is UTF-8. errc::not_events for a file with other content (an empty one holds no
// events and is none), errc::too_large, host::errc::not_a_file, else the system's error. Waits for the disk.
[[nodiscard]] boost::system::result<EventReading> read_exported_events(const std::string& path, const EventFilter& filter);

// The Application log of this computer, oldest first. errc::unsupported where there is none (other systems than Windows; Wine),
// errc::cancelled, errc::timed_out, else the system's error. Waits for the event log, seconds at most between two entries.
[[nodiscard]] boost::system::result<EventReading> read_system_events(const EventFilter& filter, std::stop_token stop);

}  // namespace imc::imagemanager
