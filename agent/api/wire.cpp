#include "agent/api/wire.hpp"

#include "spchain/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace imc::api {
namespace {

namespace ascii = spchain::ascii;

struct Reason {
    unsigned status;
    std::string_view words;
};
constexpr Reason reasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
};

std::string_view reason_of(unsigned status) {
    const auto found = std::find_if(std::begin(reasons), std::end(reasons), [&](const Reason& r) { return r.status == status; });
    return found == std::end(reasons) ? std::string_view("Other") : found->words;
}

std::string_view opaque(std::string_view tag) {
    return tag.starts_with("W/") ? tag.substr(2) : tag;
}

// A value can never end its field and begin another.
void add_field(std::string& text, std::string_view name, std::string_view value) {
    text.append(name).append(": ");
    for (const char c : value) text.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c);
    text += "\r\n";
}

bool bodyless(unsigned status) {
    return status == 204 || status == 304;
}

void add_body_fields(std::string& text, const Response& response, const Delivery& delivery) {
    if (bodyless(response.status)) return;
    if (delivery.body == BodyKind::feed) {
        add_field(text, "Content-Type", "text/event-stream");
        if (!delivery.http_1_0) text += "Transfer-Encoding: chunked\r\n";
        return;
    }
    const auto& sent = delivery.body == BodyKind::gzip ? response.body_gzip : response.body;
    if (sent) add_field(text, "Content-Type", response.content_type);
    text.append("Content-Length: ").append(std::to_string(sent ? sent->size() : 0)).append("\r\n");
    if (delivery.body == BodyKind::gzip) text += "Content-Encoding: gzip\r\n";
}

void add_caching_fields(std::string& text, const Response& response, BodyKind body) {
    const auto has = [&](std::string_view name) {
        return std::any_of(response.headers.begin(), response.headers.end(),
                           [&](const auto& field) { return ascii::same(field.first, name); });
    };
    // One tag stands for both forms of the body, so it can only be weak where there are two.
    const bool weaken = body == BodyKind::gzip && !response.etag.starts_with("W/");
    if (!response.etag.empty()) add_field(text, "ETag", weaken ? "W/" + response.etag : response.etag);
    if (response.body_gzip) text += "Vary: Accept-Encoding\r\n";
    if (!has("Cache-Control")) text += response.etag.empty() ? "Cache-Control: no-store\r\n" : "Cache-Control: no-cache\r\n";
}

}  // namespace

bool etag_matches(std::string_view if_none_match, std::string_view etag) {
    if (etag.empty()) return false;
    if (ascii::trimmed(if_none_match) == "*") return true;
    while (!if_none_match.empty()) {
        const auto comma = if_none_match.find(',');
        if (opaque(ascii::trimmed(if_none_match.substr(0, comma))) == opaque(etag)) return true;
        if (comma == std::string_view::npos) break;
        if_none_match.remove_prefix(comma + 1);
    }
    return false;
}

BodyKind settle_body(Response& response, const Request& request) {
    if (response.feed) return BodyKind::feed;
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (reads && response.status == 200 && etag_matches(request.if_none_match, response.etag)) response.status = 304;
    if (bodyless(response.status)) return BodyKind::none;
    if (response.body_gzip && request.accepts_gzip) return BodyKind::gzip;
    return response.body ? BodyKind::plain : BodyKind::none;
}

std::string header_text(const Response& response, const Delivery& delivery, std::string_view date) {
    std::string text;
    text.reserve(512);
    text.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ").append(reason_of(response.status)).append("\r\n");
    text.append("Server: imconnector\r\nDate: ").append(date).append("\r\n");
    add_body_fields(text, response, delivery);
    add_caching_fields(text, response, delivery.body);
    text += "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nStrict-Transport-Security: max-age=31536000\r\n";
    for (const auto& [name, value] : response.headers) add_field(text, name, value);
    if (!delivery.keep_alive) text += "Connection: close\r\n";
    if (delivery.keep_alive && delivery.http_1_0) text += "Connection: keep-alive\r\n";
    return text += "\r\n";
}

std::string http_date(std::int64_t unix_seconds) {
    static constexpr const char* weekdays[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};  // 1 January 1970 was a Thursday
    static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto two = [](std::int64_t n) { return std::string{static_cast<char>('0' + n / 10 % 10), static_cast<char>('0' + n % 10)}; };
    const auto days = unix_seconds / 86'400;
    const auto time = unix_seconds % 86'400;
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
    std::string text = std::string(weekdays[days % 7]) + ", " + two(static_cast<unsigned>(date.day())) + " ";
    text += std::string(months[static_cast<unsigned>(date.month()) - 1]) + " " + std::to_string(static_cast<int>(date.year())) + " ";
    return text + two(time / 3600) + ":" + two(time / 60 % 60) + ":" + two(time % 60) + " GMT";
}

std::string chunk(std::string_view content) {
    std::array<char, 16> size{};
    const auto end = std::to_chars(size.data(), size.data() + size.size(), content.size(), 16).ptr;
    std::string text(size.data(), end);
    return text.append("\r\n").append(content).append("\r\n");
}

}  // namespace imc::api
