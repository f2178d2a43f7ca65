#include "agent/picture/svg_style.hpp"

#include <array>
#include <string_view>

namespace imc::picture {
namespace {

struct Colour {
    std::string_view selector, property, light, dark;
};

// Every filled shape has a contrast of at least 3 to 1 with the background, every text of at least 4.5 to 1.
constexpr std::array colours = {
    Colour{".bg", "fill", "#fff", "#12161b"},        Colour{"text", "fill", "#1b2530", "#e6ebf0"},
    Colour{"text.t", "fill", "#566473", "#a0adba"},  Colour{".grid", "stroke", "#e3e7ec", "#29313a"},
    Colour{".track", "fill", "#eef1f4", "#1d242c"},  Colour{".k0", "fill", "#39434f", "#c3cdd8"},
    Colour{".k1", "fill", "#8f6a2e", "#c99f5a"},     Colour{".k2", "fill", "#0c625c", "#2fb5a8"},
    Colour{".k3", "fill", "#1f8a55", "#3fbf7f"},     Colour{".k4", "fill", "#2563a6", "#5b9be0"},
    Colour{".k5", "fill", "#4c90d0", "#4a78a8"},     Colour{".k6", "fill", "#8257b8", "#b08ae0"},
    Colour{".k7", "fill", "#7a8fa6", "#64788e"},     Colour{".i", "stroke", "#1b2530", "#e6ebf0"},
    Colour{".so", "stroke", "#4c5b6b", "#a9b6c3"},   Colour{".o", "stroke", "#4c5b6b", "#a9b6c3"},
    Colour{".ss", "fill", "#2563a6", "#7fb6f0"},     Colour{".s", "stroke", "#2563a6", "#7fb6f0"},
    Colour{".sd", "stroke", "#a86500", "#f0b440"},   Colour{".d", "stroke", "#a86500", "#f0b440"},
    Colour{".sm", "stroke", "#c62828", "#ff6b62"},   Colour{".m", "stroke", "#c62828", "#ff6b62"},
    Colour{".sx", "stroke", "#c62828", "#ff6b62"},   Colour{".x", "stroke", "#c62828", "#ff6b62"},
    Colour{".c", "fill", "#1f8a45", "#35b864"},      Colour{".p", "fill", "#1f8a45", "#35b864"},
    Colour{".set", "stroke", "#d95f02", "#ffa040"},  Colour{".way", "stroke", "#d95f02", "#ffa040"},
    Colour{".pin", "fill", "#d95f02", "#ffa040"},    Colour{".area", "fill", "#f0c9ac", "#573922"},
    Colour{".area", "stroke", "#b3541e", "#e08a4a"}, Colour{".in", "fill", "#fff", "#0d1116"},
};

constexpr std::string_view shapes =
    "text{font:12px system-ui,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}"
    ".h{font-size:15px;font-weight:600}.t,.l,.in{font-size:11px}.in{pointer-events:none}"
    ".i{fill-opacity:.55;stroke-width:.9;stroke-dasharray:1.2 2}"
    ".o{fill:url(#po);stroke-width:1}.s{fill:url(#ps);stroke-width:1}.d{fill:url(#pd);stroke-width:1.2;stroke-dasharray:4 2}"
    ".m{fill:url(#pm);stroke-width:1.2}.x{fill:url(#px);stroke-width:1.2}.p{fill-opacity:.75}"
    ".set,.way{fill:none;stroke-width:2;stroke-linejoin:round}.way{stroke-width:1.4}.grid{fill:none;stroke-width:1}";

// 6 by 6 pixels each: orphan crossed, settling dotted, doubtful rising, missing falling, damaged closely crossed.
constexpr std::string_view patterns =
    "<defs>"
    "<pattern id=\"po\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><path class=\"so\" d=\"M0 0l6 6M6 0l-6 6\"/></pattern>"
    "<pattern id=\"ps\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\"><circle class=\"ss\" cx=\"2\" cy=\"2\" "
    "r=\"1.2\"/></pattern>"
    "<pattern id=\"pd\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><path class=\"sd\" stroke-width=\"1.6\" "
    "d=\"M-1 1l2 -2M0 6l6 -6M5 7l2 -2\"/></pattern>"
    "<pattern id=\"pm\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><path class=\"sm\" stroke-width=\"2.2\" "
    "d=\"M-1 5l2 2M0 0l6 6M5 -1l2 2\"/></pattern>"
    "<pattern id=\"px\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\"><path class=\"sx\" stroke-width=\"1.4\" "
    "d=\"M0 0l4 4M4 0l-4 4\"/></pattern>"
    "</defs>";

std::string sheet_of(bool dark) {
    std::string out;
    for (const auto& colour : colours) {
        out += colour.selector;
        out += '{';
        out += colour.property;
        out += ':';
        out += dark ? colour.dark : colour.light;
        out += '}';
    }
    return out;
}

}  // namespace

std::string style_sheet(Theme theme) {
    std::string out = "<style>";
    out += sheet_of(theme == Theme::dark);
    out += shapes;
    if (theme == Theme::automatic) out += "@media(prefers-color-scheme:dark){" + sheet_of(true) + "}";
    out += "</style>";
    out += patterns;
    return out;
}

}  // namespace imc::picture
