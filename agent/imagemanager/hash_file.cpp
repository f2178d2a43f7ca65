#include "agent/imagemanager/hash_file.hpp"

#include "agent/imagemanager/errors.hpp"
#include "agent/imagemanager/md5_digest.hpp"
#include "agent/imagemanager/shared_file.hpp"

#include <algorithm>
#include <thread>

namespace imc::imagemanager {
namespace {

using boost::system::result;
using Clock = std::chrono::steady_clock;

// False: stopped.
bool wait(std::chrono::nanoseconds pause, const std::stop_token& stop) {
    constexpr std::chrono::nanoseconds slice = std::chrono::milliseconds(100);
    const auto end = Clock::now() + pause;
    for (auto left = pause; left.count() > 0; left = end - Clock::now()) {
        if (stop.stop_requested()) return false;
        std::this_thread::sleep_for(std::min(left, slice));
    }
    return !stop.stop_requested();
}

}  // namespace

std::chrono::nanoseconds pause_for(std::uint64_t done, std::chrono::nanoseconds elapsed, std::uint64_t bytes_per_second) noexcept {
    if (bytes_per_second == 0) return {};
    constexpr double longest = 3600.0;
    const double due = static_cast<double>(done) / static_cast<double>(bytes_per_second);
    const double left = due - std::chrono::duration<double>(elapsed).count();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(std::clamp(left, 0.0, longest)));
}

result<HashedFile> hash_file(const std::string& path, const HashOptions& options, std::stop_token stop, const HashProgress& progress) {
    const auto file = SharedFile::open(path);
    if (!file) return file.error();
    const auto before = file->stamp();
    if (!before) return before.error();
    Md5Digest digest;
    if (!digest.begin()) return make_error_code(errc::no_md5);
    file->expect_one_pass();
    std::vector<std::uint8_t> chunk(std::clamp<std::size_t>(options.chunk, std::size_t{4} << 10, std::size_t{16} << 20));
    const auto begun = Clock::now();
    HashedFile hashed;
    for (;;) {
        if (stop.stop_requested()) return make_error_code(errc::cancelled);
        const auto got = file->read(hashed.bytes, chunk);
        if (!got) return got.error();
        if (!digest.add(std::span<const std::uint8_t>(chunk).first(*got))) return make_error_code(errc::no_md5);
        hashed.bytes += *got;
        if (hashed.bytes > before->bytes) return make_error_code(errc::changed);
        if (progress) progress(hashed.bytes, before->bytes);
        if (*got < chunk.size()) break;
        if (!wait(pause_for(hashed.bytes, Clock::now() - begun, options.bytes_per_second), stop)) return make_error_code(errc::cancelled);
    }
    const auto after = file->stamp();
    if (!after) return after.error();
    if (*after != *before || hashed.bytes != before->bytes) return make_error_code(errc::changed);
    if (!digest.end(hashed.digest)) return make_error_code(errc::no_md5);
    return hashed;
}

}  // namespace imc::imagemanager
