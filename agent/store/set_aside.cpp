#include "agent/store/history_impl.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace imc::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kept = 3;

fs::path path_of(const std::string& text) {
    return fs::path(std::u8string(text.begin(), text.end()));
}

std::string text_of(const fs::path& path) {
    const std::u8string text = path.u8string();
    return {text.begin(), text.end()};
}

// A disk that damages the file at each start must not be filled with what was set aside.
void drop_old(const std::string& prefix) {
    std::error_code error;
    std::vector<std::pair<fs::file_time_type, fs::path>> found;
    const fs::path directory = path_of(prefix).parent_path();
    for (fs::directory_iterator it(directory.empty() ? fs::path(".") : directory, error), end; !error && it != end; it.increment(error)) {
        const std::string name = text_of(it->path().filename());
        const bool companion = name.ends_with("-wal") || name.ends_with("-shm");
        if (!name.starts_with(text_of(path_of(prefix).filename())) || companion) continue;
        std::error_code untimed;  // then it counts as oldest
        found.emplace_back(fs::last_write_time(it->path(), untimed), it->path());
    }
    std::sort(found.rbegin(), found.rend());
    for (std::size_t i = kept; i < found.size(); ++i) {
        // What cannot be removed stays for the next time.
        for (const char* end : {"", "-wal", "-shm"}) fs::remove(fs::path(found[i].second) += end, error);
    }
}

}  // namespace

std::string set_aside(const std::string& path, UnixTime now) {
    std::error_code error;
    const std::string prefix = path + ".damaged-";
    std::string target = prefix + std::to_string(now);
    for (int i = 2; fs::exists(path_of(target), error); ++i) target = prefix + std::to_string(now) + "-" + std::to_string(i);
    fs::rename(path_of(path), path_of(target), error);
    if (error) return {};
    // SQLite removes a log that lies beside an empty database, so a crash between these renames does no harm.
    for (const char* end : {"-wal", "-shm"}) fs::rename(path_of(path + end), path_of(target + end), error);
    drop_old(prefix);
    return target;
}

}  // namespace imc::store
