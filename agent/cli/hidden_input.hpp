// A secret from standard input: typed without being shown where that is a terminal, else one line of it. Secrets never come
// as words of the command line, which everybody on the computer can read. What it is not: a store for them.
#pragma once

#include "agent/cli/context.hpp"

namespace imc::cli {

// As long as it lives, what is typed is not shown; nothing happens where standard input is no terminal.
class HiddenInput {
public:
    HiddenInput();
    ~HiddenInput();
    HiddenInput(const HiddenInput&) = delete;
    HiddenInput& operator=(const HiddenInput&) = delete;
    [[nodiscard]] bool is_terminal() const { return terminal_; }
    // At most `limit` + 1 bytes of UTF-8, with what ends it where that was read.
    [[nodiscard]] std::string line(std::istream& in, std::size_t limit) const;

private:
    bool terminal_ = false;
    unsigned long before_ = 0;  // the terminal's mode
};

[[nodiscard]] std::string line_of(std::istream& in, std::size_t limit);
// `prompt` goes to standard error on a terminal. Without its line end; nothing when there is no line, or one longer than
// `limit` bytes.
[[nodiscard]] std::optional<std::string> read_hidden(const Context& context, std::string_view prompt, std::size_t limit);

}  // namespace imc::cli
