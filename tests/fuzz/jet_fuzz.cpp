// Any bytes as a database: rows or an error, an end, and no more than a small multiple of the file's bytes.
#include "tests/support/jet_reading.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (!support::read_all({data, size}).breaches.empty()) std::abort();
    return 0;
}
