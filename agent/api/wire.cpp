#include "agent/api/wire.hpp"

#include "agent/api/target.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/status.hpp>

namespace imc::api {
namespace {

namespace http = boost::beast::http;

std::string text_of(boost::beast::string_view view) { return {view.data(), view.size()}; }

// "gzip" without a weight of zero.
bool accepts_gzip(boost::beast::string_view value) {
    for (const auto& coding : http::ext_list(value)) {
        if (!boost::beast::iequals(coding.first, "gzip") && coding.first != "*") continue;
        for (const auto& parameter : http::param_list(coding.second)) {
            if (boost::beast::iequals(parameter.first, "q") && (parameter.second == "0" || parameter.second.starts_with("0.0"))) return false;
        }
        return true;
    }
    return false;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::string_view without_weakness(std::string_view tag) { return tag.starts_with("W/") ? tag.substr(2) : tag; }

}  // namespace

std::optional<Request> request_of(Message& message) {
    auto target = parse_target(std::string_view(message.target().data(), message.target().size()));
    if (!target) return std::nullopt;
    Request request;
    request.method = text_of(message.method_string());
    request.target = text_of(message.target());
    request.path = std::move(target->path);
    request.query = std::move(target->query);
    request.if_none_match = text_of(message[http::field::if_none_match]);
    request.last_event_id = text_of(message["Last-Event-ID"]);
    request.accept = text_of(message[http::field::accept]);
    request.content_type = text_of(message[http::field::content_type]);
    request.accepts_gzip = accepts_gzip(message[http::field::accept_encoding]);
    request.body = std::move(message.body());
    return request;
}

bool etag_matches(std::string_view if_none_match, std::string_view etag) {
    if (etag.empty()) return false;
    if (trimmed(if_none_match) == "*") return true;
    while (!if_none_match.empty()) {
        const auto comma = if_none_match.find(',');
        if (without_weakness(trimmed(if_none_match.substr(0, comma))) == without_weakness(etag)) return true;
        if (comma == std::string_view::npos) break;
        if_none_match.remove_prefix(comma + 1);
    }
    return false;
}

BodyKind settle_body(Response& response, const Request& request) {
    if (response.feed) return BodyKind::chunked;
    const bool read = request.method == "GET" || request.method == "HEAD";
    if (read && response.status == 200 && !request.if_none_match.empty() && etag_matches(request.if_none_match, response.etag)) {
        response.status = 304;
        response.body.reset();
        response.body_gzip.reset();
    }
    if (response.body_gzip && request.accepts_gzip) return BodyKind::gzip;
    return response.body ? BodyKind::plain : BodyKind::none;
}

std::string header_text(const Response& response, BodyKind body, const std::string& date, bool keep_alive, bool http_1_0) {
    std::string text;
    text.reserve(512);
    const auto reason = http::obsolete_reason(static_cast<http::status>(response.status));
    text += http_1_0 ? "HTTP/1.0 " : "HTTP/1.1 ";
    text += std::to_string(response.status);
    text += ' ';
    text.append(reason.data(), reason.size());
    text += "\r\nServer: imconnector\r\nDate: " + date;
    if (response.status != 304 && body != BodyKind::none) text += "\r\nContent-Type: " + response.content_type;
    if (body == BodyKind::chunked) {
        text += http_1_0 ? "" : "\r\nTransfer-Encoding: chunked";
    } else if (response.status != 304 && response.status != 204) {
        const auto& sent = body == BodyKind::gzip ? response.body_gzip : response.body;
        text += "\r\nContent-Length: " + std::to_string(sent ? sent->size() : 0);
    }
    if (body == BodyKind::gzip) text += "\r\nContent-Encoding: gzip";
    if (response.body_gzip) text += "\r\nVary: Accept-Encoding";
    if (!response.etag.empty()) text += "\r\nETag: " + response.etag;
    text += response.etag.empty() ? "\r\nCache-Control: no-store" : "\r\nCache-Control: no-cache";
    text += "\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nStrict-Transport-Security: max-age=31536000";
    for (const auto& [name, value] : response.headers) text += "\r\n" + name + ": " + value;
    text += keep_alive ? "\r\nConnection: keep-alive\r\n\r\n" : "\r\nConnection: close\r\n\r\n";
    return text;
}

}  // namespace imc::api
