// A real API server on a free port of this computer, on its own thread, and a blocking TLS client that does not share
// its code. What it is not: the agent's API; it answers from a handful of paths made for tests.
#pragma once

#include "agent/api/server.hpp"
#include "agent/auth/certificate.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <future>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace live {

[[nodiscard]] imc::api::ServerLimits generous();
[[nodiscard]] const imc::auth::Certificate& certificate();  // for "localhost" and 127.0.0.1
[[nodiscard]] imc::api::TlsMaterial material(const imc::auth::Certificate& certificate);

// Paths: /echo (method, path and body), /large (with tag and gzip), /who (of the caller), /slow (answers after a while),
// /throw, /feed (three events), /follow (events without end). "Bearer good" is known to it, nothing else.
class Server {
public:
    explicit Server(imc::api::ServerLimits limits = generous(), std::optional<imc::api::TlsMaterial> tls = {});
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] unsigned short port() const { return port_; }
    [[nodiscard]] imc::api::ServerCounters counters();
    void use(const imc::api::TlsMaterial& tls);
    void admit_nobody();
    [[nodiscard]] unsigned short listen_for(const std::string& callers);  // another port, for those
    void stop_server();
    [[nodiscard]] std::vector<std::string> stop_jobs(std::chrono::milliseconds deadline);  // names of those left
    [[nodiscard]] std::vector<std::string> failures();
    // Waits until it holds, ten seconds at most.
    template <class Condition>
    [[nodiscard]] bool until(Condition condition) {
        for (int k = 0; k < 2'000; ++k) {
            if (condition(counters())) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        return false;
    }

private:
    template <class Function>
    auto call(Function function) {
        std::packaged_task<std::invoke_result_t<Function>()> task(std::move(function));
        return boost::asio::post(network_, std::move(task)).get();  // Asio turns such a task into its future
    }

    boost::asio::io_context network_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{network_.get_executor()};
    std::vector<std::string> failures_;
    bool admits_ = true;
    shuttle::io::Supervisor supervisor_;
    imc::api::Server server_;
    unsigned short port_ = 0;
    std::thread thread_;
};

using Answer = boost::beast::http::response<boost::beast::http::string_body>;

class Client {
public:
    struct Options {
        std::string certificate_pem, key_pem;
        int tls_version = 0;  // 0: any
        std::string ciphers;  // of TLS 1.2; empty: any
        std::string alpn;     // as on the wire; empty: none
    };
    explicit Client(const Server& server) : Client(server, Options()) {}
    explicit Client(unsigned short port) : Client(port, Options()) {}
    Client(const Server& server, const Options& options) : Client(server.port(), options) {}
    Client(unsigned short port, const Options& options);

    [[nodiscard]] bool connected() const { return connected_; }  // and shaken hands
    bool send(const std::string& text);
    [[nodiscard]] std::optional<Answer> receive(bool to_head = false);
    [[nodiscard]] std::optional<Answer> ask(const std::string& text) { return send(text) ? receive() : std::nullopt; }
    [[nodiscard]] std::string rest();  // until the server closes
    [[nodiscard]] std::string some();  // what comes next; empty: closed
    void say_goodbye();                // nothing more is sent; the answer still comes
    [[nodiscard]] std::string server_fingerprint();
    [[nodiscard]] std::string protocol();  // chosen by ALPN

private:
    boost::asio::io_context network_{1};
    boost::asio::ssl::context context_{boost::asio::ssl::context::tls_client};
    std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket>> stream_;
    boost::beast::flat_buffer buffer_;
    bool connected_ = false;
};

[[nodiscard]] std::string get(const std::string& path, const std::string& fields = {});

}  // namespace live
