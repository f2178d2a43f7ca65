#include "tests/agent/api/live_server.hpp"

#include "shuttle/io/wait.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/beast/http/read.hpp>
#include <catch2/catch.hpp>
#include <ctime>
#include <stdexcept>

namespace live {

namespace asio = boost::asio;
namespace api = imc::api;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

class Events : public api::Feed {
public:
    explicit Events(int left) : left_(left) {}
    asio::awaitable<std::optional<std::string>> next() override {
        if (left_ == 0) co_return std::nullopt;
        if (left_-- % 2 == 0) co_return std::string();
        co_await shuttle::io::pause(std::chrono::milliseconds(5));
        co_return "data: " + std::to_string(left_) + "\n\n";
    }

private:
    int left_;
};

class Silence : public api::Feed {
public:
    asio::awaitable<std::optional<std::string>> next() override {
        if (!greeted_) {
            greeted_ = true;
            co_return "data: hello\n\n";
        }
        co_await shuttle::io::pause(std::chrono::hours(1));
        co_return std::nullopt;
    }

private:
    bool greeted_ = false;
};

api::Response with_body(std::string text) {
    return api::json_response(200, std::move(text));
}

asio::awaitable<api::Response> answer(api::Request request) {
    const auto path = request.path.empty() ? std::string() : request.path.front();
    api::Response response;
    if (path == "echo") {
        std::string text = request.method;
        for (const auto& segment : request.path) text += "|" + segment;
        for (const auto& [name, value] : request.query) text += "?" + name + "=" + value;
        response = with_body(text + "\n" + request.body);
    } else if (path == "large") {
        response = with_body(std::string(300'000, 'x'));
        response.body_gzip = std::make_shared<const std::string>("compressed");
        response.etag = "\"one\"";
    } else if (path == "who") {
        response = with_body(request.principal.id + "@" + request.remote);
    } else if (path == "slow") {
        co_await shuttle::io::pause(std::chrono::milliseconds(100));
        response = with_body("slow");
    } else if (path == "throw") {
        throw std::runtime_error("secret detail");
    } else if (path == "feed") {
        response.feed = std::make_shared<Events>(5);
    } else if (path == "follow") {
        response.feed = std::make_shared<Silence>();
    } else {
        response = api::problem(404, "not-found", "Not found", "There is nothing here.");
        response.headers.emplace_back("X-Odd", "a\r\nSet-Cookie: b");
    }
    co_return response;
}

asio::awaitable<api::Principal> authenticate(api::Credentials credentials) {
    api::Principal principal;
    if (credentials.authorization == "Bearer good") principal = {api::Scope::operate, "t_good"};
    if (credentials.authorization.empty()) principal = {api::Scope::read, "cert:" + credentials.client_certificate_subject};
    co_return principal;
}

}  // namespace

api::ServerLimits generous() {
    return {100, 100, 1'000'000, 16'384, 65'536, 10, 10, 10, 10, 10, 4};
}

const imc::auth::Certificate& certificate() {
    static const auto made = imc::auth::make_self_signed("localhost", {"127.0.0.1"}, std::time(nullptr), {});
    if (!made) throw std::runtime_error(made.error());
    return *made;
}

api::TlsMaterial material(const imc::auth::Certificate& certificate) {
    return {certificate.chain_pem, certificate.key_pem, {}, false};
}

Server::Server(api::ServerLimits limits, std::optional<api::TlsMaterial> tls)
    : supervisor_(network_.get_executor(),
                  [this](const std::string& job, const std::string& what) { failures_.push_back(job + ": " + what); }),
      server_(
          network_.get_executor(), supervisor_, limits, authenticate, [this](const std::string&) { return admits_; }, answer) {
    const auto used = server_.use(tls ? *tls : material(certificate()));
    if (!used) throw std::runtime_error(used.error());
    const auto bound = server_.listen({"127.0.0.1:0"});
    if (!bound) throw std::runtime_error(bound.error());
    port_ = static_cast<unsigned short>(std::stoi(bound->front().substr(bound->front().rfind(':') + 1)));
    thread_ = std::thread([this] { network_.run(); });
}

Server::~Server() {
    stop_server();
    static_cast<void>(stop_jobs(std::chrono::seconds(5)));
    work_.reset();
    network_.stop();
    thread_.join();
}

api::ServerCounters Server::counters() {
    return call([this] { return server_.counters(); });
}

void Server::use(const api::TlsMaterial& tls) {
    const auto problem = call([this, tls] {
        const auto used = server_.use(tls);
        return used ? std::string() : used.error();
    });
    if (!problem.empty()) throw std::runtime_error(problem);
}

void Server::admit_nobody() {
    call([this] { admits_ = false; });
}

unsigned short Server::listen_for(const std::string& callers) {
    const auto address = call([this, callers] { return server_.listen({"127.0.0.1:0"}, callers); });
    if (!address) throw std::runtime_error(address.error());
    return static_cast<unsigned short>(std::stoi(address->front().substr(address->front().rfind(':') + 1)));
}

void Server::stop_server() {
    call([this] { server_.stop(); });
}

std::vector<std::string> Server::stop_jobs(std::chrono::milliseconds deadline) {
    return asio::co_spawn(network_, supervisor_.stop(deadline), asio::use_future).get();
}

std::vector<std::string> Server::failures() {
    return call([this] { return failures_; });
}

Client::Client(unsigned short port, const Options& options) {
    error_code error;
    if (options.tls_version != 0) {
        SSL_CTX_set_min_proto_version(context_.native_handle(), options.tls_version);
        SSL_CTX_set_max_proto_version(context_.native_handle(), options.tls_version);
        SSL_CTX_set_security_level(context_.native_handle(), 0);
    }
    if (!options.ciphers.empty()) SSL_CTX_set_cipher_list(context_.native_handle(), options.ciphers.c_str());
    if (!options.alpn.empty()) {
        SSL_CTX_set_alpn_protos(context_.native_handle(), reinterpret_cast<const unsigned char*>(options.alpn.data()),
                                static_cast<unsigned>(options.alpn.size()));
    }
    if (!options.certificate_pem.empty()) {
        context_.use_certificate_chain(asio::buffer(options.certificate_pem), error);
        context_.use_private_key(asio::buffer(options.key_pem), asio::ssl::context::pem, error);
    }
    stream_.emplace(network_, context_);
    stream_->next_layer().connect({asio::ip::address_v4::loopback(), port}, error);
    stream_->next_layer().set_option(tcp::no_delay(true), error);
    if (!error) stream_->handshake(asio::ssl::stream_base::client, error);
    connected_ = !error;
}

bool Client::send(const std::string& text) {
    error_code error;
    asio::write(*stream_, asio::buffer(text), error);
    return !error;
}

std::optional<Answer> Client::receive(bool to_head) {
    http::response_parser<http::string_body> parser;
    parser.skip(to_head);
    parser.body_limit(boost::none);
    error_code error;
    http::read(*stream_, buffer_, parser, error);
    if (error) return std::nullopt;
    return parser.release();
}

std::string Client::some() {
    std::string text(65'536, '\0');
    error_code error;
    text.resize(stream_->read_some(asio::buffer(text), error));
    return text;
}

std::string Client::rest() {
    std::string all;
    for (auto next = some(); !next.empty(); next = some()) all += next;
    return all;
}

void Client::say_goodbye() {
    error_code ignored;  // a server that has left already needs no goodbye
    stream_->next_layer().shutdown(tcp::socket::shutdown_send, ignored);
}

std::string Client::server_fingerprint() {
    X509* certificate = SSL_get1_peer_certificate(stream_->native_handle());
    if (certificate == nullptr) return {};
    const std::unique_ptr<X509, decltype(&X509_free)> owner(certificate, X509_free);
    unsigned char hash[32] = {};
    unsigned length = 0;
    X509_digest(certificate, EVP_sha256(), hash, &length);
    return {reinterpret_cast<const char*>(hash), length};
}

std::string Client::protocol() {
    const unsigned char* name = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(stream_->native_handle(), &name, &length);
    return {reinterpret_cast<const char*>(name), length};
}

std::string get(const std::string& path, const std::string& fields) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
}

}  // namespace live
