#include "agent/cli/hidden_input.hpp"

#include <termios.h>
#include <unistd.h>

namespace imc::cli {

HiddenInput::HiddenInput() {
    termios mode{};
    if (isatty(STDIN_FILENO) == 0 || tcgetattr(STDIN_FILENO, &mode) != 0) return;
    before_ = mode.c_lflag;
    mode.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    terminal_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &mode) == 0;
}

HiddenInput::~HiddenInput() {
    termios mode{};
    if (!terminal_ || tcgetattr(STDIN_FILENO, &mode) != 0) return;
    mode.c_lflag = static_cast<tcflag_t>(before_);
    tcsetattr(STDIN_FILENO, TCSANOW, &mode);
}

std::string HiddenInput::line(std::istream& in, std::size_t limit) const {
    return line_of(in, limit);
}

}  // namespace imc::cli
