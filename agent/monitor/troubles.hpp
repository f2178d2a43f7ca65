// What ImageManager complained of, as findings of scope "events:", and which complaints have ended. Where an image or chain of a
// watched folder is named by a failed verification or an incomplete chain, spchain judges (agent/store's statements()), not this.
// What it is not: a reader of logs. Pure.
//
// When a complaint ends: by the success that answers it (a consolidation of the folder, a start of the service, a backup, a check of the
// image's file system); else, as nobody has published what would answer it, when it was not repeated for some days: ImageManager works
// every night and says it again as long as it holds. An incomplete chain or a failed verification of which the folder is not known
// ends no sooner than after thirty days.
#pragma once

#include "agent/store/activity.hpp"

#include <vector>

namespace imc::monitor {

struct FromTroubles {
    std::vector<store::FindingRecord> findings;  // sorted by key
    std::vector<std::uint64_t> ended;            // numbers of troubles
};
[[nodiscard]] FromTroubles from_troubles(const std::vector<store::Trouble>& troubles, const std::vector<store::Success>& successes,
                                         const std::vector<store::FolderRecord>& folders, store::UnixTime now);

}  // namespace imc::monitor
