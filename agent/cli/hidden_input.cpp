#include "agent/cli/hidden_input.hpp"

#include <istream>
#include <ostream>

namespace imc::cli {

std::string line_of(std::istream& in, std::size_t limit) {
    std::string line;
    for (char c = 0; line.size() <= limit && c != '\n' && in.get(c);) line.push_back(c);
    return line;
}

std::optional<std::string> read_hidden(const Context& context, std::string_view prompt, std::size_t limit) {
    std::string line;
    {
        const HiddenInput hidden;
        if (hidden.is_terminal()) context.err << prompt << std::flush;
        line = hidden.line(context.in, limit + 2);
        if (hidden.is_terminal()) context.err << "\n";
    }
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
    if (line.empty() || line.size() > limit) return std::nullopt;
    return line;
}

}  // namespace imc::cli
