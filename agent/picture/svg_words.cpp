#include "agent/picture/svg_words.hpp"

#include "agent/monitor/words.hpp"

namespace imc::picture {

using monitor::bytes_text;

std::string words_of(const View& view, const Block& block) {
    const auto point = [&view](spchain::Point p) { return spchain::to_string(view.chain.base, p); };
    if (block.look == Look::missing) {
        std::string text = "missing: " + view.missing[block.first].name;
        if (block.count > 1) text += " and " + std::to_string(block.count - 1) + " more, to " + point(view.missing[block.last].last);
        return text;
    }
    const auto& image = view.chain.images[block.first];
    std::string text(view.name(block.first));
    if (block.count > 1) {
        text =
            std::to_string(block.count) + " files, " + text + " to " + std::string(view.name(block.last)) + ", " + bytes_text(block.bytes);
    } else {
        text += ", " + bytes_text(block.bytes);
        if (image.kind != spchain::Kind::full) text += ", from " + point(image.tail);
        if (block.look == Look::inferred) text += " (inferred)";
    }
    if (block.look == Look::doubtful) text += image.suspicious ? ", beginning doubtful" : ", doubted by verification or records";
    if (block.look == Look::refused) text += ", damaged, or its chain is said to be incomplete from here on";
    if (block.look == Look::orphan) text += ", orphan: nothing leads to its beginning";
    if (block.look == Look::settling) text += ", still being written";
    if (block.blast_radius > 0) text += ", blast radius " + std::to_string(block.blast_radius);
    return text;
}

std::string words_of(const View& view, const Stretch& stretch) {
    const auto name = [&view](std::uint32_t k) { return spchain::to_string(view.chain.base, view.chain.points[k].point); };
    const std::string word(spchain::to_string(stretch.verdict));
    if (stretch.count == 1) return name(stretch.first) + ": " + word;
    return std::to_string(stretch.count) + " points, " + name(stretch.first) + " to " + name(stretch.last) + ": " + word;
}

}  // namespace imc::picture
