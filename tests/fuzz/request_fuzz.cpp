// Bytes of one connection through the reader that the server uses. The first byte says how they are cut into pieces,
// which must make no difference.
#include "agent/api/request_reader.hpp"
#include "agent/api/wire.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using imc::api::RequestReader;

constexpr std::size_t head_limit = 2'048;
constexpr std::size_t body_limit = 512;

void require(bool holds) {
    if (!holds) std::abort();
}

// Of each request what a handler would see, and at last how it ended.
std::vector<std::string> read_all(std::string_view bytes, std::size_t piece) {
    std::vector<std::string> seen;
    RequestReader reader(head_limit, body_limit);
    auto state = RequestReader::State::idle;
    while (!bytes.empty() && state != RequestReader::State::refused) {
        const auto size = std::min(piece, bytes.size());
        state = reader.put(bytes.substr(0, size));
        bytes.remove_prefix(size);
        for (; state == RequestReader::State::complete; state = reader.next()) {
            const auto& request = reader.head().request;
            require(request.body.size() <= body_limit && request.path.size() <= 64 && request.query.size() <= 64);
            imc::api::Response response = imc::api::json_response(200, "{}");
            response.etag = "\"1\"";
            const auto body = imc::api::settle_body(response, request);
            seen.push_back(request.method + ' ' + request.target + ' ' + request.body + std::to_string(static_cast<int>(body)));
        }
    }
    seen.push_back(state == RequestReader::State::refused ? std::to_string(reader.refused().status) : "open");
    return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    require(read_all(bytes, bytes.size() + 1) == read_all(bytes, std::size_t{data[0]} + 1));
    return 0;
}
