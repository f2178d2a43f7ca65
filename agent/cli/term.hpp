// The terminal that the program writes to: its width, and whether colour and a progress line make sense.
// term_posix.cpp and term_win32.cpp. What it is not: a screen library; the program writes lines.
#pragma once

#include <cstddef>

namespace imc::cli {

struct Terminal {
    std::size_t width = 100;  // columns of standard output, 40 to 200; 100 when that is no terminal
    bool colour = false;      // standard output is a terminal and the environment has no NO_COLOR
    bool unicode = false;     // standard output is a terminal that shows UTF-8
    bool progress = false;    // standard error is a terminal
};

inline constexpr std::size_t narrowest = 40;
inline constexpr std::size_t widest = 200;

// Asks the system; on Windows it also switches the console to UTF-8 and to escape codes. Call it once, at start.
[[nodiscard]] Terminal open_terminal();

}  // namespace imc::cli
