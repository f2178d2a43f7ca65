#include "shuttle/relay/hook.hpp"

#include "shuttle/core/join_code.hpp"
#include "shuttle/io/keys.hpp"

#include <algorithm>
#include <array>
#include <openssl/evp.h>

namespace shuttle::relay {

namespace {

constexpr std::size_t longest_url = 2'000;
constexpr std::string_view prefix = "whsec_";

template <class T>
Told<T> because(const char* why) {
    return Told<T>(boost::system::in_place_error, why);
}

bool visible(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

std::string base64(std::span<const core::Byte> bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

// Whole groups of four only.
bool decode_base64(std::string_view text, std::vector<core::Byte>& out) {
    if (text.empty() || text.size() % 4 != 0) return false;
    out.resize(text.size() / 4 * 3);
    if (EVP_DecodeBlock(out.data(), reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size())) < 0) return false;
    const auto padding = static_cast<std::size_t>(text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0);
    out.resize(out.size() - padding);
    return true;
}

}  // namespace

Told<HookUrl> parse_hook_url(std::string_view text) {
    if (text.size() > longest_url || !visible(text)) return because<HookUrl>("a URL has at most 2000 visible letters of ASCII");
    HookUrl url;
    if (text.starts_with("https://")) {
        text.remove_prefix(8);
    } else if (text.starts_with("http://")) {
        url.tls = false;
        text.remove_prefix(7);
    } else {
        return because<HookUrl>("a webhook's URL begins with https://");
    }
    const auto end = std::min(text.find_first_of("/?#"), text.size());
    const auto authority = text.substr(0, end);
    std::string_view rest = text.substr(end);
    if (rest.find('#') != std::string_view::npos) return because<HookUrl>("a webhook's URL has no fragment");
    url.target = rest.starts_with("/") ? std::string(rest) : "/" + std::string(rest);
    if (authority.find('@') != std::string_view::npos)
        return because<HookUrl>("a webhook's URL has no user and password; sign with the secret");
    url.authority = authority;
    const auto colon = authority.rfind(':');
    const bool has_port = colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
    const auto place = core::parse_host_port(has_port ? std::string(authority) : std::string(authority) + (url.tls ? ":443" : ":80"));
    if (!place) return because<HookUrl>("there is no host in the webhook's URL");
    url.host = place->host;
    url.port = std::to_string(place->port);
    const bool here = url.host == "127.0.0.1" || url.host == "::1" || url.host == "localhost";
    if (!url.tls && !here) return because<HookUrl>("without TLS a webhook may only go to this computer: 127.0.0.1, [::1] or localhost");
    return url;
}

std::string shown_url(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return {};
    const auto end = std::min(url.find_first_of("/?#", scheme + 3), url.size());
    return std::string(url.substr(0, end)) + (end + 1 < url.size() ? "/..." : "");
}

Told<std::vector<core::Byte>> secret_bytes(std::string_view text) {
    using Bytes = std::vector<core::Byte>;
    if (text.starts_with(prefix)) {
        Bytes bytes;
        if (!decode_base64(text.substr(prefix.size()), bytes) || bytes.size() < 24 || bytes.size() > 64)
            return because<Bytes>("after whsec_ a secret has base64 of 24 to 64 bytes");
        return bytes;
    }
    if (text.size() < 16 || text.size() > 200 || !visible(text))
        return because<Bytes>("a secret has 16 to 200 visible letters of ASCII, or is whsec_ and base64");
    return Bytes(text.begin(), text.end());
}

std::string signature(const std::vector<core::Byte>& secret, std::string_view id, std::int64_t timestamp, std::string_view body) {
    std::string signed_text = std::string(id) + "." + std::to_string(timestamp) + ".";
    signed_text += body;
    const auto digest =
        io::OpenSslCrypto().hmac_sha256(secret, {reinterpret_cast<const core::Byte*>(signed_text.data()), signed_text.size()});
    return "v1," + base64(digest);
}

}  // namespace shuttle::relay
