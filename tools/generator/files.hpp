// Writes trees to disk, fast and sparse, and only into directories that are empty or that it made itself. Every
// function throws std::runtime_error with a sentence that names the path when it cannot go on. What it is not: for
// more than one thread or process in the same directory.
#pragma once

#include "tools/generator/tree.hpp"

#include <filesystem>
#include <span>
#include <string>

namespace generator {

// Makes the directory, or empties one that an earlier run marked as made by it; refuses any other that is not empty.
// The mark, a file, is there from the beginning, so that an interrupted run can be repeated. Gives the absolute path.
[[nodiscard]] std::filesystem::path claim(const std::filesystem::path& directory, spchain::UnixTime now);

// One directory and those above it; the files must not be there yet. files_posix.cpp.
void write_files(const std::filesystem::path& directory, std::span<const File> files);

// All directories and folders.toml. `root` is absolute.
void write_tree(const Tree& tree, const std::filesystem::path& root, spchain::UnixTime now);
void write_folders_toml(const Tree& tree, const std::filesystem::path& root, spchain::UnixTime now);

inline constexpr const char* mark_name = ".imc-generate";

}  // namespace generator
