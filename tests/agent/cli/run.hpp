// One command line in this process, and folders on disk to run it on.
#pragma once

#include "agent/cli/command_line.hpp"
#include "tests/agent/scan/temporary.hpp"
#include "tests/support/chain_notation.hpp"

#include <sstream>
#include <string>
#include <vector>

namespace imc::test {

struct Outcome {
    int code = 0;
    std::string out, err;
};

// The clock says `now`.
inline Outcome run(std::vector<std::string> words, std::int64_t now = 1'772'366'400, const std::string& input = {}) {
    std::istringstream in(input);
    std::ostringstream out, err;
    cli::Context context{in, out, err, {}, [now] { return now; }, {}};
    Outcome outcome;
    outcome.code = cli::run_command_line(words, context);
    outcome.out = out.str();
    outcome.err = err.str();
    return outcome;
}

// The files of a chain of the mini-language, with their sizes and times; "C_VOL" becomes `volume`.
inline void write(const Temporary& home, const std::string& folder, const notation::Chain& chain, const std::string& volume = "C_VOL") {
    home.directory(folder);
    for (const auto& entry : chain.entries) {
        home.file(folder + "/" + volume + entry.name.substr(5), entry.bytes, entry.written);
    }
}

inline bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace imc::test
