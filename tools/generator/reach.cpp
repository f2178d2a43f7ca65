#include "tools/generator/reach.hpp"

#include <algorithm>

namespace generator {

using spchain::Kind;
using spchain::Point;

namespace {

std::vector<TrueImage> without(std::vector<TrueImage> images, std::size_t which) {
    images.erase(images.begin() + static_cast<std::ptrdiff_t>(which));
    return images;
}

Point newest_of(const std::vector<TrueImage>& images) {
    Point newest;
    for (const auto& image : images) newest = std::max(newest, image.head);
    return newest;
}

}  // namespace

std::set<Point> reachable(const std::vector<TrueImage>& images) {
    std::vector<const TrueImage*> ascending;
    for (const auto& image : images) ascending.push_back(&image);
    std::sort(ascending.begin(), ascending.end(), [](const auto* a, const auto* b) { return a->head < b->head; });
    std::set<Point> reached;
    for (const auto* image : ascending) {
        if (image->kind == Kind::full || reached.contains(image->tail)) reached.insert(image->head);
    }
    return reached;
}

std::optional<std::size_t> essential(const std::vector<TrueImage>& images, Kind kind) {
    std::vector<std::size_t> found;
    const auto newest = newest_of(images);
    for (std::size_t k = 0; k < images.size(); ++k) {
        if (images[k].kind != kind || images[k].head == newest) continue;
        if (!reachable(without(images, k)).contains(newest)) found.push_back(k);
    }
    if (found.empty()) return std::nullopt;
    return found[found.size() / 2];
}

std::optional<std::size_t> late_link(const std::vector<TrueImage>& images) {
    std::vector<std::size_t> raws;
    for (std::size_t k = 0; k < images.size(); ++k) {
        if (images[k].kind == Kind::incremental) raws.push_back(k);
    }
    const auto all = reachable(images).size();
    constexpr std::size_t followers = 3;
    for (std::size_t back = followers; back < raws.size(); ++back) {
        const auto which = raws[raws.size() - 1 - back];
        if (reachable(without(images, which)).size() + 1 < all) return which;
    }
    return std::nullopt;
}

}  // namespace generator
