// The files that the agent keeps in its data directory, as a whole: kept aside for an upgrade, put back, taken away. What
// it is not: the meaning of any of them. Nothing else in the directory is touched, and no link is followed.
#pragma once

#include "agent/engine/engine.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace imc::cli {

// UTF-8 to the system's paths and back.
[[nodiscard]] std::filesystem::path path_of(const std::string& text);
[[nodiscard]] std::string text_of(const std::filesystem::path& path);

// Replaces `to`; the problem in words, empty where there is none.
[[nodiscard]] std::string copy_over(const std::filesystem::path& from, const std::filesystem::path& to);
// The same for a program whose process may be on its way out: tries again for that long.
[[nodiscard]] std::string replace_program(const std::filesystem::path& from, const std::filesystem::path& to,
                                          std::chrono::milliseconds patience);
// A file or a folder with all that is in it; what cannot be removed stays.
void remove_tree(const std::filesystem::path& path);

// Configuration and databases into the new folder `kept`, while no agent runs. Problems in words.
[[nodiscard]] std::vector<std::string> copy_data(const engine::Places& places, const std::string& config_file,
                                                 const std::filesystem::path& kept);
[[nodiscard]] std::vector<std::string> copy_data_back(const engine::Places& places, const std::string& config_file,
                                                      const std::filesystem::path& kept);
// What could not be removed; the directory goes only when nothing else is in it, and is named where it stays for that alone.
[[nodiscard]] std::vector<std::string> remove_data(const engine::Places& places, const std::string& config_file);

}  // namespace imc::cli
