// Any bytes as a database, and as one of ImageManager's: rows or an error, an end, and no more than a small multiple of the
// file's bytes.
#include "agent/imagemanager/records.hpp"
#include "tests/support/jet_reading.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (!support::read_all({data, size}).breaches.empty()) std::abort();
    const imc::jet::MemorySource source({data, size});
    const auto records = imc::imagemanager::read_records(source);
    if (records.has_error() && records.error().text().empty()) std::abort();
    return 0;
}
