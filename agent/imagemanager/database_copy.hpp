// The agent's own copy of ImageManager's database: taken with full sharing, read back before it is kept, and kept until a newer
// one could be read, so that the last good state outlives both a database that cannot be read and a restart. Nothing is written
// beside the original. What it is not: a schedule (the engine's), or a look at what the records mean.
#pragma once

#include "agent/imagemanager/records.hpp"
#include "agent/imagemanager/shared_file.hpp"

#include <boost/system/result.hpp>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace imc::imagemanager {

// What was read last, and of which original.
struct CopiedState {
    std::string original;
    FileStamp stamp;           // of the original
    std::uint64_t digest = 0;  // of its bytes
    UnixTime written = 0;      // the original
    UnixTime read_at = 0;      // the copy was made; later looks that found nothing new do not move it
    std::shared_ptr<const Records> records;
    std::string not_kept;  // why the copy will not outlive this run of the agent, a sentence; empty: it will
};

// Files in the agent's data directory.
struct CopyPlaces {
    explicit CopyPlaces(const std::string& directory);
    std::string database;  // imagemanager.mdb
    std::string fresh;     // imagemanager.mdb.new: while it is made
    std::string state;     // imagemanager.json
};

// What an earlier run of the agent left of `original`; nothing where there is none or it cannot be read. Waits for the disk.
[[nodiscard]] std::optional<CopiedState> last_copy(const CopyPlaces& places, const std::string& original);

enum class Look : std::uint8_t {
    when_touched,  // the original is read where size or time of writing differ from the last
    in_any_case,   // it is read, as its time may stand still while ImageManager holds it open
};

// The state after a look at `original`: a new one where its bytes are others than those of `last`, else `last` with the present
// stamp. The error is a sentence that names the file; then `last` is still the newest good state. Waits for the disk.
[[nodiscard]] boost::system::result<CopiedState, std::string> renew_copy(const CopyPlaces& places, const std::string& original,
                                                                         const CopiedState* last, Look look, UnixTime now,
                                                                         const std::stop_token& stop);

}  // namespace imc::imagemanager
