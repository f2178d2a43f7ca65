// How fast a file is hashed and a log is read, for tools/bench. hash_bench FILE: seconds for its MD5. hash_bench --log DIRECTORY: seconds
// for a first reading of the logs in it, and how many lines they had.
#include "agent/engine/diary.hpp"
#include "agent/imagemanager/file_hasher.hpp"

#include <chrono>
#include <cstdio>
#include <string>

namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point begun) {
    return std::chrono::duration<double>(Clock::now() - begun).count();
}

int hash(const std::string& path) {
    const auto begun = Clock::now();
    imc::imagemanager::FileHasher hasher(path);
    for (;;) {
        const auto piece = hasher.advance(32U << 20U, {});
        if (!piece) return 1;
        if (*piece == imc::imagemanager::FileHasher::Piece::end) break;
    }
    std::printf("%.4f %s\n", since(begun), imc::imagemanager::to_text(hasher.digest()).c_str());
    return 0;
}

int read(const std::string& directory) {
    const imc::engine::Subjects subjects({{"fld_0000000000000000", "\\\\acme-nas\\backups\\server1", {"C_VOL"}}}, {});
    imc::engine::DiaryLimits limits;
    limits.bytes = UINT64_MAX;
    const auto begun = Clock::now();
    const auto reading = imc::engine::read_diary({directory, {}, false, {}}, subjects, {}, {}, 2'000'000'000, limits, {});
    std::uint64_t lines = 0;
    for (const auto& count : reading.change.counts) lines += count.times;
    std::printf("%.4f %llu\n", since(begun), static_cast<unsigned long long>(lines));
    return reading.problems.empty() ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
    if (count == 3 && std::string(words[1]) == "--log") return read(words[2]);
    if (count == 2) return hash(words[1]);
    std::fputs("usage: hash_bench FILE | --log DIRECTORY\n", stderr);
    return 64;
}
