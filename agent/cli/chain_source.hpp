// Where chains come from: a directory that is looked at now, or a volume of the running agent by its id. Both give the
// same documents. What it is not: a picture.
#pragma once

#include "agent/cli/client.hpp"
#include "agent/cli/directory_scan.hpp"

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace imc::cli {

[[nodiscard]] bool is_volume_id(std::string_view text) noexcept;  // "vol_" and sixteen hexadecimal digits

class ChainSource {
public:
    // `place` is a directory or a volume id; `now` RFC 3339 or empty. What went wrong is told on standard error.
    [[nodiscard]] static std::optional<ChainSource> open(const Context& context, const std::string& place, const std::string& now);

    [[nodiscard]] std::vector<std::string> volumes() const;  // as their names are written
    // {"volume","chains","findings"}; with the names of each point's restore set where asked.
    [[nodiscard]] Answer<nlohmann::json> volume(const std::string& name, bool restore_sets);
    // {"point","verdict","written","files":[{"name","bytes","written"}],"bytes","looked"}; `point` as in "b001-i012".
    [[nodiscard]] Answer<nlohmann::json> restore_set(const std::string& volume, const std::string& point);
    // As POST /v1/volumes/{id}/simulate answers. `question` is its body; a directory is asked the same.
    [[nodiscard]] Answer<nlohmann::json> simulate(const std::string& volume, const nlohmann::json& question);
    [[nodiscard]] const std::string& directory() const { return directory_; }  // absolute; empty: a volume of the agent

private:
    ChainSource() = default;
    std::string directory_, volume_id_, volume_name_;
    std::optional<DirectoryScan> scan_;
    std::optional<Client> client_;
};

// The volume that is meant: `wanted` in any case, or the only one. Empty: several and none was named, or no such one;
// the sentence for standard error is in `why`.
[[nodiscard]] std::optional<std::string> pick_volume(const std::vector<std::string>& volumes, const std::string& wanted, std::string& why);

}  // namespace imc::cli
