// Which images there are to verify, as the history has them, with what depends on each. What it is not: a choice among them
// (agent/verify/plan.hpp). Values in, values out; the analysis takes the processor.
#pragma once

#include "agent/store/history.hpp"
#include "agent/verify/plan.hpp"

#include <stop_token>
#include <string>
#include <vector>

namespace imc::engine {

struct FolderContents {
    store::FolderRecord folder;
    std::vector<spchain::Memory> memory;
    std::vector<store::CheckRecord> checks;  // the newest of each image
};

// What is there now and belongs to a chain; `volume_id` empty: of all volumes.
[[nodiscard]] std::vector<verify::Candidate> candidates_of(const FolderContents& contents, const spchain::Rules& rules,
                                                           const std::string& volume_id);

// Somebody writes in the folder: an image is being made, or was until a moment ago. A .tmp that has not been written for a day was
// left behind. Waits for the disk.
[[nodiscard]] bool is_busy(const std::string& path, store::UnixTime now, std::int64_t settle_seconds, std::stop_token stop);

}  // namespace imc::engine
