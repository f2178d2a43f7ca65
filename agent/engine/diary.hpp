// ImageManager's logs and events read from where the last reading stopped, as what happened on which day in which folder. What it is
// not: a schedule (jobs of the agent) or a judgement (agent/monitor/troubles.hpp, spchain). Values in, values out; waits for disks.
#pragma once

#include "agent/api/diary.hpp"
#include "agent/engine/subjects.hpp"
#include "spchain/calendar.hpp"

#include <boost/system/result.hpp>
#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

namespace imc::engine {

// Where ImageManager tells what it does. Empty: nowhere.
struct DiaryPlaces {
    std::string logs;            // directory of ImageManager.log and of the folders' logs
    std::string events;          // a file of exported events
    bool system_events = false;  // this computer's own event log; a system without one has nothing to tell
    std::string version;         // of ImageManager; empty: not known
    bool logs_may_lack = false;  // that there is no such directory is no problem
    friend bool operator==(const DiaryPlaces&, const DiaryPlaces&) = default;
};

using api::LogFile;

struct DiaryReading {
    store::ActivityChange change;
    std::vector<LogFile> logs;
    std::vector<std::string> problems;  // what could not be read, a sentence each
    std::vector<std::string> to_judge;  // folders of which something is said that may change verdicts
    bool more = false;                  // a limit was reached; the next reading goes on
};

// How far one reading goes. Where time runs out at a slow share, what was read until then counts and the next reading goes on.
struct DiaryLimits {
    std::uint64_t bytes = std::uint64_t{256} << 20;  // of logs in all
    std::chrono::steady_clock::time_point until = std::chrono::steady_clock::time_point::max();
};

// `positions` are those of the last reading.
[[nodiscard]] DiaryReading read_diary(const DiaryPlaces& places, const Subjects& subjects, const std::vector<store::Position>& positions,
                                      const spchain::Calendar& calendar, store::UnixTime now, DiaryLimits limits, std::stop_token stop);

// Some lines of a log, from `offset` on, or the last ones of it. At most 1 MiB is read. Waits for the disk.
[[nodiscard]] boost::system::result<api::LogPage> read_log_page(const LogFile& log, std::uint64_t offset, bool last, std::size_t lines);

}  // namespace imc::engine
