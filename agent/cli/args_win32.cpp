#include "agent/cli/args.hpp"

// shellapi.h wants the other one first.
// clang-format off
#include <windows.h>
#include <shellapi.h>
// clang-format on

namespace imc::cli {
namespace {

std::string utf8(const wchar_t* wide) {
    const int bytes = WideCharToMultiByte(CP_UTF8, 0, wide, -1, nullptr, 0, nullptr, nullptr);
    if (bytes <= 1) return {};
    std::string text(static_cast<std::size_t>(bytes), '\0');
    WideCharToMultiByte(CP_UTF8, 0, wide, -1, text.data(), bytes, nullptr, nullptr);
    text.pop_back();
    return text;
}

}  // namespace

std::vector<std::string> arguments(int, const char* const*) {
    std::vector<std::string> words;
    int count = 0;
    wchar_t** wide = CommandLineToArgvW(GetCommandLineW(), &count);
    if (wide == nullptr) return words;
    for (int i = 1; i < count; ++i) words.push_back(utf8(wide[i]));
    LocalFree(wide);
    return words;
}

}  // namespace imc::cli
