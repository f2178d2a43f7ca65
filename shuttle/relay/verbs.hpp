// The verbs of imshuttle. What it is not: the parsing of words (main.cpp). Results go to standard output, the rest to standard error;
// each gives the exit code: 0 done, 1 failed.
#pragma once

#include "shuttle/relay/config.hpp"
#include "shuttle/relay/registry.hpp"

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
    Allowance allowance;
};
[[nodiscard]] int create_token(const Config& config, const NewToken& options);
[[nodiscard]] int list_tokens(const Config& config, bool json);
[[nodiscard]] int revoke_token(const Config& config, const std::string& id);
// What one agent or token may; a 0 gives back what the configuration says of all.
[[nodiscard]] int limit_agent(const Config& config, const std::string& id, const Allowance& allowance);
[[nodiscard]] int limit_token(const Config& config, const std::string& id, const Allowance& allowance);
struct NewHook {  // its secret comes from standard input
    std::string url;
    std::vector<std::string> events;  // empty: all
};
[[nodiscard]] int add_hook(const Config& config, const NewHook& options);
[[nodiscard]] int list_hooks(const Config& config, bool json);
[[nodiscard]] int remove_hook(const Config& config, const std::string& id);
[[nodiscard]] int test_hook(const Config& config, const std::string& id);
[[nodiscard]] int log_hooks(const Config& config, const std::string& id, bool json);  // empty id: of all
[[nodiscard]] int drain(const Config& config);

}  // namespace shuttle::relay
