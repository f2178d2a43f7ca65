#include "tests/agent/api/live_server.hpp"

#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <memory>

using imc::api::ServerCounters;
using live::Client;
using live::get;
using live::Server;

namespace {

const std::string login = "Authorization: Bearer good\r\n";

imc::api::ServerLimits quick() {
    auto limits = live::generous();
    limits.handshake_timeout = limits.header_timeout = limits.body_timeout = limits.write_timeout = limits.idle_timeout = 1;
    return limits;
}

bool all_gone(const ServerCounters& counters) {
    return counters.open_connections == 0;
}

}  // namespace

TEST_CASE("A header that does not come in time is told so and the connection ends") {
    Server server(quick());
    Client client(server);
    const auto answer = client.ask("GET / HTTP/1.1\r\nHost:");
    REQUIRE(answer);
    CHECK(answer->result_int() == 408);
    CHECK(client.rest().empty());
    CHECK(server.counters().timeouts == 1);
}

TEST_CASE("A body that does not come in time is told so and the connection ends") {
    Server server(quick());
    Client client(server);
    const auto answer = client.ask("POST /echo HTTP/1.1\r\nHost: a\r\n" + login + "Content-Length: 10\r\n\r\nhalf");
    REQUIRE(answer);
    CHECK(answer->result_int() == 408);
    CHECK(client.rest().empty());
}

TEST_CASE("A connection without a request ends in silence") {
    Server server(quick());
    Client client(server);
    REQUIRE(client.ask(get("/echo")));
    CHECK(client.rest().empty());
    CHECK(server.until(all_gone));
    CHECK(server.counters().timeouts == 0);
}

TEST_CASE("A handshake that never comes ends") {
    Server server(quick());
    boost::asio::io_context network;
    boost::asio::ip::tcp::socket silent(network);
    silent.connect({boost::asio::ip::address_v4::loopback(), server.port()});
    char byte = 0;
    boost::system::error_code error;
    CHECK(silent.read_some(boost::asio::buffer(&byte, 1), error) == 0);
    CHECK(server.until([](const ServerCounters& counters) { return counters.timeouts == 1; }));
}

TEST_CASE("Who takes nothing of an answer is let go") {
    Server server(quick());
    Client client(server);
    std::string many;
    for (int k = 0; k < 200; ++k) many += get("/large");
    REQUIRE(client.send(many));
    CHECK(server.until(all_gone));
    CHECK(server.counters().timeouts == 1);
    CHECK(server.counters().requests < 200);
}

TEST_CASE("Too large a header, target or body is told so and the connection ends") {
    Server server;
    const std::string body_head = "POST /echo HTTP/1.1\r\nHost: a\r\n" + login;
    const std::pair<std::string, unsigned> cases[] = {
        {get("/echo", "X-Long: " + std::string(20'000, 'x') + "\r\n"), 431},
        {"GET /" + std::string(30'000, 'x'), 431},
        {get("/" + std::string(9'000, 'x')), 414},
        {body_head + "Content-Length: 65537\r\n\r\n", 413},
        {body_head + "Content-Length: 65537\r\n\r\n" + std::string(65'537, 'x'), 413},
        {body_head + "Transfer-Encoding: chunked\r\n\r\n10000\r\n" + std::string(65'536, 'x') + "\r\n1\r\nx\r\n", 413},
    };
    for (const auto& [text, status] : cases) {
        Client client(server);
        REQUIRE(client.send(text));
        const auto answer = client.receive();
        REQUIRE(answer);
        CHECK(answer->result_int() == status);
        CHECK((*answer)["Content-Type"] == "application/problem+json");
        CHECK((*answer)["Connection"] == "close");
        CHECK(client.rest().empty());
    }
    CHECK(server.counters().too_large == 6);
    Client client(server);
    CHECK(client.ask(body_head + "Content-Length: 65536\r\n\r\n" + std::string(65'536, 'x'))->result_int() == 200);
}

TEST_CASE("More connections than allowed are closed and counted, and their places are free again later") {
    auto limits = live::generous();
    limits.max_connections = 3;
    Server server(limits);
    std::vector<std::unique_ptr<Client>> clients;
    for (int k = 0; k < 3; ++k) clients.push_back(std::make_unique<Client>(server));
    for (const auto& client : clients) REQUIRE(client->ask(get("/echo")));
    CHECK_FALSE(Client(server).connected());
    CHECK(server.counters().refused == 1);
    CHECK(server.counters().open_connections == 3);
    clients.clear();
    REQUIRE(server.until(all_gone));
    CHECK(Client(server).ask(get("/echo")));
}

TEST_CASE("One address has its own limit, and those not admitted get no handshake") {
    auto limits = live::generous();
    limits.max_connections_per_address = 1;
    Server server(limits);
    Client first(server);
    REQUIRE(first.ask(get("/echo")));
    CHECK_FALSE(Client(server).connected());
    first.say_goodbye();
    REQUIRE(server.until(all_gone));
    server.admit_nobody();
    CHECK_FALSE(Client(server).connected());
    CHECK(server.counters().refused == 2);
}

TEST_CASE("Those who come through a tunnel have a name, half of all connections, and never the place of others") {
    auto limits = live::generous();
    limits.max_connections = 4;
    limits.max_connections_per_address = 1;
    Server server(limits);
    const auto port = server.listen_for("shuttle");
    std::vector<std::unique_ptr<Client>> guests;
    for (int k = 0; k < 2; ++k) guests.push_back(std::make_unique<Client>(port));
    for (const auto& guest : guests) {
        const auto who = guest->ask(get("/who", login));
        REQUIRE(who);
        CHECK(who->body().ends_with("@shuttle"));
    }
    CHECK_FALSE(Client(port).connected());
    Client local(server);
    const auto who = local.ask(get("/who", login));
    REQUIRE(who);
    CHECK(who->body().ends_with("@127.0.0.1"));
    guests.clear();
    REQUIRE(server.until([](const ServerCounters& counters) { return counters.open_connections == 1; }));
    server.admit_nobody();  // the list of addresses says nothing of whoever the relay has admitted
    CHECK(Client(port).connected());
}

TEST_CASE("A connection ends after its last allowed request") {
    auto limits = live::generous();
    limits.max_requests_per_connection = 2;
    Server server(limits);
    Client client(server);
    REQUIRE(client.send(get("/echo") + get("/echo") + get("/echo")));
    CHECK((*client.receive())["Connection"].empty());
    CHECK((*client.receive())["Connection"] == "close");
    CHECK(client.rest().empty());
    CHECK(server.counters().requests == 2);
}

TEST_CASE("Stopping ends idle and half-asked connections and feeds at once, and waits for an answer being made") {
    Server server;
    Client idle(server);
    Client half(server);
    Client follower(server);
    Client working(server);
    REQUIRE(idle.ask(get("/echo")));
    REQUIRE(half.send("GET / HTTP"));
    REQUIRE(follower.send(get("/follow")));
    REQUIRE(follower.some().starts_with("HTTP/1.1 200"));
    REQUIRE(working.ask(get("/echo")));
    REQUIRE(working.send(get("/slow")));
    REQUIRE(server.until([](const ServerCounters& counters) { return counters.requests == 4 && counters.open_feeds == 1; }));
    server.stop_server();
    CHECK(working.receive()->body() == "slow");
    CHECK(idle.rest().empty());
    CHECK(half.rest().empty());
    static_cast<void>(follower.rest());
    CHECK(server.stop_jobs(std::chrono::seconds(10)).empty());
    CHECK(server.counters().open_connections == 0);
    CHECK_FALSE(Client(server).connected());
    CHECK(server.failures().empty());
}
