#include "agent/cli/client.hpp"

#include "agent/cli/connection.hpp"
#include "agent/host/secret.hpp"
#include "agent/version.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/system/errc.hpp>
#include <charconv>
#include <optional>

namespace imc::cli {

using nlohmann::json;
namespace http = boost::beast::http;
namespace asio = boost::asio;
using Kind = Failure::Kind;

namespace {

constexpr std::size_t small_file = 64 * 1024;
constexpr int most_pages = 2'000;

struct Where {
    asio::ip::tcp::endpoint endpoint;
    std::string host;  // for the Host header
};

// "https://127.0.0.1:8443" or "https://[::1]:8443"; the agent writes addresses, never names.
std::optional<Where> where(std::string_view url) {
    constexpr std::string_view scheme = "https://";
    if (!url.starts_with(scheme)) return std::nullopt;
    url.remove_prefix(scheme.size());
    while (url.ends_with('/')) url.remove_suffix(1);
    const auto colon = url.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::string_view host = url.substr(0, colon);
    const std::string_view digits = url.substr(colon + 1);
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    boost::system::error_code bad;
    const auto address = asio::ip::make_address(std::string(host), bad);
    if (bad) return std::nullopt;
    return Where{{address, port}, std::string(url)};
}

std::string bare_fingerprint(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c != ':') out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

Answer<std::string> read_own(const std::string& file) {
    auto content = host::read_secret(file, small_file);
    if (content) return std::move(*content);
    if (content.error() == boost::system::errc::no_such_file_or_directory) {
        return Failure{Kind::not_running, "the agent is not running (" + file + " is not there)"};
    }
    if (content.error() == boost::system::errc::permission_denied) {
        return Failure{Kind::not_permitted, "this account may not read " + file + "; run as administrator (on Linux: root)"};
    }
    return Failure{Kind::failed, "cannot read " + file + ": " + content.error().message()};
}

std::string trimmed(std::string text) {
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.pop_back();
    return text;
}

// What a problem document or a status says.
Failure refusal(const Response& response) {
    const json problem = json::parse(response.body(), nullptr, false);
    std::string says;
    if (problem.is_object()) {
        for (const char* key : {"detail", "title"}) {
            if (says.empty() && problem.contains(key) && problem[key].is_string()) says = problem[key].get<std::string>();
        }
    }
    if (says.empty()) says = "status " + std::to_string(response.result_int());
    return {Kind::refused, "the agent refused: " + says, response.result_int()};
}

}  // namespace

struct Client::Impl {
    std::string url, fingerprint, token, agent_json;
    Where target;
    asio::ssl::context tls{asio::ssl::context::tls_client};
    std::unique_ptr<Connection> connection;

    Answer<void> connect() {
        auto fresh = std::make_unique<Connection>(tls);
        if (auto error = fresh->open(target.endpoint)) {
            if (error == asio::error::connection_refused || error == asio::error::connection_reset || error == asio::error::eof) {
                return Failure{Kind::not_running, "the agent is not running (nothing answers at " + url + ")"};
            }
            return Failure{Kind::failed, "the agent at " + url + " does not answer: " + error.message()};
        }
        // The token goes to nobody but the holder of this certificate.
        if (fresh->fingerprint() != bare_fingerprint(fingerprint)) {
            return Failure{Kind::untrusted, "what answers at " + url + " shows another certificate than " + agent_json +
                                                " says; it is not the agent, or the agent has just taken a new certificate"};
        }
        connection = std::move(fresh);
        return {};
    }

