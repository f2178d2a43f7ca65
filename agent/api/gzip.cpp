#include "agent/api/gzip.hpp"

#include <limits>
#include <zlib.h>

namespace imc::api {
namespace {

class Deflater {
public:
    Deflater() : ready_(deflateInit2(&stream_, 4, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK) {}
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;
    ~Deflater() {
        if (ready_) deflateEnd(&stream_);
    }
    [[nodiscard]] bool ready() const { return ready_; }
    [[nodiscard]] z_stream& stream() { return stream_; }

private:
    z_stream stream_{};
    bool ready_;
};

}  // namespace

std::shared_ptr<const std::string> gzipped(const std::string& body) {
    if (body.size() > std::numeric_limits<uInt>::max() / 2) return nullptr;
    Deflater deflater;
    if (!deflater.ready()) return nullptr;
    auto result = std::make_shared<std::string>();
    result->resize(body.size());
    z_stream& stream = deflater.stream();
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));  // zlib does not write there
    stream.avail_in = static_cast<uInt>(body.size());
    stream.next_out = reinterpret_cast<Bytef*>(result->data());
    stream.avail_out = static_cast<uInt>(result->size());
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END) return nullptr;
    result->resize(stream.total_out);
    result->shrink_to_fit();
    return result;
}

}  // namespace imc::api
