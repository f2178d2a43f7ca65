// Compression of answers. What it is not: streaming; bodies are whole and bounded.
#pragma once

#include <memory>
#include <string>

namespace imc::api {

inline constexpr std::size_t worth_compressing = 1024;  // bytes; below, the header of gzip eats the gain

// In the gzip format, or null when it would not be smaller (or memory is short).
[[nodiscard]] std::shared_ptr<const std::string> gzipped(const std::string& body);

}  // namespace imc::api
