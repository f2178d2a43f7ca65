#include "agent/config/check.hpp"

#include "agent/config/address.hpp"
#include "agent/config/bytes.hpp"
#include "agent/config/printable.hpp"
#include "agent/config/window.hpp"

#include <algorithm>
#include <set>

namespace imc::config {
namespace {

constexpr std::size_t longest_line = 1024;
constexpr std::size_t longest_path = 4096;

std::string refuse_path(std::string_view text, PathStyle style) {
    if (is_absolute(text, style)) return {};
    if (style == PathStyle::windows) return R"(must be an absolute path, such as 'D:\Backups' or '\\server\share\Backups')";
    return "must be an absolute path, such as \"/srv/backups\"";
}

std::string refuse_word(const Key& key, std::string_view text) {
    const auto words = words_of(key.words);
    if (std::find(words.begin(), words.end(), text) != words.end()) return {};
    return "must be " + allowed(key) + ", not \"" + printable(text, 40) + "\"";
}

std::string refuse_color(std::string_view text) {
    const bool good = text.size() == 7 && text[0] == '#' && text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string_view::npos;
    return good ? std::string() : "must be a colour such as \"#1a6e8e\"";
}

bool has_control(std::string_view text) noexcept {
    return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace

std::string refuse_text(const Key& key, std::string_view text, PathStyle style) {
    if (text.empty()) return key.empty ? std::string() : "must not be empty";
    if (has_control(text)) return "must be one line without control characters";
    const bool path = key.form == Form::absolute_path;
    if (text.size() > (path ? longest_path : longest_line)) return "is longer than " + std::to_string(path ? longest_path : longest_line);
    switch (key.form) {
        case Form::word:
            return refuse_word(key, text);
        case Form::absolute_path:
            return refuse_path(text, style);
        case Form::listen:
            return refuse_listen(text);
        case Form::cidr:
            return refuse_cidr(text);
        case Form::host_name:
            return refuse_host_name(text);
        case Form::color:
            return refuse_color(text);
        case Form::path_template:
            return refuse_path_template(text);
        case Form::window:
            return parse_window(text) ? std::string() : "must be hours of the day such as \"01:00-05:00\"";
        case Form::line:
        case Form::glob:
            break;
    }
    return {};
}

std::string refuse_number(const Key& key, std::int64_t value) {
    if (value >= key.low && value <= key.high) return {};
    return std::to_string(value) + " is too " + (value < key.low ? "small" : "large") + "; allowed are " + allowed(key);
}

std::string refuse_path_template(std::string_view text) {
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '}') return "has a '}' without '{' before it";
        if (text[i] != '{') continue;
        const std::size_t end = text.find_first_of("{}/\\", i + 1);
        if (end == std::string_view::npos || text[end] != '}') return "has a '{' without '}' in the same path component";
        const std::string_view word = text.substr(i + 1, end - i - 1);
        const bool good = !word.empty() && word.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
        if (!good) return "has braces around something else than a word of small letters, such as {customer}";
        if (!seen.insert(word).second) return "has {" + std::string(word) + "} twice";
        if (word == "root" && i != 0) return "has {root} elsewhere than at its beginning";
        if (word == "root" && end + 1 < text.size() && text[end + 1] != '/') return "needs a '/' after {root}";
        if (end + 1 < text.size() && text[end + 1] == '{') return "has two words in braces with nothing between them";
        i = end;
    }
    return seen.empty() ? "has no word in braces; right would be such as \"{root}/{customer}/{folder}\"" : std::string();
}

std::string allowed(const Key& key) {
    if (!key.words.empty()) {
        std::string text;
        const auto words = words_of(key.words);
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
            text += "\"" + std::string(words[i]) + "\"";
        }
        return text;
    }
    const bool sizes = key.bytes && (key.low >= 1024 || key.high >= 1024);
    const auto number = [sizes](std::int64_t n) { return !sizes ? std::to_string(n) : n == 1 ? "1 byte" : exact_bytes(n); };
    return number(key.low) + " to " + number(key.high) + (sizes || key.unit.empty() ? "" : " " + std::string(key.unit));
}

std::vector<std::string_view> words_of(std::string_view list) {
    std::vector<std::string_view> words;
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(' '), list.size());
        if (end > 0) words.push_back(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return words;
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
    if (word.size() > 64) return {};
    std::string_view best;
    std::size_t best_distance = word.size() / 3 + 2;
    for (const std::string_view candidate : candidates) {
        std::vector<std::size_t> row(candidate.size() + 1);
        for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
        for (std::size_t i = 1; i <= word.size(); ++i) {
            std::size_t diagonal = row[0];
            row[0] = i;
            for (std::size_t j = 1; j < row.size(); ++j) {
                const std::size_t change = diagonal + (word[i - 1] == candidate[j - 1] ? 0U : 1U);
                diagonal = row[j];
                row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
            }
        }
        if (row.back() < best_distance) {
            best_distance = row.back();
            best = candidate;
        }
    }
    return best;
}

}  // namespace imc::config
