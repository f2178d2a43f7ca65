#include "agent/picture/dot.hpp"

#include "agent/monitor/words.hpp"
#include "agent/scan/utf8.hpp"

namespace imc::picture {
namespace {

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : scan::valid_utf8(text)) {
        if (c == '"' || c == '\\') out += '\\';
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
    }
    return out + "\"";
}

std::string_view style_of(const spchain::Image& image) {
    if (image.suspicious || image.state != spchain::State::present) return ", style=dashed";
    return image.kind != spchain::Kind::full && image.basis == spchain::Basis::inferred ? ", style=dotted" : "";
}

}  // namespace

std::string dot_of(const View& view) {
    const auto& chain = view.chain;
    const auto name = [&chain](spchain::Point point) { return spchain::to_string(chain.base, point); };
    const auto shown = view.chosen < 0 ? spchain::Point{} : chain.points[static_cast<std::size_t>(view.chosen)].point;
    std::string out = "digraph " + quoted(std::string(view.volume) + " " + name(shown)) + " {\n";
    out += "    rankdir=LR;\n    node [shape=box];\n    start [shape=point];\n";
    for (const auto at : view.set) {
        const auto& image = chain.images[at];
        const std::string from = image.kind == spchain::Kind::full ? "start" : quoted(name(image.tail));
        out += "    " + from + " -> " + quoted(name(image.head)) + " [label=" + quoted(view.name(at)) +
               ", tooltip=" + quoted(monitor::bytes_text(image.bytes)) + std::string(style_of(image)) + "];\n";
    }
    return out + "}\n";
}

}  // namespace imc::picture
