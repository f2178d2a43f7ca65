// What ImageManager itself would have written of a demo's server: its service log, a log of one folder, and the Windows events as
// exported XML. What it is not: everything ImageManager writes; only what is published.
#pragma once

#include "tools/generator/tree.hpp"

#include <string>
#include <vector>

namespace generator {

// An image that ImageManager made by consolidation, or something that it told.
struct Deed {
    std::string path;  // of the directory below the root, with '/'
    std::string name;  // of the file
    spchain::UnixTime at = 0;
};

inline constexpr const char* manager_drive = "D:\\Demo";  // how ImageManager spells the root of the tree

// Directories "ImageManager/Logs" and "ImageManager", with files in them. `deeds` in any order; `failed` is told as an event 1126.
[[nodiscard]] std::vector<Directory> manager_files(std::vector<Deed> deeds, const spchain::Calendar& calendar, spchain::UnixTime now);

}  // namespace generator
