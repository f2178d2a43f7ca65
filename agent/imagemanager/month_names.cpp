#include "agent/imagemanager/month_names.hpp"

#include "spchain/ascii.hpp"

#include <algorithm>

namespace imc::imagemanager {
namespace {

namespace ascii = spchain::ascii;

struct Month {
    std::string_view name;  // without a point at its end
    int number;
};

// U+FFFD and two hexadecimal digits are how valid_utf8() shows a byte of another code page: E9 e acute, FB u circumflex,
// E4 a diaeresis.
constexpr Month months[] = {
    {"jan", 1},  {"janv", 1},      {"ene", 1},         {"gen", 1},         {"j\u00E4n", 1},    {"j\uFFFDE4n", 1}, {"feb", 2},
    {"fev", 2},  {"febr", 2},      {"f\u00E9vr", 2},   {"f\uFFFDE9vr", 2}, {"mar", 3},         {"mars", 3},       {"mrz", 3},
    {"mrt", 3},  {"m\u00E4rz", 3}, {"m\uFFFDE4rz", 3}, {"apr", 4},         {"avr", 4},         {"abr", 4},        {"may", 5},
    {"mai", 5},  {"mag", 5},       {"mei", 5},         {"maj", 5},         {"jun", 6},         {"june", 6},       {"juin", 6},
    {"juni", 6}, {"giu", 6},       {"jul", 7},         {"july", 7},        {"juil", 7},        {"juill", 7},      {"juli", 7},
    {"lug", 7},  {"aug", 8},       {"ago", 8},         {"ao\u00FBt", 8},   {"ao\uFFFDFBt", 8}, {"sep", 9},        {"sept", 9},
    {"set", 9},  {"oct", 10},      {"okt", 10},        {"ott", 10},        {"out", 10},        {"nov", 11},       {"dec", 12},
    {"dez", 12}, {"des", 12},      {"dic", 12},        {"d\u00E9c", 12},   {"d\uFFFDE9c", 12},
};

}  // namespace

int month_of(std::string_view name) noexcept {
    if (name.ends_with('.')) name.remove_suffix(1);
    for (const auto& month : months) {
        if (ascii::same(month.name, name)) return month.number;
    }
    return 0;
}

}  // namespace imc::imagemanager
