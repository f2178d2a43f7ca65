// The answer of a simulation in sentences. What it is not: the numbers; they are beside it in the document. Each sentence
// says what would be.
#pragma once

#include "spchain/loss.hpp"
#include "spchain/mend.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace imc::api {

inline constexpr std::size_t named_files = 3;

struct Effect {
    enum class What { loss, policy, limit };
    What what = What::loss;
    std::vector<std::uint32_t> files;  // that would be gone, in the order in which they would go best
    spchain::LossCost cost;
    std::optional<spchain::Mend> mend;                                     // of the newest point that would be lost
    spchain::UnixTime looked = spchain::no_time, when = spchain::no_time;  // of a policy
    std::uint64_t limit = 0;
    bool fits = false;
};

// `names`: of the first files, up to `named_files`.
[[nodiscard]] nlohmann::json sentences_of(const spchain::Chain& chain, const std::vector<std::string>& names, const Effect& effect);

}  // namespace imc::api
