// The protocol of sd_notify(3): datagrams of assignments to the socket that NOTIFY_SOCKET names.
#include "agent/host/overseer.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

namespace imc::host {
namespace {

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

std::uint64_t number(const std::string& text) {
    std::uint64_t value = 0;
    const auto end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && at == end ? value : 0;
}

std::uint64_t monotonic_microseconds() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(now.tv_nsec) / 1'000;
}

class Nobody final : public Overseer {
public:
    void starting(StartStep) override {}
    void ready() override {}
    void reloading() override {}
    void stopping(std::chrono::milliseconds) override {}
    void stopped() override {}
    void failed(StartStep, const std::string&) override {}
    void left() override {}
    [[nodiscard]] std::optional<std::chrono::milliseconds> alive_within() const override { return std::nullopt; }
    void alive() override {}
    void on_request(std::function<void(Request)>) override {}  // requests are signals here
    [[nodiscard]] bool keeps_output() const override { return true; }
};

class Systemd final : public Overseer {
public:
    explicit Systemd(std::string path) : path_(std::move(path)), socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        const auto pid = number(environment("WATCHDOG_PID"));
        const auto limit = number(environment("WATCHDOG_USEC"));
        if (limit > 0 && (pid == 0 || pid == static_cast<std::uint64_t>(::getpid()))) watchdog_ = std::chrono::microseconds(limit);
    }
    ~Systemd() override {
        if (socket_ >= 0) ::close(socket_);
    }

    void starting(StartStep step) override { send(std::string("STATUS=Starting: ") + to_string(step)); }
    void ready() override { send("READY=1\nSTATUS=Running"); }
    void reloading() override {
        send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic_microseconds()) + "\nSTATUS=Reading the configuration anew");
    }
    void stopping(std::chrono::milliseconds deadline) override {
        const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(deadline).count();
        send("STOPPING=1\nSTATUS=Stopping\nEXTEND_TIMEOUT_USEC=" + std::to_string(microseconds));
    }
    void stopped() override { send("STATUS=Stopped"); }
    void failed(StartStep step, const std::string& why) override {
        std::string line = std::string("STATUS=Failed while ") + to_string(step) + ": " + why;
        std::replace(line.begin(), line.end(), '\n', ' ');
        send(line);
    }
    void left() override {}
    [[nodiscard]] std::optional<std::chrono::milliseconds> alive_within() const override {
        if (watchdog_.count() == 0) return std::nullopt;
        return std::chrono::duration_cast<std::chrono::milliseconds>(watchdog_);
    }
    void alive() override { send("WATCHDOG=1"); }
    void on_request(std::function<void(Request)>) override {}  // systemd sends signals
    [[nodiscard]] bool keeps_output() const override { return true; }

private:
    // What systemd does not take cannot be mended here, and must not stop the agent.
    void send(const std::string& text) const {
        sockaddr_un address{};
        if (socket_ < 0 || path_.size() >= sizeof address.sun_path) return;
        address.sun_family = AF_UNIX;
        std::copy(path_.begin(), path_.end(), address.sun_path);
        if (path_.front() == '@') address.sun_path[0] = '\0';  // abstract, by the protocol
        const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path_.size() + (path_.front() == '@' ? 0 : 1));
        while (::sendto(socket_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&address),
                        length) < 0 &&
               errno == EINTR) {
        }
    }

    std::string path_;
    int socket_;
    std::chrono::microseconds watchdog_{0};
};

}  // namespace

std::unique_ptr<Overseer> overseer_of_process() {
    auto path = environment("NOTIFY_SOCKET");
    if (path.size() > 1 && (path.front() == '/' || path.front() == '@')) return std::make_unique<Systemd>(std::move(path));
    return std::make_unique<Nobody>();
}

}  // namespace imc::host
