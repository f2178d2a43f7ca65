// What every verb gets: streams, terminal, clock and configuration file. Verbs write results to `out`, everything
// else to `err`, and touch nothing global. What it is not: state; verbs do not talk to each other through it.
#pragma once

#include "agent/cli/exit_code.hpp"
#include "agent/cli/term.hpp"
#include "agent/cli/text.hpp"
#include "agent/config/config.hpp"

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace imc::cli {

struct Context {
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
    Terminal terminal;
    std::function<std::int64_t()> now;  // Unix seconds
    std::string config_file;            // as given; empty: the default one

    [[nodiscard]] Style style() const { return {terminal.width, terminal.colour, terminal.unicode}; }
    // "imconnector: <says>" on standard error; gives `code`.
    int complain(std::string_view says, int code = exit_failed) const;
    void print(const nlohmann::json& document) const;  // the one document of --json
};

// The file that was given, else the default one where it is there, else the defaults. Problems go to standard error,
// line by line, and nothing is returned then.
[[nodiscard]] std::optional<config::Config> configuration(const Context& context);
[[nodiscard]] std::string config_path(const Context& context);
[[nodiscard]] bool exists(const std::string& file);  // anything but "no such file": what may not be read is there

}  // namespace imc::cli
