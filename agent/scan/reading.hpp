// What the platforms' directory readers share with walk.cpp: one reader that also asks fresh files for their true size,
// and the clock-and-limits check between batches. Internal to agent/scan. What it is not: platform code.
#pragma once

#include "agent/scan/digest.hpp"
#include "agent/scan/listing.hpp"

#include <chrono>

namespace imc::scan {

struct Fresh {
    std::int64_t now = 0;      // Unix seconds
    std::int64_t seconds = 0;  // files written after now - seconds are asked by handle; 0: none are
};

// list() with the sizes of fresh files made true where the platform's directory entries lag behind open handles.
[[nodiscard]] boost::system::result<Listing> read_directory(const std::string& path, const Limits& limits, const Fresh& fresh,
                                                            std::stop_token stop);

// Watches the limits of one reading.
class Watch {
public:
    Watch(const Limits& limits, std::stop_token stop)
        : stop_(std::move(stop)),
          entries_(limits.entries),
          deadline_(std::chrono::steady_clock::now() + std::chrono::milliseconds(limits.milliseconds)) {}

    [[nodiscard]] errc check(const Listing& listing) const {
        if (stop_.stop_requested()) return errc::cancelled;
        if (listing.files.size() + listing.directories.size() > entries_) return errc::too_many;
        if (std::chrono::steady_clock::now() > deadline_) return errc::timed_out;
        return errc::ok;
    }
    [[nodiscard]] std::int64_t milliseconds_left() const {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - std::chrono::steady_clock::now());
        return left.count() < 0 ? 0 : left.count();
    }

private:
    std::stop_token stop_;
    std::size_t entries_;
    std::chrono::steady_clock::time_point deadline_;
};

inline void add_file(Listing& listing, std::string name, std::uint64_t bytes, std::int64_t seconds, std::int64_t nanoseconds) {
    listing.digest += file_digest(name, bytes, seconds * 1'000'000'000 + nanoseconds);
    listing.bytes += bytes;
    listing.files.push_back({std::move(name), bytes, seconds});
}

inline void add_directory(Listing& listing, std::string name) {
    listing.digest += directory_digest(name);
    listing.directories.push_back(std::move(name));
}

}  // namespace imc::scan
