// One agent for each data directory: a lock that the system takes back when the process ends, however it ends.
// lock_posix.cpp and lock_win32.cpp. What it is not: a lock on managed folders, which are never locked.
#pragma once

#include <memory>
#include <string>

namespace imc::host {

class Lock {
public:
    virtual ~Lock() = default;
};

// Null: another process holds it, or the file cannot be made.
[[nodiscard]] std::unique_ptr<Lock> take_lock(const std::string& path);

}  // namespace imc::host
