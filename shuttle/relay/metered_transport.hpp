// A portal's connection that passes no more bytes a second than its quotas allow: whoever sends more is not read until it is time, so
// that nothing is gathered here and the sender's own windows close. What it is not: a limit of a connection by itself; several
// share a quota. Thread: the network thread.
#pragma once

#include "shuttle/io/transport.hpp"
#include "shuttle/relay/quota.hpp"

#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <vector>

namespace shuttle::relay {

class MeteredTransport final : public io::Transport {
public:
    // `inner` must outlive it.
    MeteredTransport(io::Transport& inner, std::vector<std::shared_ptr<Quota>> quotas, const boost::asio::any_io_executor& network)
        : inner_(inner), quotas_(std::move(quotas)), reading_(network), writing_(network) {}

    boost::asio::awaitable<boost::system::result<std::size_t>> read(std::span<std::uint8_t> target) override;
    boost::asio::awaitable<boost::system::error_code> write(std::span<const std::uint8_t> message) override;
    [[nodiscard]] std::size_t worth_gathering() const noexcept override { return inner_.worth_gathering(); }
    void close() noexcept override;

private:
    // Counts `bytes` and waits until they may pass; false: it was closed meanwhile.
    boost::asio::awaitable<bool> pass(std::size_t bytes, Meter Quota::*way, std::uint64_t Quota::*count, boost::asio::steady_timer& timer);

    io::Transport& inner_;
    std::vector<std::shared_ptr<Quota>> quotas_;
    boost::asio::steady_timer reading_, writing_;
    bool closed_ = false;
};

}  // namespace shuttle::relay
