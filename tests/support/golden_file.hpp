// The bytes of a file below tests/golden. What it is not: for files that may be missing; that fails the test.
#pragma once

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <string>

namespace support {

inline std::string golden_file(const std::string& below) {
    std::ifstream file(std::string(IMC_GOLDEN) + "/" + below, std::ios::binary);
    REQUIRE(file.is_open());
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace support
