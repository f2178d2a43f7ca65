#include "agent/config/check.hpp"
#include "agent/config/read.hpp"
#include "agent/host/files.hpp"

#include <algorithm>
#include <boost/system/errc.hpp>

namespace imc::config {
namespace {

constexpr std::size_t largest_file = 1'048'576;
constexpr const char* too_large = "is larger than 1 MiB, which no configuration needs to be";

Loaded refused(const std::string& file, std::string says) {
    Loaded loaded;
    loaded.problems.push_back({file, 0, {}, std::move(says)});
    return loaded;
}

}  // namespace

std::string Problem::text() const {
    std::string out = file;
    if (line > 0) out += (out.empty() ? "line " : ":") + std::to_string(line);
    if (!key.empty()) out += (out.empty() ? "" : ": ") + key;
    return out + (out.empty() ? "" : ": ") + says;
}

Loaded load(const std::string& path) {
    const auto text = host::read_file(path, largest_file);
    if (text) return parse(*text, path);
    if (text.error() == boost::system::errc::file_too_large) return refused(path, too_large);
    return refused(path, "cannot be read: " + text.error().message());
}

Loaded parse(const std::string& text, const std::string& file_name) {
    if (text.size() > largest_file) return refused(file_name, too_large);
    Loaded loaded = read_toml(text);
    loaded.config.file = file_name;
    std::stable_sort(loaded.problems.begin(), loaded.problems.end(), [](const Problem& a, const Problem& b) { return a.line < b.line; });
    for (Problem& problem : loaded.problems) problem.file = file_name;
    return loaded;
}

}  // namespace imc::config
