// Any bytes as a file name: what parse() returns keeps its promises, and the canonical name says the same.
#include "spchain/folder.hpp"
#include "spchain/name.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

bool inside(std::string_view part, std::string_view whole) {
    return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void check(const spchain::Name& name, std::string_view text) {
    using spchain::NameType;
    require(inside(name.volume, text) && inside(name.suffix, text) && inside(name.stem, text));
    require(name.stem.empty() == (name.type == NameType::foreign));
    require(name.conventional == (name.base != 0) && name.conventional == !name.volume.empty());
    require(name.conventional || (name.suffix.empty() && name.differential == 0 && name.incremental == 0));
    require(name.suffix.size() % 3 == 0 && name.span <= 9 && (name.spanned || name.span == 0));
    if (name.conventional) require(name.stem.starts_with(name.volume) && name.stem.ends_with(name.suffix));
}

void check_canonical(const spchain::Name& name) {
    const std::string canonical = format(name);
    require(canonical.empty() == !(name.type == spchain::NameType::image && name.conventional));
    if (canonical.empty()) return;
    const spchain::Name again = spchain::parse(canonical);
    require(again.conventional && again.type == name.type && again.kind == name.kind && again.volume == name.volume);
    require(again.base == name.base && again.differential == name.differential && again.incremental == name.incremental);
    require(again.spanned == name.spanned && again.span == name.span && format(again) == canonical);
}

void check_point(std::string_view text) {
    const auto point = spchain::parse_point(text);
    if (!point) return;
    require(spchain::parse_point(to_string(point->first, point->second)) == point);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const spchain::Name name = spchain::parse(text);
    check(name, text);
    check_canonical(name);
    check_point(text);
    return 0;
}
