#include "agent/api/body.hpp"

#include <algorithm>

namespace imc::api {

using nlohmann::json;

namespace {

constexpr std::string_view not_json = "The body is not acceptable JSON";

// Brackets outside of texts; the parser says later whether they match.
int depth_of(std::string_view text) {
    int depth = 0, deepest = 0;
    bool inside = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (inside) {
            if (c == '\\') {
                ++at;
            } else if (c == '"') {
                inside = false;
            }
            continue;
        }
        if (c == '"') inside = true;
        if (c == '{' || c == '[') deepest = std::max(deepest, ++depth);
        if (c == '}' || c == ']') --depth;
    }
    return deepest;
}

bool is_json_type(std::string_view content_type) {
    std::string type(content_type.substr(0, content_type.find(';')));
    while (!type.empty() && type.back() == ' ') type.pop_back();
    std::transform(type.begin(), type.end(), type.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return type == "application/json";
}

// Notes a key that an object has twice: which of the two counts is nobody's guess.
class Keys {
public:
    bool operator()(int, json::parse_event_t event, json& value) {
        if (event == json::parse_event_t::object_start) seen_.emplace_back();
        if (event == json::parse_event_t::object_end && !seen_.empty()) seen_.pop_back();
        if (event == json::parse_event_t::key && !seen_.empty() && !seen_.back().insert(value.get<std::string>()).second) {
            twice_ = value.get<std::string>();
        }
        return true;
    }
    [[nodiscard]] const std::optional<std::string>& twice() const { return twice_; }

private:
    std::vector<std::set<std::string>> seen_;
    std::optional<std::string> twice_;
};

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

Body::Body(const Request& request, bool optional) {
    if (request.body.empty() && optional) return;
    if (!is_json_type(request.content_type)) {
        problem_ =
            problem(415, "unsupported-media-type", "The body is not JSON", "Send a JSON object with the content type application/json.");
        return;
    }
    read(request);
}

void Body::read(const Request& request) {
    if (depth_of(request.body) > deepest_body) {
        problem_ = problem(400, "bad-body", not_json, "At most " + std::to_string(deepest_body) + " levels are accepted.");
        return;
    }
    Keys keys;
    try {
        object_ = json::parse(request.body, std::ref(keys));
    } catch (const json::exception& error) {
        const auto* parse_error = dynamic_cast<const json::parse_error*>(&error);
        const std::string where = parse_error ? " at byte " + std::to_string(parse_error->byte) : "";
        problem_ = problem(400, "bad-body", not_json, "The text is no JSON" + where + ".");
        return;
    }
    if (keys.twice()) refuse(keys.twice()->substr(0, 64), "the key is there twice.");
    if (object_.is_object()) return;
    object_ = json::object();
    if (!problem_) problem_ = problem(400, "bad-body", not_json, "A JSON object is expected.");
}

bool Body::has(std::string_view key) const {
    return object_.contains(key);
}

bool Body::is_null(std::string_view key) const {
    const auto found = object_.find(key);
    return found != object_.end() && found->is_null();
}

const json* Body::find(std::string_view key) {
    known_.emplace(key);
    const auto found = object_.find(key);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::string> Body::text(std::string_view key, std::size_t longest) {
    const json* value = find(key);
    if (!value) return std::nullopt;
    if (!value->is_string()) {
        refuse(key, "a text is expected.");
        return std::nullopt;
    }
    auto text = value->get<std::string>();
    if (characters(text) > longest) refuse(key, "at most " + std::to_string(longest) + " characters are accepted.");
    if (text.find('\0') != std::string::npos) refuse(key, "zero bytes are not accepted.");
    return text;
}

std::optional<std::string> Body::word(std::string_view key, std::initializer_list<std::string_view> allowed) {
    auto value = text(key, 64);
    if (!value || std::find(allowed.begin(), allowed.end(), *value) != allowed.end()) return value;
    std::string words;
    for (const auto word : allowed) words += (words.empty() ? "" : ", ") + std::string(word);
    refuse(key, "expected is one of " + words + ".");
    return std::nullopt;
}

std::optional<std::int64_t> Body::integer(std::string_view key, std::int64_t low, std::int64_t high) {
    const json* value = find(key);
    if (!value) return std::nullopt;
    const bool fits = value->is_number_integer() && (!value->is_number_unsigned() || value->get<std::uint64_t>() <= INT64_MAX) &&
                      value->get<std::int64_t>() >= low && value->get<std::int64_t>() <= high;
    if (fits) return value->get<std::int64_t>();
    refuse(key, "an integer from " + std::to_string(low) + " to " + std::to_string(high) + " is expected.");
    return std::nullopt;
}

std::vector<std::string> Body::texts(std::string_view key, std::size_t most, std::size_t longest) {
    const json* value = find(key);
    if (!value) return {};
    if (!value->is_array() || value->size() > most) {
        refuse(key, "a list of at most " + std::to_string(most) + " texts is expected.");
        return {};
    }
    std::vector<std::string> texts;
    for (const auto& item : *value) {
        const auto* text = item.get_ptr<const std::string*>();
        if (text == nullptr || text->empty() || characters(*text) > longest) {
            refuse(key, "each is a text of 1 to " + std::to_string(longest) + " characters.");
            return {};
        }
        texts.push_back(*text);
    }
    return texts;
}

std::optional<json> Body::object(std::string_view key) {
    const json* value = find(key);
    if (!value) return std::nullopt;
    if (!value->is_object()) {
        refuse(key, "an object is expected.");
        return std::nullopt;
    }
    return *value;
}

void Body::require(std::string_view key) {
    if (!has(key)) refuse(key, "the key is missing.");
}

void Body::refuse_null(std::string_view key) {
    if (is_null(key)) refuse(key, "null is not accepted.");
}

void Body::refuse(std::string_view key, std::string_view detail) {
    if (!problem_)
        problem_ = problem(400, "bad-body", "A key of the body is not acceptable", std::string(key) + ": " + std::string(detail));
}

std::optional<Response> Body::finish() {
    for (const auto& [key, value] : object_.items()) {
        if (!known_.contains(key)) refuse(key.substr(0, 64), "unknown key.");
    }
    return std::move(problem_);
}

}  // namespace imc::api
