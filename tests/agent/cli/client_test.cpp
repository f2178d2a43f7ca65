// The client against a TLS server of its own, which answers from a list and remembers what it was asked.
#include "agent/cli/client.hpp"

#include "agent/auth/certificate.hpp"
#include "tests/agent/scan/temporary.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <catch2/catch.hpp>
#include <ctime>
#include <thread>

using imc::cli::Client;
using imc::cli::Failure;
using nlohmann::json;
namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

struct Reply {
    unsigned status = 200;
    std::string body;
    bool close = false;
};

imc::auth::Certificate certificate() {
    auto made = imc::auth::make_self_signed("localhost", {"127.0.0.1"}, std::time(nullptr), {});
    REQUIRE(made.has_value());
    return *made;
}

std::string fingerprint_of(const imc::auth::Certificate& certificate) {
    return imc::auth::read(certificate.chain_pem)->sha256;
}

// Serves each connection to its end, one after the other, until the replies are used up.
class Server {
public:
    explicit Server(std::vector<Reply> replies) : replies_(std::move(replies)), own_(certificate()) {
        tls_.use_certificate_chain(asio::buffer(own_.chain_pem));
        tls_.use_private_key(asio::buffer(own_.key_pem), asio::ssl::context::pem);
        port_ = acceptor_.local_endpoint().port();
        thread_ = std::thread([this] { serve(); });
    }
    ~Server() {
        // One more connection lets the loop see that it is over.
        over_ = true;
        boost::system::error_code ignored;
        asio::ip::tcp::socket last(other_);
        last.connect({asio::ip::make_address("127.0.0.1"), port_}, ignored);
        last.close(ignored);
        thread_.join();
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::string fingerprint() const { return fingerprint_of(own_); }
    [[nodiscard]] unsigned short port() const { return port_; }
    std::vector<std::string> targets, tokens;  // to be read when the client is done
    int connections = 0;

private:
    void serve() {
        while (!over_) {
            asio::ip::tcp::socket socket(network_);
            acceptor_.accept(socket);
            if (over_) return;
            ++connections;
            boost::system::error_code error;
            asio::ssl::stream<asio::ip::tcp::socket> stream(std::move(socket), tls_);
            stream.handshake(asio::ssl::stream_base::server, error);
            boost::beast::flat_buffer buffer;
            while (!error && answer(stream, buffer, error)) {
            }
        }
    }

    bool answer(asio::ssl::stream<asio::ip::tcp::socket>& stream, boost::beast::flat_buffer& buffer, boost::system::error_code& error) {
        http::request<http::string_body> request;
        http::read(stream, buffer, request, error);
        if (error) return false;
        targets.emplace_back(request.target());
        tokens.emplace_back(request[http::field::authorization]);
        const Reply reply = next_ < replies_.size() ? replies_[next_++] : Reply{500, "{}"};
        http::response<http::string_body> response(static_cast<http::status>(reply.status), 11);
        response.body() = reply.body;
        response.keep_alive(true);
        response.prepare_payload();
        http::write(stream, response, error);
        return !error && !reply.close;
    }

    std::vector<Reply> replies_;
    std::size_t next_ = 0;
    imc::auth::Certificate own_;
    asio::io_context network_, other_;
    asio::ssl::context tls_{asio::ssl::context::tls_server};
    asio::ip::tcp::acceptor acceptor_{network_, {asio::ip::make_address("127.0.0.1"), 0}};
    unsigned short port_ = 0;
    std::atomic<bool> over_ = false;
    std::thread thread_;
};

struct Home {
    imc::test::Temporary directory;
    imc::config::Config config;
    Home() { config.data_directory = directory.path(); }
    void say(const std::string& url, const std::string& fingerprint) const {
        std::ofstream(directory.path("agent.json")) << json{{"url", url}, {"pid", 1}, {"certificate_sha256", fingerprint}};
        std::ofstream(directory.path("local.token")) << "imc_secret\n";
    }
    void say(const Server& server) const { say("https://127.0.0.1:" + std::to_string(server.port()), server.fingerprint()); }
    [[nodiscard]] imc::cli::Answer<Client> open() const { return Client::open(imc::engine::Places(config)); }
};

}  // namespace

