// slow-line: a wire between two network namespaces that delays, loses and freezes what it carries, for kernels that have no
// netem. It makes a TUN device at each end and passes packets between them:
//
//   slow-line NAMESPACE DEVICE NAMESPACE DEVICE [--whole]
//
// NAMESPACE is a file as `ip netns` makes it. On standard input it takes lines "delay MILLISECONDS" (each way), "loss PERCENT"
// (each way) and "freeze 0|1", and answers each with "ok"; it ends with its input. --whole passes segments of TCP as large as
// the sender makes them: faster, but what is lost then is up to 64 KiB at once. What it is not: a limit of bandwidth.
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <iostream>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <random>
#include <sched.h>
#include <sstream>
#include <stdexcept>
#include <string>
#include <sys/ioctl.h>
#include <unistd.h>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Packet = std::vector<std::uint8_t>;

constexpr std::size_t largest_packet = 66'000;
constexpr std::size_t most_under_way = 512u << 20;  // bytes each way; what comes on top is lost, as on any wire
constexpr int batch = 64;                           // packets of one way before the other has its turn

void must(bool good, const std::string& what) {
    if (!good) throw std::runtime_error(what + ": " + std::strerror(errno));
}

int open_device(const std::string& space, const std::string& name, bool whole) {
    const int place = ::open(space.c_str(), O_RDONLY | O_CLOEXEC);
    must(place >= 0, space);
    must(setns(place, CLONE_NEWNET) == 0, "setns " + space);
    ::close(place);
    const int device = ::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    must(device >= 0, "/dev/net/tun");
    ifreq request{};
    request.ifr_flags = static_cast<short>(IFF_TUN | IFF_NO_PI | (whole ? IFF_VNET_HDR : 0));
    name.copy(request.ifr_name, IFNAMSIZ - 1);
    must(ioctl(device, TUNSETIFF, &request) == 0, "TUNSETIFF " + name);
    if (whole) must(ioctl(device, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6) == 0, "TUNSETOFFLOAD " + name);
    return device;
}

struct Conditions {
    std::chrono::microseconds delay{0};
    double loss = 0;  // 0 to 1
    bool frozen = false;
};

// One direction.
class Way {
public:
    Way(int from, int to) : from_(from), to_(to) {}

    void take(const Conditions& now, std::mt19937_64& dice) {
        for (int i = 0; i < batch; ++i) {
            Packet packet = fresh();
            const auto got = ::read(from_, packet.data(), packet.size());
            if (got <= 0) {
                spare_.push_back(std::move(packet));
                return;
            }
            packet.resize(static_cast<std::size_t>(got));
            const bool lost = now.frozen || (now.loss > 0 && std::uniform_real_distribution<>(0, 1)(dice) < now.loss);
            if (lost || bytes_ + packet.size() > most_under_way) {
                spare_.push_back(std::move(packet));
                continue;
            }
            bytes_ += packet.size();
            // A shorter delay lets nothing overtake what is under way.
            const auto due = Clock::now() + now.delay;
            last_due_ = std::max(last_due_, due);
            queue_.push_back({last_due_, std::move(packet)});
        }
    }

    void give() {
        const auto now = Clock::now();
        while (!queue_.empty() && queue_.front().due <= now) {
            Packet& packet = queue_.front().packet;
            // A full device loses it: so does a wire.
            static_cast<void>(::write(to_, packet.data(), packet.size()) + 1);
            bytes_ -= packet.size();
            if (spare_.size() < 1024) spare_.push_back(std::move(packet));
            queue_.pop_front();
        }
    }

    [[nodiscard]] int from() const { return from_; }
    [[nodiscard]] Clock::time_point next() const { return queue_.empty() ? Clock::time_point::max() : queue_.front().due; }

private:
    struct Waiting {
        Clock::time_point due;
        Packet packet;
    };

    Packet fresh() {
        Packet packet;
        if (!spare_.empty()) {
            packet = std::move(spare_.back());
            spare_.pop_back();
        }
        packet.resize(largest_packet);
        return packet;
    }

    int from_, to_;
    std::deque<Waiting> queue_;
    std::vector<Packet> spare_;
    std::size_t bytes_ = 0;
    Clock::time_point last_due_{};
};

// False at the end of the input.
bool obey(Conditions& conditions) {
    std::array<char, 4096> text{};
    const auto got = ::read(STDIN_FILENO, text.data(), text.size());
    if (got <= 0) return false;
    std::istringstream lines(std::string(text.data(), static_cast<std::size_t>(got)));
    std::string word;
    double value = 0;
    while (lines >> word >> value) {
        if (word == "delay") conditions.delay = std::chrono::microseconds(static_cast<std::int64_t>(value * 1000));
        if (word == "loss") conditions.loss = value / 100;
        if (word == "freeze") conditions.frozen = value != 0;
        std::cout << "ok" << std::endl;
    }
    return true;
}

void carry(Way& there, Way& back) {
    Conditions conditions;
    std::mt19937_64 dice(20'240'601);
    for (;;) {
        const auto next = std::min(there.next(), back.next());
        timespec wait{1, 0};
        if (next != Clock::time_point::max()) {
            const auto left = std::max<std::int64_t>(std::chrono::nanoseconds(next - Clock::now()).count(), 0);
            wait = {left / 1'000'000'000, left % 1'000'000'000};
        }
        std::array<pollfd, 3> watched{pollfd{there.from(), POLLIN, 0}, pollfd{back.from(), POLLIN, 0}, pollfd{STDIN_FILENO, POLLIN, 0}};
        if (ppoll(watched.data(), watched.size(), &wait, nullptr) < 0 && errno != EINTR) must(false, "ppoll");
        if (watched[2].revents != 0 && !obey(conditions)) return;
        there.take(conditions, dice);
        there.give();
        back.take(conditions, dice);
        back.give();
    }
}

}  // namespace

int main(int count, char** words) {
    const bool whole = count == 6 && std::string(words[5]) == "--whole";
    if (count != 5 && !whole) {
        std::cerr << "usage: slow-line NAMESPACE DEVICE NAMESPACE DEVICE [--whole]\n";
        return 64;
    }
    try {
        const int one = open_device(words[1], words[2], whole);
        const int other = open_device(words[3], words[4], whole);
        std::cout << "ok" << std::endl;
        Way there(one, other), back(other, one);
        carry(there, back);
    } catch (const std::exception& failure) {
        std::cerr << "slow-line: " << failure.what() << "\n";
        return 1;
    }
    return 0;
}
