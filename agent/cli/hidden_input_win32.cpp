#include "agent/cli/hidden_input.hpp"
#include "agent/host/wide_win32.hpp"

#include <algorithm>

namespace imc::cli {

HiddenInput::HiddenInput() {
    DWORD mode = 0;
    const HANDLE console = GetStdHandle(STD_INPUT_HANDLE);
    if (console == INVALID_HANDLE_VALUE || console == nullptr || GetConsoleMode(console, &mode) == 0) return;
    before_ = mode;
    terminal_ = SetConsoleMode(console, mode & ~static_cast<DWORD>(ENABLE_ECHO_INPUT)) != 0;
}

HiddenInput::~HiddenInput() {
    if (terminal_) SetConsoleMode(GetStdHandle(STD_INPUT_HANDLE), static_cast<DWORD>(before_));
}

// Wide, because a console gives no UTF-8 to those who read bytes.
std::string HiddenInput::line(std::istream& in, std::size_t limit) const {
    if (!terminal_) return line_of(in, limit);
    std::wstring text(std::min<std::size_t>(limit + 1, 4'096), L'\0');
    DWORD read = 0;
    if (ReadConsoleW(GetStdHandle(STD_INPUT_HANDLE), text.data(), static_cast<DWORD>(text.size()), &read, nullptr) == 0) read = 0;
    std::string line = host::utf8({text.data(), read});
    SecureZeroMemory(text.data(), text.size() * sizeof(wchar_t));
    return line;
}

}  // namespace imc::cli