TEST_CASE("Questions go over one connection with the local token") {
    Server server({{200, R"({"a":1})"}, {204, ""}, {202, R"({"status":"started"})"}});
    const Home home;
    home.say(server);
    {
        auto client = home.open();
        REQUIRE(client.has_value());
        CHECK((*client->get("/v1/agent"))["a"] == 1);
        CHECK(client->erase("/v1/folders/x")->is_null());
        CHECK((*client->post("/v1/rescan", json::object()))["status"] == "started");
    }
    CHECK(server.connections == 1);
    CHECK(server.targets == std::vector<std::string>{"/v1/agent", "/v1/folders/x", "/v1/rescan"});
    CHECK(server.tokens == std::vector<std::string>(3, "Bearer imc_secret"));
}

TEST_CASE("The token goes to nobody who shows another certificate") {
    Server server({{200, "{}"}});
    const Home home;
    home.say("https://127.0.0.1:" + std::to_string(server.port()), fingerprint_of(certificate()));
    {
        auto client = home.open();
        REQUIRE(client.has_value());
        const auto answer = client->get("/v1/agent");
        REQUIRE_FALSE(answer.has_value());
        CHECK(answer.error().kind == Failure::Kind::untrusted);
        CHECK(answer.error().says.find("imc_secret") == std::string::npos);
    }
    CHECK(server.targets.empty());
}

TEST_CASE("Nothing there, nothing listening and nonsense are told apart") {
    const Home home;
    CHECK(home.open().error().kind == Failure::Kind::not_running);
    unsigned short free_port = 0;
    {
        asio::io_context network;
        free_port = asio::ip::tcp::acceptor(network, {asio::ip::make_address("127.0.0.1"), 0}).local_endpoint().port();
    }
    home.say("https://127.0.0.1:" + std::to_string(free_port), "AB");
    auto client = home.open();
    REQUIRE(client.has_value());
    CHECK(client->get("/v1/agent").error().kind == Failure::Kind::not_running);
    for (const char* url :
         {"", "http://127.0.0.1:1", "https://example.com:1", "https://127.0.0.1", "https://127.0.0.1:x", "https://127.0.0.1:99999"}) {
        INFO(url);
        home.say(url, "AB");
        CHECK(home.open().error().kind == Failure::Kind::failed);
    }
    std::ofstream(home.directory.path("agent.json")) << "{";
    CHECK(home.open().error().kind == Failure::Kind::failed);
}

TEST_CASE("A refusal says what the agent said") {
    Server server({{409, R"({"title":"Conflict","detail":"The folder is configured."})"}, {401, "{}"}, {200, "not JSON"}});
    const Home home;
    home.say(server);
    auto client = home.open();
    REQUIRE(client.has_value());
    const auto refused = client->post("/v1/folders", json::object());
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().kind == Failure::Kind::refused);
    CHECK(refused.error().status == 409);
    CHECK(refused.error().says == "the agent refused: The folder is configured.");
    CHECK(client->get("/v1/agent").error().status == 401);
    CHECK(client->get("/v1/agent").error().kind == Failure::Kind::failed);
}

TEST_CASE("A list is read to its last page") {
    Server server({{200, R"({"items":[1,2],"next_cursor":"a b/="})"}, {200, R"({"items":[3],"next_cursor":null})"}, {200, R"({"x":1})"}});
    const Home home;
    home.say(server);
    {
        auto client = home.open();
        REQUIRE(client.has_value());
        const auto list = client->all("/v1/volumes?sort=age");
        REQUIRE(list.has_value());
        CHECK((*list)["items"] == json{1, 2, 3});
        CHECK_FALSE(list->contains("next_cursor"));
        CHECK_FALSE(client->all("/v1/volumes").has_value());
    }
    CHECK(server.targets.at(1) == "/v1/volumes?sort=age&limit=1000&cursor=a%20b%2F%3D");
}

TEST_CASE("A connection that was closed meanwhile is opened anew for a question that changes nothing") {
    Server server({{200, "{}", true}, {200, R"({"a":2})"}});
    const Home home;
    home.say(server);
    {
        auto client = home.open();
        REQUIRE(client.has_value());
        REQUIRE(client->get("/v1/agent").has_value());
        const auto again = client->get("/v1/agent");
        REQUIRE(again.has_value());
        CHECK((*again)["a"] == 2);
    }
    CHECK(server.connections == 2);
}
