// A directory of a test's own, removed with everything in it at the end of the scope.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace imc::test {

class Temporary {
public:
    Temporary() {
        static std::atomic<unsigned> count{0};
        const auto ticks = std::chrono::steady_clock::now().time_since_epoch().count();
        path_ = std::filesystem::temp_directory_path() / ("imc-test-" + std::to_string(ticks) + "-" + std::to_string(count++));
        std::filesystem::create_directories(path_);
    }
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;
    ~Temporary() {
        std::error_code ignored;  // a left-over directory fails no test
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] std::string path(const std::string& below = {}) const {
        return below.empty() ? path_.string() : (path_ / below).make_preferred().string();
    }
    void directory(const std::string& below) const { std::filesystem::create_directories(path_ / below); }
    // Sparse; `written` in Unix seconds, 0: now.
    void file(const std::string& below, std::uint64_t bytes = 0, std::int64_t written = 0) const {
        std::filesystem::create_directories((path_ / below).parent_path());
        std::ofstream(path_ / below).close();
        std::filesystem::resize_file(path_ / below, bytes);
        if (written != 0) stamp(below, written, 0);
    }
    void stamp(const std::string& below, std::int64_t seconds, std::int64_t nanoseconds) const {
        const auto at =
            std::chrono::sys_time<std::chrono::nanoseconds>(std::chrono::seconds(seconds) + std::chrono::nanoseconds(nanoseconds));
        std::filesystem::last_write_time(path_ / below, std::chrono::file_clock::from_sys(at));
    }

private:
    std::filesystem::path path_;
};

}  // namespace imc::test
