// One TLS connection of the API server: handshake, requests within their limits, answers, feeds. Internal to the
// server. What it is not: an acceptor; and it owns no state but its own. Thread: the network thread.
#pragma once

#include "agent/api/server.hpp"
#include "agent/api/beast_wire.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <memory>
#include <string>

namespace imc::api {

// What all connections of a server share.
struct Shared {
    ServerLimits limits;
    Authenticate authenticate;
    Handler handler;
    ServerCounters counters;
    std::shared_ptr<boost::asio::ssl::context> context;
    bool stopping = false;

    [[nodiscard]] const std::string& date();  // for the Date field; made once a second

private:
    std::int64_t date_second_ = 0;
    std::string date_;
};

class Connection {
public:
    Connection(boost::asio::ip::tcp::socket socket, std::string remote, std::shared_ptr<Shared> shared);
    // Until the peer leaves, a limit passes, or close(). Never throws but for want of memory.
    [[nodiscard]] boost::asio::awaitable<void> run();
    void close();

private:
    using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
    enum class Next { again, end };

    [[nodiscard]] boost::asio::awaitable<bool> handshake();
    [[nodiscard]] boost::asio::awaitable<bool> first_bytes();
    [[nodiscard]] boost::asio::awaitable<Next> exchange(bool last);
    [[nodiscard]] boost::asio::awaitable<boost::system::error_code> read(Parser& parser);
    [[nodiscard]] boost::asio::awaitable<Next> refuse(boost::system::error_code error);
    [[nodiscard]] boost::asio::awaitable<Response> answer(const Message& message, Request& request);
    [[nodiscard]] boost::asio::awaitable<bool> send(Response& response, const Request& request, bool keep_alive, bool http_1_0);
    [[nodiscard]] boost::asio::awaitable<void> feed(Response& response, bool chunked);
    [[nodiscard]] boost::asio::awaitable<bool> write(boost::asio::const_buffer first, boost::asio::const_buffer second = {});
    [[nodiscard]] boost::asio::awaitable<void> shutdown();
    void limit(std::int64_t seconds);

    std::shared_ptr<Shared> shared_;
    std::shared_ptr<boost::asio::ssl::context> context_;  // outlives the stream, even when the server takes another
    boost::beast::ssl_stream<boost::beast::tcp_stream> stream_;
    boost::beast::flat_buffer buffer_;
    std::string remote_;
    std::string client_;  // subject of the client's certificate
};

}  // namespace imc::api
