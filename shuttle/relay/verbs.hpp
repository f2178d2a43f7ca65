// The verbs of imshuttle. What it is not: the parsing of words (main.cpp). Results go to standard output, the rest to standard error;
// each gives the exit code: 0 done, 1 failed.
#pragma once

#include "shuttle/relay/config.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace shuttle::relay {

[[nodiscard]] std::string version();

[[nodiscard]] int run(const Config& config);                // run.cpp
[[nodiscard]] int status(const Config& config, bool json);  // the others: verbs.cpp
[[nodiscard]] int list_agents(const Config& config, bool json);
struct NewJoin {
    std::string group = "default";
    std::int64_t hours = 24;
};
[[nodiscard]] int create_join(const Config& config, const NewJoin& options);
[[nodiscard]] int revoke_agent(const Config& config, const std::string& id);
struct NewToken {
    std::string name;
    std::vector<std::string> groups;  // empty: all
    std::int64_t days = 0;            // 0: for ever
};
[[nodiscard]] int create_token(const Config& config, const NewToken& options);
[[nodiscard]] int list_tokens(const Config& config, bool json);
[[nodiscard]] int revoke_token(const Config& config, const std::string& id);
[[nodiscard]] int drain(const Config& config);

}  // namespace shuttle::relay
