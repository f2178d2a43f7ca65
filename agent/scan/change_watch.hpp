// Hears that something changed directly in a directory, by inotify or ReadDirectoryChangesW. What it is not: the truth.
// Shares and some file systems tell nothing and queues overflow, so folders are looked at by the clock whether or not
// anything was heard; what is heard only brings the next look forward. change_watch_posix.cpp, change_watch_win32.cpp.
#pragma once

#include "agent/scan/listing.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace imc::scan {

enum class Silence {
    unreadable,  // it is not there, is no directory, or may not be read
    removable,   // Windows: an open directory would stand in the way of taking the drive out, so none is opened there
    exhausted,   // the system has no more watches to give (Linux: fs.inotify.max_user_watches)
    ended,       // it was renamed, removed or unmounted, or the share went away
};

struct Silent {
    std::string directory;
    Silence why;
};

// Directories as they were given to listen(), each once.
struct Heard {
    std::vector<std::string> changed;
    std::vector<std::string> lost;  // of `changed`, those where events were dropped
    std::vector<Silent> ended;      // not listened to any more; listen() tries again
    [[nodiscard]] bool empty() const noexcept { return changed.empty() && ended.empty(); }
};

// One thread at a time, but for wake(). On Windows a directory that is listened to can be removed or renamed, but not the
// directories above it: an open handle keeps their names.
class ChangeWatch {
public:
    // Error where the platform gives no such thing at all.
    [[nodiscard]] static boost::system::result<std::unique_ptr<ChangeWatch>> make();

    ChangeWatch() = default;
    ChangeWatch(const ChangeWatch&) = delete;
    ChangeWatch& operator=(const ChangeWatch&) = delete;
    virtual ~ChangeWatch() = default;

    // Listens to exactly these from now on: absolute paths, no sub-directories of theirs. Gives those that it cannot listen
    // to, or that have ended unheard; they are tried again at the next call, so call it now and then. Blocks as long as opening
    // a directory does.
    [[nodiscard]] virtual std::vector<Silent> listen(const std::vector<std::string>& directories) = 0;

    // Until something is heard or wake() is called, at most this long; what came meanwhile is given together.
    [[nodiscard]] virtual Heard wait(std::chrono::milliseconds at_most) = 0;

    // Ends a wait() that is going on, or the next one. Any thread.
    virtual void wake() noexcept = 0;
};

// What one completion of ReadDirectoryChangesW means. An overflow has three faces: success without a byte, error 1022
// (ERROR_NOTIFY_ENUM_DIR) and, in packets of a completion port, the status 0x10C (STATUS_NOTIFY_ENUM_DIR).
enum class Notification { changed, lost, ended };
[[nodiscard]] Notification notification(std::uint32_t error, std::uint32_t bytes, std::uint64_t status) noexcept;

}  // namespace imc::scan
