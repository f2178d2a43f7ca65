// The words of the command line as UTF-8, without the program's name. args_posix.cpp and args_win32.cpp. What it is
// not: a parser (command_line.cpp).
#pragma once

#include <string>
#include <vector>

namespace imc::cli {

// On Windows argv holds the words in the console's old code page, so they are asked of the system instead.
[[nodiscard]] std::vector<std::string> arguments(int argc, const char* const* argv);

}  // namespace imc::cli
