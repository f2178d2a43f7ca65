// The MD5 of a file of any size, read once from front to back without hindering anybody, at a rate that leaves the disk to those who
// work on it. What it is not: a scheduler; which file, when and how fast is the caller's.
#pragma once

#include "agent/imagemanager/sidecar.hpp"

#include <chrono>
#include <functional>
#include <stop_token>

namespace imc::imagemanager {

struct HashOptions {
    std::size_t chunk = std::size_t{1} << 20;  // bytes in memory at once; held to 4 KiB to 16 MiB
    std::uint64_t bytes_per_second = 0;        // at most, on the average since the beginning; 0: as fast as it goes
};

struct HashedFile {
    Md5 digest{};
    std::uint64_t bytes = 0;
    friend bool operator==(const HashedFile&, const HashedFile&) = default;
};

// After each chunk: bytes done, and of how many. On the thread that reads.
using HashProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

// errc::changed where the file was written meanwhile (the digest would be of nothing that ever was), errc::cancelled,
// errc::no_md5, host::errc::not_a_file, else the system's error. Waits for the disk; looks at `stop` for every chunk and, while it
// waits for its rate, several times a second. `progress` may be empty.
[[nodiscard]] boost::system::result<HashedFile> hash_file(const std::string& path, const HashOptions& options, std::stop_token stop,
                                                          const HashProgress& progress);

// How long to wait after `done` bytes in `elapsed` so that `bytes_per_second` is kept; zero where that is 0. At most an hour.
[[nodiscard]] std::chrono::nanoseconds pause_for(std::uint64_t done, std::chrono::nanoseconds elapsed,
                                                 std::uint64_t bytes_per_second) noexcept;

}  // namespace imc::imagemanager
