#include "agent/engine/hints.hpp"

#include "shuttle/io/wait.hpp"

#include <algorithm>

namespace imc::engine {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto pause_in_changes = std::chrono::seconds(3);
constexpr auto between_looks = std::chrono::seconds(30);
constexpr auto idle_wait = std::chrono::seconds(30);  // after it, folders that could not be listened to are tried again
constexpr auto busy_wait = std::chrono::seconds(1);

struct Round {
    std::vector<scan::Silent> silent;
    scan::Heard heard;
};

}  // namespace

void Debounce::heard(const std::string& folder, Time now) {
    Wish& wish = waiting_.try_emplace(folder, Wish{now, now}).first->second;
    wish.due = std::min(now + pause_, wish.first + apart_);
    if (const auto last = looked_.find(folder); last != looked_.end()) wish.due = std::max(wish.due, last->second + apart_);
}

std::vector<std::string> Debounce::due(Time now) {
    std::vector<std::string> folders;
    for (auto at = waiting_.begin(); at != waiting_.end();) {
        if (at->second.due > now) {
            ++at;
            continue;
        }
        looked_[at->first] = now;
        folders.push_back(at->first);
        at = waiting_.erase(at);
    }
    return folders;
}

void Debounce::keep(const std::vector<std::string>& folders) {
    const auto gone = [&](const auto& entry) { return std::find(folders.begin(), folders.end(), entry.first) == folders.end(); };
    std::erase_if(waiting_, gone);
    std::erase_if(looked_, gone);
}

Hints::Hints(Told told) : told_(std::move(told)), debounce_(pause_in_changes, between_looks) {
    if (auto made = scan::ChangeWatch::make()) watch_ = std::move(*made);
}

boost::asio::awaitable<void> Hints::run() {
    if (!watch_) {
        told_.log("this system does not tell of changes; folders are looked at by the clock alone");
        co_return;
    }
    while (!stopping_) {
        std::map<std::string, std::string> ids;  // by path
        std::vector<std::string> paths;
        std::vector<std::string> known;
        for (const auto& folder : told_.folders()) {
            ids[folder.path] = folder.id;
            paths.push_back(folder.path);
            known.push_back(folder.id);
        }
        debounce_.keep(known);
        const auto limit = debounce_.waiting() ? busy_wait : idle_wait;
        auto listen = [watch = watch_, opening = opening_, paths, limit] {
            Round round;
            *opening = true;
            round.silent = watch->listen(paths);
            *opening = false;
            round.heard = watch->wait(limit);
            return round;
        };
        const auto round = co_await shuttle::io::on(waiting_.get_executor(), std::move(listen));
        tell_silent(round.silent);
        const auto now = Clock::now();
        for (const auto& path : round.heard.changed) {
            if (const auto found = ids.find(path); found != ids.end()) debounce_.heard(found->second, now);
        }
        for (const auto& ended : round.heard.ended) {
            if (const auto found = ids.find(ended.directory); found != ids.end()) debounce_.heard(found->second, now);
        }
        for (const auto& folder : debounce_.due(now)) told_.look(folder);
    }
}

void Hints::tell_silent(const std::vector<scan::Silent>& silent) {
    const auto exhausted = std::any_of(silent.begin(), silent.end(), [](const auto& one) { return one.why == scan::Silence::exhausted; });
    if (exhausted && !exhausted_told_) {
        told_.log(
            "the system has no more watches for directories (on Linux: fs.inotify.max_user_watches); some folders are looked at by "
            "the clock alone");
    }
    exhausted_told_ = exhausted;
}

void Hints::folders_changed() {
    if (watch_) watch_->wake();
}

void Hints::stop() {
    // The pool is not stopped: what it has not begun would never come back. It begins, and is woken at once.
    stopping_ = true;
    if (watch_) watch_->wake();
}

}  // namespace imc::engine
