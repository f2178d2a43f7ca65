#include "agent/api/query.hpp"

#include <algorithm>
#include <charconv>

namespace imc::api {
namespace {

constexpr std::size_t longest_value = 4096;

std::string list_of(Words words) {
    std::string text;
    for (const auto word : words) {
        if (!text.empty()) text += ", ";
        text += word;
    }
    return text;
}

template <class Number>
std::optional<Number> number(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

std::string folded(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

std::vector<std::string> Query::all(std::string_view name) {
    known_.emplace(name);
    std::vector<std::string> values;
    const auto [first, last] = request_.query.equal_range(std::string(name));
    for (auto at = first; at != last; ++at) {
        if (at->second.size() > longest_value) refuse(name, "the value is too long.");
        values.push_back(at->second);
    }
    return values;
}

std::optional<std::string> Query::single(std::string_view name, std::size_t longest) {
    auto values = all(name);
    if (values.size() > 1) refuse(name, "may be given only once.");
    if (values.empty()) return std::nullopt;
    if (values.front().size() > longest) refuse(name, "at most " + std::to_string(longest) + " bytes are accepted.");
    return std::move(values.front());
}

std::size_t Query::limit() {
    const auto text = single("limit", 10);
    if (!text) return 100;
    const auto value = number<std::uint32_t>(*text);
    if (value && *value >= 1 && *value <= 1000) return *value;
    refuse("limit", "an integer from 1 to 1000 is expected.");
    return 100;
}

Sort Query::sort(Words keys) {
    const auto text = single("sort", 64);
    if (!text) return {std::string(*keys.begin()), false};
    const bool descending = text->starts_with('-');
    const std::string key = text->substr(descending ? 1 : 0);
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
        refuse("sort", "expected is one of " + list_of(keys) + "; with a minus before it from the largest.");
    }
    return {key, descending};
}

std::vector<std::string> Query::words(std::string_view name, Words allowed) {
    auto values = all(name);
    for (const auto& value : values) {
        if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
            refuse(name, "expected is one of " + list_of(allowed) + ".");
        }
    }
    return values;
}

std::vector<std::string> Query::texts(std::string_view name) {
    auto values = all(name);
    for (auto& value : values) value = folded(value);
    return values;
}

std::vector<std::string> Query::numbers(std::string_view name) {
    auto values = all(name);
    for (auto& value : values) {
        if (const auto read = number<std::uint32_t>(value)) {
            value = std::to_string(*read);
        } else {
            refuse(name, "an integer from 0 to 4294967295 is expected.");
        }
    }
    return values;
}

std::optional<bool> Query::flag(std::string_view name) {
    const auto text = single(name, 16);
    if (!text) return std::nullopt;
    if (*text != "true" && *text != "false") refuse(name, "expected is true or false.");
    return *text == "true";
}

void Query::refuse(std::string_view name, std::string_view detail) {
    if (problem_) return;
    problem_ = problem(400, "bad-parameter", "A query parameter is not acceptable", std::string(name) + ": " + std::string(detail));
}

std::optional<Response> Query::finish() {
    for (const auto& [name, value] : request_.query) {
        if (known_.contains(name)) continue;
        std::string known;
        for (const auto& word : known_) known += (known.empty() ? "" : ", ") + word;
        refuse(name.substr(0, 64), known.empty() ? "this call takes no parameters." : "unknown parameter; this call takes " + known + ".");
    }
    return std::move(problem_);
}

}  // namespace imc::api
