// Reads all of a database that may be damaged and checks what the reader promises: an end, and no more than a small
// multiple of the file's bytes. What it is not: a check of values.
#pragma once

#include "agent/imagemanager/jet/database.hpp"

#include <optional>
#include <span>
#include <string>

namespace support {

struct JetReading {
    std::optional<imc::jet::Error> error;  // the first one
    std::uint64_t rows = 0;
    std::string all;       // a digest of all tables and values, in order; equal for equal contents
    std::string breaches;  // promises that were broken; empty is well
};

[[nodiscard]] JetReading read_all(std::span<const std::uint8_t> bytes);

}  // namespace support
