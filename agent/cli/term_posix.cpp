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

// As the C library decides: the first of these that is set counts.
bool names_utf8() {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        if (!is_set(name)) continue;
        const std::string_view locale = std::getenv(name);
        return locale.find("UTF-8") != std::string_view::npos || locale.find("utf8") != std::string_view::npos;
    }
    return false;
}

}  // namespace

Terminal open_terminal() {
    Terminal terminal;
    const char* kind = std::getenv("TERM");
    const bool dumb = kind != nullptr && std::string_view(kind) == "dumb";
    terminal.progress = isatty(STDERR_FILENO) != 0 && !dumb;
    if (isatty(STDOUT_FILENO) == 0) return terminal;
    terminal.colour = !is_set("NO_COLOR") && !dumb;
    terminal.unicode = !dumb && names_utf8();
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        terminal.width = std::clamp<std::size_t>(size.ws_col, narrowest, widest);
    }
    return terminal;
}

}  // namespace imc::cli