    Answer<json> ask(http::verb method, const std::string& path, const json* body) {
        Request request(method, path, 11);
        request.set(http::field::host, target.host);
        request.set(http::field::user_agent, "imconnector/" + version());
        request.set(http::field::accept, "application/json");
        request.set(http::field::authorization, "Bearer " + token);
        if (body) {
            request.set(http::field::content_type, "application/json");
            request.body() = body->dump(-1, ' ', false, json::error_handler_t::replace);
        }
        request.prepare_payload();
        Response response;
        // A connection that was kept may have been closed meanwhile; a question that changes nothing may be asked again.
        for (const bool kept : {connection != nullptr, false}) {
            if (!connection) {
                if (auto connected = connect(); !connected) return connected.error();
            }
            const auto error = connection->ask(request, response);
            if (!error) return answered(response);
            connection.reset();
            if (!kept || method != http::verb::get) {
                if (error == http::error::body_limit) return Failure{Kind::failed, "the answer of the agent is larger than 64 MiB"};
                return Failure{Kind::failed, "the agent at " + url + " broke off: " + error.message()};
            }
        }
        return Failure{Kind::failed, "the agent at " + url + " broke off"};
    }

    Answer<json> answered(const Response& response) {
        if (!response.keep_alive()) connection.reset();
        if (response.result_int() == 401 || response.result_int() == 403) {
            Failure failure = refusal(response);
            failure.says += " (the local token is of another run of the agent?)";
            return failure;
        }
        if (response.result_int() / 100 != 2) return refusal(response);
        if (response.body().empty()) return json();
        json document = json::parse(response.body(), nullptr, false);
        if (document.is_discarded()) return Failure{Kind::failed, "the answer of the agent at " + url + " is not JSON"};
        return document;
    }
};

Client::Client(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Answer<Client> Client::open(const engine::Places& places) {
    auto facts = read_own(places.agent_json);
    if (!facts) return facts.error();
    auto token = read_own(places.local_token);
    if (!token) return token.error();
    const json document = json::parse(*facts, nullptr, false);
    auto impl = std::make_unique<Impl>();
    impl->agent_json = places.agent_json;
    if (document.is_object()) {
        impl->url = document.value("url", "");
        impl->fingerprint = document.value("certificate_sha256", "");
    }
    const auto target = where(impl->url);
    if (!target || impl->fingerprint.empty()) return Failure{Kind::failed, places.agent_json + " does not say where the agent is"};
    impl->target = *target;
    impl->token = trimmed(std::move(*token));
    boost::system::error_code error;
    impl->tls.set_verify_mode(asio::ssl::verify_none, error);  // pinned in connect()
    SSL_CTX_set_min_proto_version(impl->tls.native_handle(), TLS1_2_VERSION);
    return Client(std::move(impl));
}

Answer<json> Client::get(const std::string& target) {
    return impl_->ask(http::verb::get, target, nullptr);
}

Answer<json> Client::post(const std::string& target, const json& body) {
    return impl_->ask(http::verb::post, target, &body);
}

Answer<json> Client::erase(const std::string& target) {
    return impl_->ask(http::verb::delete_, target, nullptr);
}

Answer<json> Client::all(const std::string& target) {
    const std::string first = target + (target.find('?') == std::string::npos ? "?" : "&") + "limit=1000";
    auto list = get(first);
    if (!list) return list;
    if (!list->is_object() || !(*list)["items"].is_array()) return Failure{Kind::failed, "the answer to " + target + " is no list"};
    json cursor = list->value("next_cursor", json());
    for (int page = 1; cursor.is_string() && page < most_pages; ++page) {
        auto next = get(first + "&cursor=" + encoded(cursor.get<std::string>()));
        if (!next) return next;
        if (!next->is_object() || !(*next)["items"].is_array()) return Failure{Kind::failed, "the answer to " + target + " is no list"};
        for (auto& item : (*next)["items"]) (*list)["items"].push_back(std::move(item));
        cursor = next->value("next_cursor", json());
    }
    // A part must not pass for the whole.
    if (cursor.is_string()) return Failure{Kind::failed, "the list " + target + " does not end"};
    list->erase("next_cursor");
    return list;
}

const std::string& Client::url() const {
    return impl_->url;
}

const std::string& Client::fingerprint() const {
    return impl_->fingerprint;
}

std::string encoded(std::string_view text) {
    static constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            out += c;
        } else {
            out += '%';
            out += hex[byte >> 4U];
            out += hex[byte & 0x0FU];
        }
    }
    return out;
}

}  // namespace imc::cli
