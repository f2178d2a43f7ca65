#include "agent/cli/term.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace imc::cli {
namespace {

bool is_set(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
}

}  // namespace

Terminal open_terminal() {
    Terminal terminal;
    const char* kind = std::getenv("TERM");
    const bool dumb = kind != nullptr && std::string_view(kind) == "dumb";
    terminal.progress = isatty(STDERR_FILENO) != 0 && !dumb;
    if (isatty(STDOUT_FILENO) == 0) return terminal;
    terminal.colour = !is_set("NO_COLOR") && !dumb;
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        terminal.width = std::clamp<std::size_t>(size.ws_col, narrowest, widest);
    }
    return terminal;
}

}  // namespace imc::cli
