// Any bytes as a configuration file: refused with words, or within every range.
#include "agent/config/config.hpp"
#include "tests/agent/config/valid.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto loaded = imc::config::parse(std::string(reinterpret_cast<const char*>(data), size), "fuzz.toml");
    if (loaded.problems.empty()) {
        if (!support::impossible(loaded.config).empty()) std::abort();
    }
    for (const auto& problem : loaded.problems) {
        if (problem.says.empty() || problem.text().rfind("fuzz.toml", 0) != 0) std::abort();
    }
    return 0;
}
