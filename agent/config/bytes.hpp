// Sizes as people write them: "500 GB", "2 TiB", "1.5 TB". GB is 10^9 bytes, GiB is 2^30. What it is not: for
// output to people, who get rounded sizes (monitor/words.hpp); here nothing is rounded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace imc::config {

// Case does not matter, blanks before the unit neither; up to three decimals; a number alone is bytes.
// Nothing for anything else and above 2^63-1.
[[nodiscard]] std::optional<std::int64_t> parse_bytes(std::string_view text) noexcept;
// The shortest exact spelling: "10 MiB", "500 GB", "12345".
[[nodiscard]] std::string exact_bytes(std::int64_t bytes);

}  // namespace imc::config
