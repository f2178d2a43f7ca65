#include "group.hpp"

#include <algorithm>

namespace spchain {
namespace {

// The dominator tree of points and images together: an image hangs below its tail point; a point hangs below the
// nearest node that every way to it passes. Nodes 0 ... points-1 are points, the rest images. Ancestors are found
// in O(log n) by one jump pointer per node (Myers' skew-binary numbers), so a hostile folder costs no more.
class Dominators {
public:
    explicit Dominators(std::size_t nodes) : nodes_(nodes) {}

    void set_root(std::int32_t node) { at(node) = {node, node, 0, true}; }

    void hang(std::int32_t node, std::int32_t parent) {
        const Node& above = at(parent);
        const Node& jumped = at(above.jump);
        const bool equal_steps = above.depth - jumped.depth == jumped.depth - at(jumped.jump).depth;
        at(node) = {parent, equal_steps ? jumped.jump : parent, above.depth + 1, true};
    }

    [[nodiscard]] bool reached(std::int32_t node) const { return nodes_[static_cast<std::size_t>(node)].reached; }
    [[nodiscard]] std::int32_t parent(std::int32_t node) const { return nodes_[static_cast<std::size_t>(node)].parent; }

    [[nodiscard]] std::int32_t common(std::int32_t a, std::int32_t b) const {
        a = lift(a, get(b).depth);
        b = lift(b, get(a).depth);
        while (a != b) {
            const bool far = get(a).jump != get(b).jump;
            a = far ? get(a).jump : get(a).parent;
            b = far ? get(b).jump : get(b).parent;
        }
        return a;
    }

private:
    struct Node {
        std::int32_t parent = -1;
        std::int32_t jump = -1;
        std::int32_t depth = 0;
        bool reached = false;
    };
    Node& at(std::int32_t node) { return nodes_[static_cast<std::size_t>(node)]; }
    [[nodiscard]] const Node& get(std::int32_t node) const { return nodes_[static_cast<std::size_t>(node)]; }
    [[nodiscard]] std::int32_t lift(std::int32_t node, std::int32_t depth) const {
        while (get(node).depth > depth) node = get(get(node).jump).depth >= depth ? get(node).jump : get(node).parent;
        return node;
    }
    std::vector<Node> nodes_;
};

}  // namespace

void find_blast_radii(Chain& chain) {
    const auto points = chain.points.size();
    const auto images = chain.images.size();
    // The root stands before the base: losing the only full must cost its point, too.
    const auto root = static_cast<std::int32_t>(points + images);
    const auto node_of = [points](std::size_t image) { return static_cast<std::int32_t>(points + image); };
    Dominators tree(points + images + 1);
    tree.set_root(root);
    std::size_t k = 0;
    while (k < images) {
        const Point head = chain.images[k].head;
        const auto vertex = chain.images[k].head_at;
        std::int32_t above = -1;
        for (; k < images && chain.images[k].head == head; ++k) {
            const Image& image = chain.images[k];
            if (vertex < 0 || image.state == State::settling || image.standing == Standing::refused) continue;
            const auto tail = image.kind == Kind::full ? root : image.tail_at;
            if (tail < 0 || (tail != root && (tail >= vertex || !tree.reached(tail)))) continue;
            tree.hang(node_of(k), tail);
            above = above < 0 ? node_of(k) : tree.common(above, node_of(k));
        }
        if (vertex >= 0 && above >= 0) tree.hang(vertex, above);
    }
    std::vector<std::uint32_t> below(points + images + 1, 0);
    for (std::size_t last = images; last-- > 0;) {
        const auto vertex = chain.images[last].head_at;
        const bool first_of_vertex = last + 1 == images || chain.images[last + 1].head_at != vertex;
        if (vertex >= 0 && first_of_vertex && tree.reached(vertex)) {
            const auto v = static_cast<std::size_t>(vertex);
            below[v] += 1;
            below[static_cast<std::size_t>(tree.parent(vertex))] += below[v];
        }
        const auto node = node_of(last);
        if (!tree.reached(node)) continue;
        // All points that can hang below this image have been counted: they lie at or after its head.
        chain.images[last].blast_radius = below[static_cast<std::size_t>(node)];
        below[static_cast<std::size_t>(tree.parent(node))] += below[static_cast<std::size_t>(node)];
    }
}

}  // namespace spchain
