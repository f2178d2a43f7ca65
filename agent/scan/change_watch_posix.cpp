#include "agent/scan/change_watch.hpp"
#include "agent/scan/error_posix.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <map>
#include <poll.h>
#include <set>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace imc::scan {
namespace {

// Not IN_MODIFY: an image that is written for hours is heard when it is closed. A tool that sets nothing but the time of
// the last change is not heard.
constexpr std::uint32_t wanted = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF |
                                 IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK;

class Inotify final : public ChangeWatch {
public:
    Inotify() : events_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)), wakes_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
    ~Inotify() override {
        if (events_ >= 0) close(events_);
        if (wakes_ >= 0) close(wakes_);
    }
    Inotify(const Inotify&) = delete;
    Inotify& operator=(const Inotify&) = delete;

    [[nodiscard]] bool works() const noexcept { return events_ >= 0 && wakes_ >= 0; }

    std::vector<Silent> listen(const std::vector<std::string>& directories) override {
        const std::set<std::string> asked(directories.begin(), directories.end());
        std::erase_if(numbers_, [&](const auto& entry) {
            if (asked.contains(entry.first)) return false;
            forget(entry.second, entry.first);
            return true;
        });
        std::vector<Silent> silent;
        for (const auto& directory : asked) {
            if (numbers_.contains(directory)) continue;
            const int number = inotify_add_watch(events_, directory.c_str(), wanted);
            if (number < 0) {
                silent.push_back({directory, errno == ENOSPC || errno == ENOMEM ? Silence::exhausted : Silence::unreadable});
                continue;
            }
            numbers_[directory] = number;
            names_[number].insert(directory);  // two paths may lead to one directory
        }
        return silent;
    }

    Heard wait(std::chrono::milliseconds at_most) override {
        std::array<pollfd, 2> ready{pollfd{events_, POLLIN, 0}, pollfd{wakes_, POLLIN, 0}};
        const auto limit = std::clamp<std::chrono::milliseconds::rep>(at_most.count(), 0, INT_MAX);
        if (poll(ready.data(), ready.size(), static_cast<int>(limit)) <= 0) return {};
        std::uint64_t count = 0;
        [[maybe_unused]] const auto taken = read(wakes_, &count, sizeof count);
        Gathered gathered;
        while (read_events(gathered)) {
        }
        return finish(gathered);
    }

    void wake() noexcept override {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = write(wakes_, &one, sizeof one);
    }

private:
    struct Gathered {
        std::set<std::string> changed, lost, ended;
    };

    bool read_events(Gathered& gathered) {
        alignas(inotify_event) std::array<char, 16'384> buffer;
        const ssize_t got = read(events_, buffer.data(), buffer.size());
        if (got <= 0) return got < 0 && errno == EINTR;
        for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
            inotify_event event{};
            std::memcpy(&event, buffer.data() + at, sizeof event);
            at += sizeof event + event.len;
            take(event, gathered);
        }
        return true;
    }

    void take(const inotify_event& event, Gathered& gathered) {
        if ((event.mask & IN_Q_OVERFLOW) != 0) {
            for (const auto& [directory, number] : numbers_) {
                gathered.changed.insert(directory);
                gathered.lost.insert(directory);
            }
            return;
        }
        const auto found = names_.find(event.wd);
        if (found == names_.end()) return;
        if ((event.mask & (IN_IGNORED | IN_UNMOUNT | IN_DELETE_SELF | IN_MOVE_SELF)) == 0) {
            gathered.changed.insert(found->second.begin(), found->second.end());
            return;
        }
        gathered.ended.insert(found->second.begin(), found->second.end());
        for (const auto& directory : found->second) numbers_.erase(directory);
        names_.erase(found);
        inotify_rm_watch(events_, event.wd);
    }

    void forget(int number, const std::string& directory) {
        auto& names = names_[number];
        names.erase(directory);
        if (!names.empty()) return;
        names_.erase(number);
        inotify_rm_watch(events_, number);
    }

    static Heard finish(const Gathered& gathered) {
        Heard heard;
        heard.changed.assign(gathered.changed.begin(), gathered.changed.end());
        heard.lost.assign(gathered.lost.begin(), gathered.lost.end());
        for (const auto& directory : gathered.ended) heard.ended.push_back({directory, Silence::ended});
        return heard;
    }

    int events_;
    int wakes_;
    std::map<std::string, int> numbers_;
    std::map<int, std::set<std::string>> names_;
};

}  // namespace

boost::system::result<std::unique_ptr<ChangeWatch>> ChangeWatch::make() {
    auto made = std::make_unique<Inotify>();
    if (!made->works()) return make_error_code(from_errno(errno));
    return std::unique_ptr<ChangeWatch>(std::move(made));
}

}  // namespace imc::scan
