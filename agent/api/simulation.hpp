// What a loss, a retention policy or a limit of bytes would do to a chain, as the document of POST
// /v1/volumes/{id}/simulate and of `imconnector simulate --json`. What it is not: a deletion; nothing here touches a file,
// and no word sounds as if something had. Pure functions over the analyses of spchain.
#pragma once

#include "agent/api/backend.hpp"
#include "spchain/folder.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace imc::api {

// Exactly one of `lose`, `retention` and `within` is set.
struct Question {
    std::uint32_t base = 0;         // 0: the newest chain that has points
    std::vector<std::string> lose;  // names of images, as the listing has them
    std::optional<spchain::Retention> retention;
    std::optional<std::uint64_t> within;
    spchain::UnixTime when = spchain::no_time;  // of the policy; no_time: `looked`
};

struct Simulated {
    const spchain::Volume& volume;
    std::span<const spchain::Entry> entries;
    std::span<const spchain::Memory> memory;
    const spchain::Calendar& calendar;
    spchain::UnixTime looked = spchain::no_time;
};

// 404: no such chain; 400: a name that the chain does not have. O(n log n).
[[nodiscard]] Answer<nlohmann::json> simulate(const Simulated& subject, const Question& question);

// The chain that is meant: `base`, else the newest that has points, else the newest. Null: none.
[[nodiscard]] const spchain::Chain* chosen_chain(const spchain::Volume& volume, std::uint32_t base);

}  // namespace imc::api
