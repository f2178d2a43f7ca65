// portal_load: small requests at a fixed rate over connections that stay, through a relay or straight, and how long each took,
// counted from when it was due (so that a slow answer does not hide the requests behind it). Prints one line of JSON.
//
//   portal_load --connect HOST:PORT [--agent ID] --rate N --seconds S --connections C     the relay's token: IMC_RELAY_TOKEN
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using asio::use_awaitable;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using Outer = ssl::stream<tcp::socket>;
using Inner = ssl::stream<Outer&>;

struct Options {
    std::string connect, agent, target = "/small";
    double rate = 1000, seconds = 5;
    std::size_t connections = 4;
};

struct Results {
    std::vector<double> milliseconds;
    std::size_t failed = 0;
};

template <class Stream>
asio::awaitable<std::size_t> ask(Stream& stream, std::string request, std::string& buffer) {
    co_await asio::async_write(stream, asio::buffer(request), use_awaitable);
    buffer.clear();
    const auto head = co_await asio::async_read_until(stream, asio::dynamic_buffer(buffer), "\r\n\r\n", use_awaitable);
    if (buffer.compare(0, 12, "HTTP/1.1 200") != 0) throw std::runtime_error(buffer.substr(0, buffer.find('\r')));
    co_return head;
}

template <class Stream>
asio::awaitable<void> load(Stream& stream, const Options& options, std::size_t number, Clock::time_point begin, Results& results) {
    const std::string request = "GET " + options.target + " HTTP/1.1\r\nHost: agent\r\n\r\n";
    const auto gap = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / options.rate));
    const auto count = static_cast<std::size_t>(options.rate * options.seconds);
    asio::steady_timer timer(co_await asio::this_coro::executor);
    std::string buffer;
    for (std::size_t i = number; i < count; i += options.connections) {
        const auto due = begin + gap * static_cast<Clock::rep>(i);
        timer.expires_at(due);
        co_await timer.async_wait(use_awaitable);
        const auto head = co_await ask(stream, request, buffer);
        const auto at = buffer.find("Content-Length: ");
        const auto length = std::strtoul(buffer.c_str() + at + 16, nullptr, 10);
        while (buffer.size() < head + length) {
            std::array<char, 4096> more{};
            const auto got = co_await stream.async_read_some(asio::buffer(more), use_awaitable);
            buffer.append(more.data(), got);
        }
        results.milliseconds.push_back(std::chrono::duration<double, std::milli>(Clock::now() - due).count());
    }
}

asio::awaitable<void> connection(const Options& options, ssl::context& context, std::size_t number, Clock::time_point begin,
                                 Results& results) {
    const auto executor = co_await asio::this_coro::executor;
    const auto colon = options.connect.rfind(':');
    const auto port = static_cast<std::uint16_t>(std::stoul(options.connect.substr(colon + 1)));
    Outer outer(executor, context);
    co_await outer.next_layer().async_connect({asio::ip::make_address(options.connect.substr(0, colon)), port}, use_awaitable);
    outer.next_layer().set_option(tcp::no_delay(true));
    co_await outer.async_handshake(ssl::stream_base::client, use_awaitable);
    if (options.agent.empty()) co_return co_await load(outer, options, number, begin, results);
    const char* token = std::getenv("IMC_RELAY_TOKEN");
    const std::string to = options.agent + ":443";
    std::string buffer;
    const std::string request = "CONNECT " + to + " HTTP/1.1\r\nHost: " + to + "\r\nProxy-Authorization: Bearer " +
                                std::string(token == nullptr ? "" : token) + "\r\n\r\n";
    co_await ask(outer, request, buffer);
    Inner inner(outer, context);
    co_await inner.async_handshake(ssl::stream_base::client, use_awaitable);
    co_await load(inner, options, number, begin, results);
}

double at(const std::vector<double>& sorted, double part) {
    return sorted.empty() ? 0 : sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(part * static_cast<double>(sorted.size())))];
}

}  // namespace

int main(int count, char** words) {
    Options options;
    CLI::App app("Small requests at a fixed rate.");
    app.add_option("--connect", options.connect)->required();
    app.add_option("--agent", options.agent);
    app.add_option("--target", options.target);
    app.add_option("--rate", options.rate);
    app.add_option("--seconds", options.seconds);
    app.add_option("--connections", options.connections);
    CLI11_PARSE(app, count, words);
    asio::io_context network{1};
    ssl::context context(ssl::context::tls_client);
    context.set_verify_mode(ssl::verify_none);
    Results results;
    // All are connected by then.
    const auto begin = Clock::now() + std::chrono::seconds(1);
    for (std::size_t number = 0; number < options.connections; ++number) {
        asio::co_spawn(network, connection(options, context, number, begin, results), [&results](std::exception_ptr failed) {
            if (!failed) return;
            ++results.failed;
            try {
                std::rethrow_exception(failed);
            } catch (const std::exception& failure) {
                std::cerr << "portal_load: " << failure.what() << "\n";
            }
        });
    }
    network.run();
    auto& all = results.milliseconds;
    std::sort(all.begin(), all.end());
    std::cout << "{\"requests\":" << all.size() << ",\"failed\":" << results.failed << ",\"median_ms\":" << at(all, 0.5)
              << ",\"p99_ms\":" << at(all, 0.99) << ",\"p999_ms\":" << at(all, 0.999) << "}" << std::endl;
    return results.failed == 0 ? 0 : 1;
}
