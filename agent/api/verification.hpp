// How the agent's own verification of images fares: of the run that goes on, else of the last one. Plain data. What it is not: the
// ledger, which keeps every result (agent/store/checks.hpp).
#pragma once

#include "agent/store/checks.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace imc::api {

struct Verification {
    std::string state = "idle";  // "idle" | "running" | "paused"
    std::string paused_for;      // while paused: "imagemanager", which works on the folders that are left
    std::uint64_t run = 0;       // counts from the agent's start; 0: none yet
    std::string wanted;          // "night" | "all" | "volume"
    std::string wanted_volume;   // id, of "volume"
    store::UnixTime started = 0;
    store::UnixTime finished = 0;  // 0: goes on
    std::string ended;  // "done" | "cancelled" | "window" the hours are over | "yielded" to one that was asked for; empty: goes on
    std::uint64_t folders_skipped = 0;  // whose images could not be chosen, because the last look could not read them
    std::uint64_t images = 0;           // to be checked in all
    std::uint64_t images_done = 0;
    std::uint64_t bytes = 0;
    std::uint64_t bytes_done = 0;  // of images that are done, and of the one at hand
    std::uint64_t good = 0, mismatches = 0, without_sidecar = 0, changed = 0, unreadable = 0;  // of images that are done
    // At hand; empty: none.
    std::string folder_id, volume_id, image;
    std::uint64_t image_bytes = 0, image_bytes_done = 0;
    std::uint64_t waiting = 0;                  // a run that was asked for and has not begun; 0: none
    std::shared_ptr<const Verification> asked;  // the last one that was asked for, once it has ended; null: none
};

}  // namespace imc::api
