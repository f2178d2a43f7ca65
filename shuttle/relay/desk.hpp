// What the verbs share: the registry at hand, times, names, the running relay's own words. Internal to the relay. What it is not: a verb.
#pragma once

#include "agent/host/files.hpp"
#include "shuttle/core/join_code.hpp"
#include "shuttle/relay/places.hpp"
#include "shuttle/relay/registry.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace shuttle::relay {

inline constexpr const char* who = "command line";  // in the audit log

int complain(const std::string& says);                        // on standard error; gives 1
[[nodiscard]] nlohmann::json running(const Places& places);   // null: the relay does not run
[[nodiscard]] std::string moment(std::int64_t time);          // RFC 3339 in UTC; 0: "-"
[[nodiscard]] nlohmann::json moment_json(std::int64_t time);  // 0: null
void print(const nlohmann::json& document);                   // on standard output
[[nodiscard]] bool group_name(const std::string& text);
[[nodiscard]] nlohmann::json allowance_json(const Allowance& allowance);  // null: as the configuration says of all

// Calls `work` with the registry; complains where there is none.
template <class Work>
int with_registry(const Config& config, Work work) {
    const Places places(config);
    if (auto made = imc::host::make_private_directory(places.directory); !made)
        return complain("cannot make the data directory " + places.directory + ": " + made.error().message() + "; run as administrator");
    auto registry = Registry::open(places.registry);
    if (!registry) return complain(registry.error());
    return work(*registry, places);
}

template <std::size_t size>
std::string random_text() {
    std::array<core::Byte, size> bytes{};
    if (!io::OpenSslCrypto().random(bytes)) throw std::runtime_error("no random numbers can be had");
    return core::base32(bytes);
}

}  // namespace shuttle::relay
