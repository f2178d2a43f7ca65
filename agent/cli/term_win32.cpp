#include "agent/cli/term.hpp"

#include <algorithm>
#include <windows.h>

namespace imc::cli {
namespace {

// A console takes escape codes from Windows 10 on, when asked to.
bool is_console(DWORD which, bool escapes) {
    const HANDLE handle = GetStdHandle(which);
    DWORD mode = 0;
    if (handle == INVALID_HANDLE_VALUE || handle == nullptr || GetConsoleMode(handle, &mode) == 0) return false;
    return !escapes || SetConsoleMode(handle, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING) != 0;
}

}  // namespace

Terminal open_terminal() {
    SetConsoleOutputCP(CP_UTF8);
    SetConsoleCP(CP_UTF8);
    Terminal terminal;
    terminal.progress = is_console(STD_ERROR_HANDLE, true);
    if (!is_console(STD_OUTPUT_HANDLE, false)) return terminal;
    terminal.unicode = true;
    const bool no_color = GetEnvironmentVariableW(L"NO_COLOR", nullptr, 0) > 1;
    terminal.colour = !no_color && is_console(STD_OUTPUT_HANDLE, true);
    CONSOLE_SCREEN_BUFFER_INFO info{};
    if (GetConsoleScreenBufferInfo(GetStdHandle(STD_OUTPUT_HANDLE), &info) != 0) {
        // The last column stays free: a full line would wrap in older consoles.
        const int columns = info.srWindow.Right - info.srWindow.Left;
        if (columns > 0) terminal.width = std::clamp<std::size_t>(static_cast<std::size_t>(columns), narrowest, widest);
    }
    return terminal;
}

}  // namespace imc::cli
