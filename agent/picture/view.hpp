// What a printer is given: a chain with the names of its files, the point that is shown, and the geometry of them all.
// What it is not: an owner; everything is referred to and must outlive the printing.
#pragma once

#include "agent/picture/geometry.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace imc::picture {

struct View {
    const spchain::Chain& chain;
    const Geometry& geometry;
    std::span<const Missing> missing;
    std::span<const spchain::Entry> entries;  // what Image::entry indexes
    std::string_view volume;
    std::int32_t chosen = -1;        // index into Chain::points; -1: none
    std::vector<std::uint32_t> set;  // its restore set, indices into Chain::images, base first; empty: it is broken

    [[nodiscard]] std::string_view name(std::uint32_t image) const { return entries[chain.images[image].entry].name; }
};

}  // namespace imc::picture
