#include "agent/api/message_head.hpp"

#include "agent/api/target.hpp"
#include "spchain/ascii.hpp"

#include <algorithm>
#include <optional>

namespace imc::api {
namespace {

namespace ascii = spchain::ascii;

constexpr Refused malformed{400, "bad-request", "Malformed request", "The request is not HTTP/1.1 as RFC 9112 has it."};
constexpr Refused bad_target{400, "bad-target", "Malformed request target",
                             "The path or query has bad escapes, invalid UTF-8 or too many parts."};
constexpr Refused long_target{414, "target-too-long", "Request target too long", "A path with its query is at most 8192 bytes long."};
constexpr Refused bad_host{400, "bad-request", "Malformed request", "A request has exactly one Host field."};
constexpr Refused bad_framing{400, "bad-framing", "Length of the body not clear",
                              "A request has one Content-Length, or Transfer-Encoding: chunked, and never both."};
constexpr Refused bad_expectation{417, "bad-expectation", "Unknown expectation", "The only expectation known is 100-continue."};
constexpr Refused many_fields{431, "header-too-large", "Too many fields", "A request has at most 100 fields."};
constexpr Refused odd_method{501, "unknown-method", "Unknown method", "Methods are words of capital letters, such as GET."};
constexpr Refused odd_coding{501, "unknown-coding", "Unknown transfer coding", "The only transfer coding known is chunked."};
constexpr Refused odd_version{505, "unknown-version", "Unknown version of HTTP", "Use HTTP/1.1."};

constexpr std::size_t longest_method = 32;

bool token_char(char c) {
    const bool word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return word || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), token_char);
}

bool field_char(char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
}

// The next part of a list and what is behind the separator.
std::string_view take(std::string_view& list, char separator) {
    const auto end = list.find(separator);
    const auto part = ascii::trimmed(list.substr(0, end));
    list = end == std::string_view::npos ? std::string_view() : list.substr(end + 1);
    return part;
}

bool lists_word(std::string_view list, std::string_view word) {
    while (!list.empty()) {
        if (ascii::same(take(list, ','), word)) return true;
    }
    return false;
}

bool zero_weight(std::string_view parameters) {
    while (!parameters.empty()) {
        auto parameter = take(parameters, ';');
        if (!ascii::same(take(parameter, '='), "q")) continue;
        return parameter.starts_with('0') && parameter.find_first_not_of("0.") == std::string_view::npos;
    }
    return false;
}

// What is said of gzip counts more than what is said of everything.
bool gzip_wanted(std::string_view codings) {
    bool wanted = false;
    while (!codings.empty()) {
        auto parameters = take(codings, ',');
        const auto coding = take(parameters, ';');
        if (ascii::same(coding, "gzip")) return !zero_weight(parameters);
        if (coding == "*") wanted = !zero_weight(parameters);
    }
    return wanted;
}

std::optional<std::uint64_t> number(std::string_view digits) {
    constexpr std::size_t most_digits = 18;  // more would not fit and is too large anyway
    if (digits.empty() || digits.size() > most_digits) return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return value;
}

// Reads line by line into a Head; the first thing wrong ends it.
class Parser {
public:
    const Refused* request_line(std::string_view line) {
        const auto first = line.find(' ');
        const auto second = first == std::string_view::npos ? first : line.find(' ', first + 1);
        if (second == std::string_view::npos) return &malformed;
        const auto method = line.substr(0, first);
        if (!is_token(method)) return &malformed;
        const bool plain = std::all_of(method.begin(), method.end(), [](char c) { return (c >= 'A' && c <= 'Z') || c == '-'; });
        if (!plain || method.size() > longest_method) return &odd_method;
        head.request.method = method;
        if (const auto* refused = version(line.substr(second + 1))) return refused;
        return target(line.substr(first + 1, second - first - 1));
    }

    const Refused* field(std::string_view line) {
        if (++fields_ > most_fields) return &many_fields;
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return &malformed;
        const auto value = ascii::trimmed(line.substr(colon + 1));
        if (!std::all_of(value.begin(), value.end(), field_char)) return &malformed;
        return known_field(line.substr(0, colon), value);
    }

