#include "shuttle/io/proxy.hpp"

#include <algorithm>
#include <cstdlib>

namespace shuttle::io {
namespace {

constexpr const char* usual_port = ":8080";

std::string folded(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

int hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t k = 0; k < text.size(); ++k) {
        const bool escape = text[k] == '%' && k + 2 < text.size() && hex_digit(text[k + 1]) >= 0 && hex_digit(text[k + 2]) >= 0;
        out.push_back(escape ? static_cast<char>(hex_digit(text[k + 1]) * 16 + hex_digit(text[k + 2])) : text[k]);
        if (escape) k += 2;
    }
    return out;
}

std::string environment(const char* name) {
    const char* value = std::getenv(name);  // set before the program starts, and never by it
    return value == nullptr ? std::string() : std::string(value);
}

}  // namespace

Told<Proxy> parse_proxy(std::string_view url) {
    const auto failed = [](std::string why) { return Told<Proxy>(boost::system::in_place_error, std::move(why)); };
    if (const auto scheme = url.find("://"); scheme != std::string_view::npos) {
        if (folded(url.substr(0, scheme)) != "http") return failed("only proxies of the form http://host:port are spoken to");
        url.remove_prefix(scheme + 3);
    }
    url = url.substr(0, url.find('/'));
    Proxy proxy;
    if (const auto at = url.rfind('@'); at != std::string_view::npos) {
        const auto login = url.substr(0, at);
        const auto colon = login.find(':');
        proxy.user = decoded(login.substr(0, colon));
        if (colon != std::string_view::npos) proxy.password = decoded(login.substr(colon + 1));
        url.remove_prefix(at + 1);
    }
    const auto colon = url.rfind(':');
    const bool has_port = colon != std::string_view::npos && url.find(']', colon) == std::string_view::npos;
    const auto place = core::parse_host_port(has_port ? std::string(url) : std::string(url) + usual_port);
    if (!place) return failed("no host and port of a proxy; right would be such as http://proxy.example:8080");
    proxy.at = *place;
    return proxy;
}

bool passes_by(std::string_view no_proxy, std::string_view host) {
    const std::string name = folded(host);
    while (!no_proxy.empty()) {
        const auto end = std::min(no_proxy.find_first_of(", ;"), no_proxy.size());
        std::string entry = folded(no_proxy.substr(0, end));
        no_proxy.remove_prefix(std::min(end + 1, no_proxy.size()));
        if (entry.starts_with("*.")) entry.erase(0, 2);
        if (entry.starts_with(".")) entry.erase(0, 1);
        if (entry.empty()) continue;
        if (entry == "*" || entry == name || name.ends_with("." + entry)) return true;
    }
    return false;
}

Told<std::optional<Proxy>> find_proxy(const std::string& setting, const core::HostPort& relay) {
    std::string url = setting, source = "the configuration";
    if (setting.empty() || setting == "none") return std::optional<Proxy>();
    if (setting == "auto") {
        if (passes_by(environment("NO_PROXY") + "," + environment("no_proxy"), relay.host)) return std::optional<Proxy>();
        url = environment("HTTPS_PROXY");
        if (url.empty()) url = environment("https_proxy");
        source = "HTTPS_PROXY";
        if (url.empty()) return system_proxy(relay);
    }
    auto proxy = parse_proxy(url);
    if (!proxy) return Told<std::optional<Proxy>>(boost::system::in_place_error, "the proxy of " + source + ": " + proxy.error());
    proxy->source = source;
    return std::optional<Proxy>(std::move(*proxy));
}

}  // namespace shuttle::io
