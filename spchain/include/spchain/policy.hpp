// A retention policy applied to the files that are really there, at any instant: which would go, why each of the others
// would stay, what that would cost, and when each restore point would come to its end. What it is not: ImageManager's own
// decision, and nothing is deleted. Its limits are minimums: it may keep files longer, and that is no fault.
//
// A file may go when a consolidation of a higher level covers it and has been there for so long as the policy says
// (counted from the roll-up), unless files that stay hang on it. Monthlies go when a rolling covers them and they are
// old enough themselves. The base, differentials and consolidations of an unknown level stay.
#pragma once

#include "spchain/folder.hpp"
#include "spchain/loss.hpp"

#include <cstdint>
#include <vector>

namespace spchain {

// What becomes of one file. All the reasons to stay that hold are set; with none of them it would go.
struct Fate {
    bool goes = false;
    bool foundation = false;               // the base, a differential, or of an unknown level: no policy speaks of it
    bool settling = false;                 // still being written
    bool uncovered = false;                // no consolidation holds what it holds
    bool young = false;                    // covered, but not for long enough
    bool for_ever = false;                 // the policy keeps this level for ever
    bool needed = false;                   // nothing else that stays leads to the tail of `needed_by`
    std::int32_t cover = -1;               // index into Chain::images of the consolidation that holds what it holds; -1: none
    std::int32_t needed_by = -1;           // index into Chain::images
    UnixTime due = no_time;                // from then on the policy lets it go; no_time: not so long as it is uncovered or kept for ever
    Verdict certainty = Verdict::certain;  // that the cover does hold it: its beginning may be inferred
};

enum class Ending : std::uint8_t {
    not_known,  // cannot be foreseen: the newest point, or one that cannot be restored now
    never,      // the policy keeps it for ever
    at_time,
};

// When a point would come to its end under the policy, counting on consolidation going on as the calendar says.
struct Expiry {
    Ending ending = Ending::not_known;
    UnixTime at = no_time;                // at_time: not before
    Verdict certainty = Verdict::broken;  // certain: all that decides it is there; presumed: a consolidation is still to come,
                                          // or where one begins is inferred; doubtful: that is contradicted; broken: not_known
};

struct PolicyOutcome {
    std::vector<Fate> files;          // one per image
    std::vector<std::uint32_t> goes;  // those that would go, in the order in which they go best
    std::uint64_t bytes = 0;          // of these
    LossCost cost;                    // of their going: also the points that come to their end as the policy wants
    std::vector<Expiry> points;       // one per point, as foreseen at `now`
};

// `when`: the instant at which the policy is applied to the files of now, no_time for now itself. What will be written until
// then is not among them, so for a future instant this is what would go at least. O(n log n).
[[nodiscard]] PolicyOutcome apply_retention(const Chain& chain, const Retention& retention, const Calendar& calendar, UnixTime now,
                                            UnixTime when = no_time);

}  // namespace spchain