    const Refused* end() {
        if (hosts_ > 1 || (hosts_ == 0 && !head.http_1_0)) return &bad_host;
        if (head.framing == Framing::chunked && (has_length_ || head.http_1_0)) return &bad_framing;
        if (has_length_ && head.length > 0) head.framing = Framing::length;
        head.keep_alive = !close_ && (!head.http_1_0 || keep_alive_);
        if (head.http_1_0 || head.framing == Framing::none) head.expects_continue = false;
        return nullptr;
    }

    Head head;

private:
    const Refused* version(std::string_view text) {
        if (text == "HTTP/1.1") return nullptr;
        head.http_1_0 = text == "HTTP/1.0";
        if (head.http_1_0) return nullptr;
        return text.size() == 8 && text.starts_with("HTTP/") ? &odd_version : &malformed;
    }

    const Refused* target(std::string_view text) {
        if (text.size() > target_limit) return &long_target;
        if (!std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; })) return &bad_target;
        auto parsed = parse_target(text);
        if (!parsed) return &bad_target;
        head.request.target = text.substr(0, text.find('#'));
        head.request.path = std::move(parsed->path);
        head.request.query = std::move(parsed->query);
        return nullptr;
    }

    const Refused* known_field(std::string_view name, std::string_view value) {
        auto& request = head.request;
        if (ascii::same(name, "Host")) {
            ++hosts_;
        } else if (ascii::same(name, "Content-Length")) {
            const auto length = number(value);
            if (!length || has_length_) return &bad_framing;
            has_length_ = true;
            head.length = *length;
        } else if (ascii::same(name, "Transfer-Encoding")) {
            if (head.framing == Framing::chunked) return &bad_framing;
            if (!ascii::same(value, "chunked")) return &odd_coding;
            head.framing = Framing::chunked;
        } else if (ascii::same(name, "Connection")) {
            close_ = close_ || lists_word(value, "close");
            keep_alive_ = keep_alive_ || lists_word(value, "keep-alive");
        } else if (ascii::same(name, "Expect")) {
            if (!ascii::same(value, "100-continue")) return &bad_expectation;
            head.expects_continue = true;
        } else if (ascii::same(name, "Authorization")) {
            if (!head.authorization.empty()) return &malformed;
            head.authorization = value;
        } else if (ascii::same(name, "If-None-Match")) {
            if (!request.if_none_match.empty()) request.if_none_match += ", ";
            request.if_none_match += value;
        } else if (ascii::same(name, "Last-Event-ID")) {
            request.last_event_id = value;
        } else if (ascii::same(name, "Accept")) {
            if (!request.accept.empty()) request.accept += ", ";
            request.accept += value;
        } else if (ascii::same(name, "Content-Type")) {
            request.content_type = value;
        } else if (ascii::same(name, "Accept-Encoding")) {
            request.accepts_gzip = request.accepts_gzip || gzip_wanted(value);
        }
        return nullptr;
    }

    std::size_t fields_ = 0;
    int hosts_ = 0;
    bool has_length_ = false;
    bool close_ = false;
    bool keep_alive_ = false;
};

std::optional<std::string_view> take_line(std::string_view& text) {
    const auto end = text.find("\r\n");
    if (end == std::string_view::npos) return std::nullopt;
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 2);
    return line;
}

}  // namespace

boost::system::result<Head, Refused> parse_head(std::string_view text) {
    Parser parser;
    auto line = take_line(text);
    if (!line) return malformed;
    if (const auto* refused = parser.request_line(*line)) return *refused;
    for (line = take_line(text); line && !line->empty(); line = take_line(text)) {
        if (const auto* refused = parser.field(*line)) return *refused;
    }
    if (!line) return malformed;
    if (!text.empty()) return malformed;
    if (const auto* refused = parser.end()) return *refused;
    return std::move(parser.head);
}

}  // namespace imc::api
