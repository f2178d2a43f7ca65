// Is one value possible for its key, and is the configuration possible as a whole? What it is not: a reader of
// TOML; it sees values only.
#pragma once

#include "agent/config/keys.hpp"
#include "agent/config/path_style.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace imc::config {

// Empty: the text fits the key. Else what is wrong and what would be right, to follow "key: ".
[[nodiscard]] std::string refuse_text(const Key& key, std::string_view text, PathStyle style);
[[nodiscard]] std::string refuse_number(const Key& key, std::int64_t value);
// "{root}/{customer}/{folder}": whole components or parts of them, each word once.
[[nodiscard]] std::string refuse_path_template(std::string_view text);

// "10 to 86400 seconds", "\"normal\" or \"backup_store\"": what a key may hold, for messages and the documented file.
[[nodiscard]] std::string allowed(const Key& key);
[[nodiscard]] std::vector<std::string_view> words_of(std::string_view list);
// The candidate that a reader most likely meant by `word`; empty: none is near.
[[nodiscard]] std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

// Contradictions between keys. `lines` has the line of each key that was read ("api.certificate", "folder[0].path").
[[nodiscard]] std::vector<Problem> contradictions(const Config& config, const std::map<std::string, int>& lines, PathStyle style);

}  // namespace imc::config
