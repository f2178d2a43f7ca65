// One connection of the API server: requests within their limits, who is calling, answers, feeds. Internal to the
// server. What it is not: an acceptor; and it owns no state but its own. Thread: the network thread.
#pragma once

#include "agent/api/channel.hpp"
#include "agent/api/request_reader.hpp"
#include "agent/api/server.hpp"
#include "agent/api/wire.hpp"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace imc::api {

// What all connections of a server share.
struct Shared {
    ServerLimits limits;
    Authenticate authenticate;
    Handler handler;
    std::function<void(const std::string& what)> failed;  // a handler threw
    ServerCounters counters;
    TlsContext context;
    bool stopping = false;
    std::array<char, 16'384> scratch{};  // what was just read, until it is copied; never across a suspension

    [[nodiscard]] const std::string& date();  // for the Date field; made once a second

private:
    std::int64_t date_second_ = -1;
    std::string date_;
};

class Connection {
public:
    Connection(boost::asio::ip::tcp::socket socket, std::string remote, std::shared_ptr<Shared> shared);
    // Until the peer leaves, a limit passes, or stop().
    [[nodiscard]] boost::asio::awaitable<void> run();
    void stop();  // at once, or behind the answer that is being made

private:
    enum class Received { request, nothing };

    [[nodiscard]] boost::asio::awaitable<bool> exchange(bool last);
    [[nodiscard]] boost::asio::awaitable<Received> receive();
    [[nodiscard]] boost::asio::awaitable<bool> begin_body();
    [[nodiscard]] boost::asio::awaitable<void> time_out(RequestReader::State state);
    [[nodiscard]] boost::asio::awaitable<void> identify();
    [[nodiscard]] boost::asio::awaitable<void> refuse(Response response);
    [[nodiscard]] boost::asio::awaitable<Response> answer(Request request);
    [[nodiscard]] boost::asio::awaitable<bool> send(Response& response, const Request& request, Delivery delivery);
    [[nodiscard]] boost::asio::awaitable<void> feed(std::shared_ptr<Feed> feed, bool chunked);
    [[nodiscard]] boost::asio::awaitable<std::optional<std::string>> next_or_gone(std::shared_ptr<Feed> feed);
    [[nodiscard]] boost::asio::awaitable<void> peer_gone();

    std::shared_ptr<Shared> shared_;
    std::shared_ptr<Channel> channel_;
    RequestReader reader_;
    std::string remote_;
    std::string client_;                  // subject of the client's certificate
    std::optional<Principal> principal_;  // of the request that is being received
    bool answering_ = false;
};

}  // namespace imc::api
