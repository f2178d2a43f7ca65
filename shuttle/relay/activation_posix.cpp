#include "shuttle/relay/activation.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace shuttle::relay {

using boost::asio::ip::tcp;

namespace {

constexpr int first = 3;   // SD_LISTEN_FDS_START
constexpr long most = 64;  // sockets

std::string taken(const char* name) {
    const char* value = std::getenv(name);
    std::string text = value == nullptr ? "" : value;
    ::unsetenv(name);
    return text;
}

long number(const std::string& text) {
    long value = 0;
    const auto end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && at == end ? value : -1;
}

io::Told<tcp::acceptor> acceptor_of(int fd, const boost::asio::any_io_executor& network) {
    const auto failed = [fd](const char* why) {
        return io::Told<tcp::acceptor>(boost::system::in_place_error, "the socket " + std::to_string(fd) + " that was handed over " + why);
    };
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    int listens = 0;
    socklen_t listens_size = sizeof listens;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return failed("is none");
    if (::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &listens_size) != 0 || listens == 0) return failed("does not listen");
    if (address.ss_family != AF_INET && address.ss_family != AF_INET6) return failed("is not of TCP");
    if (::fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) return failed("cannot be kept from other programs");
    tcp::acceptor acceptor(network);
    boost::system::error_code error;
    acceptor.assign(address.ss_family == AF_INET ? tcp::v4() : tcp::v6(), fd, error);
    if (error) return failed(("cannot be used: " + error.message()).c_str());
    return acceptor;
}

}  // namespace

io::Told<HandedOver> handed_over(const boost::asio::any_io_executor& network) {
    const auto failed = [](std::string why) { return io::Told<HandedOver>(boost::system::in_place_error, std::move(why)); };
    const auto pid = taken("LISTEN_PID"), fds = taken("LISTEN_FDS");
    std::string names = taken("LISTEN_FDNAMES");
    HandedOver all;
    if (pid.empty() || number(pid) != static_cast<long>(::getpid())) return all;  // meant for another process
    const long count = number(fds);
    if (count < 0 || count > most) return failed("LISTEN_FDS is no number of sockets");
    for (int fd = first; fd < first + static_cast<int>(count); ++fd) {
        const auto colon = std::min(names.find(':'), names.size());
        const std::string name = names.substr(0, colon);
        names.erase(0, colon + 1);
        auto* place = name == "agents" ? &all.agents : name == "portals" ? &all.portals : nullptr;
        if (place == nullptr) return failed("a socket called \"" + name + "\" was handed over; the relay knows \"agents\" and \"portals\"");
        auto acceptor = acceptor_of(fd, network);
        if (!acceptor) return failed(acceptor.error());
        place->push_back(std::move(*acceptor));
    }
    return all;
}

}  // namespace shuttle::relay
