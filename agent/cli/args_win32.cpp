#include "agent/cli/args.hpp"
#include "agent/host/wide_win32.hpp"

#include <shellapi.h>

namespace imc::cli {

std::vector<std::string> arguments(int, const char* const*) {
    std::vector<std::string> words;
    int count = 0;
    wchar_t** wide = CommandLineToArgvW(GetCommandLineW(), &count);
    if (wide == nullptr) return words;
    for (int i = 1; i < count; ++i) words.push_back(host::utf8(wide[i]));
    LocalFree(wide);
    return words;
}

}  // namespace imc::cli
