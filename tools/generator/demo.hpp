// A realistic backup server: three customers, Normal folders, a Backup Store, a replica, a folder that nobody manages,
// months of images with consolidation and retention as they would be at one instant, and some defects among much that
// is well. The same options give the same tree. What it is not: written anywhere (files.hpp does that).
#pragma once

#include "tools/generator/tree.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace generator {

struct DemoOptions {
    spchain::UnixTime now = 0;
    std::uint64_t seed = 1;
    spchain::Calendar calendar;  // of the backup server: covers the 14 months before now
};

struct Demo {
    Tree tree;  // what is worth losing there is a weekly consolidation that the newest point of its volume cannot do without
    std::vector<std::string> summary;  // a line for each customer
};

[[nodiscard]] Demo make_demo(const DemoOptions& options);

}  // namespace generator
