// What the sources of spchain share while one folder is analysed: images grouped into chains, with every
// file the agent knows of (there now, or remembered) as a Known. Internal; not installed.
#pragma once

#include "spchain/folder.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace spchain {

enum class Level : std::uint8_t { unknown, daily, weekly, monthly, rolling };

[[nodiscard]] constexpr bool is_consolidation(Kind kind) noexcept {
    return kind >= Kind::daily;
}

[[nodiscard]] constexpr Level level_of(Kind kind) noexcept {
    switch (kind) {
        case Kind::daily:
            return Level::daily;
        case Kind::weekly:
            return Level::weekly;
        case Kind::monthly:
            return Level::monthly;
        case Kind::rolling:
            return Level::rolling;
        default:
            return Level::unknown;
    }
}

// Times of files are anything. What lies beyond all calendars is held to some 25,000 years, so that differences and sums of
// times cannot overflow.
[[nodiscard]] constexpr UnixTime held_to_calendars(UnixTime t) noexcept {
    constexpr UnixTime limit = 800'000'000'000;
    return t == no_time ? t : t < -limit ? -limit : t > limit ? limit : t;
}

// One image file the agent knows of: there now (image >= 0), or remembered and gone (image < 0).
struct Known {
    Point head;
    Kind kind = Kind::full;
    UnixTime written = no_time;
    std::int32_t image = -1;         // index into Chain::images; -1: gone
    const Memory* memory = nullptr;  // null: not remembered, so new (or the first look)
    Point tail;                      // result of the inference
    Basis basis = Basis::named;
    bool suspicious = false;
    bool strong = false;     // a tail good enough to be remembered
    bool explained = false;  // gone, and nothing is lost by it
};

// One chain in the making. `known` ascends by (head, kind); `chain.images` by (head, kind, entry).
struct Group {
    Chain chain;
    std::vector<Known> known;
    bool times_lost = false;
};

// Gives every Known its tail, basis and suspicion (tails.cpp). `looked_before`: what is not remembered is new.
void infer_tails(Group& group, const Rules& rules, UnixTime now, bool looked_before);

// Verdicts, restore sets, usage and retention of a chain whose images have tails (paths.cpp).
void find_paths(Chain& chain);

// Image::blast_radius of every image (blast.cpp). O(n log n).
void find_blast_radii(Chain& chain);

// What the newest chain of a volume shows of the retention, taken together with `kept` of the volumes before (kept.cpp).
void learn_kept(const Chain& chain, bool times_lost, KeptLevels& kept);

// Findings of one chain; marks the gone files that retention or consolidation explains (explain.cpp).
void explain_chain(Group& group, const FolderInput& input, Volume& volume);

// What FolderInput::statements says of one chain whose verdicts are those of names: makes them worse where it must, and adds its
// findings. `indices`: of the statements about this chain; what is settled is added to `settled` (statements.cpp).
void hear_statements(Group& group, const FolderInput& input, std::span<const std::uint32_t> indices, Volume& volume,
                     std::vector<std::uint32_t>& settled);

// Index of a point among the ascending points; -1: none.
[[nodiscard]] std::int32_t index_of(std::span<const PointState> points, Point point) noexcept;

}  // namespace spchain
