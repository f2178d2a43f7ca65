#include "agent/scan/change_watch.hpp"
#include "agent/scan/removable_win32.hpp"
#include "agent/scan/wide_win32.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace imc::scan {
namespace {

constexpr DWORD wanted = FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_DIR_NAME | FILE_NOTIFY_CHANGE_LAST_WRITE;
constexpr ULONG_PTR wake_key = 0;
constexpr ULONG_PTR directory_key = 1;

// Empty where there is none, or none can be had.
std::string identity_of(const std::string& path) {
    auto found = identity(path);
    return found ? std::move(*found) : std::string();
}

// A directory that is listened to. The system writes into it until its packet has come, so it is kept that long.
struct Ear {
    OVERLAPPED overlapped{};  // first, so that a packet leads here
    std::string directory;
    std::string identity;
    Handle handle;
    bool armed = false;
    // Names are not read, only that there are any. Far below the 64 KiB that servers of SMB allow.
    alignas(DWORD) std::array<std::byte, 4'096> buffer;

    Ear(std::string path, HANDLE opened) : directory(std::move(path)), identity(identity_of(directory)), handle(opened) {}

    bool arm() {
        overlapped = {};
        armed = ReadDirectoryChangesW(handle.get(), buffer.data(), static_cast<DWORD>(buffer.size()), FALSE, wanted, nullptr, &overlapped,
                                      nullptr) != 0;
        return armed;
    }
};

class DirectoryChanges final : public ChangeWatch {
public:
    DirectoryChanges() : port_(CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 1)) {}
    ~DirectoryChanges() override {
        while (!ears_.empty()) close(ears_.begin());
        // A share that never answers keeps its packet. What the system may still write into is then left to it.
        for (int patience = 50; !closing_.empty() && patience > 0; --patience) static_cast<void>(wait(std::chrono::milliseconds(100)));
        for (auto& [address, ear] : closing_) static_cast<void>(ear.release());
    }
    DirectoryChanges(const DirectoryChanges&) = delete;
    DirectoryChanges& operator=(const DirectoryChanges&) = delete;

    [[nodiscard]] bool works() const noexcept { return static_cast<bool>(port_); }

    std::vector<Silent> listen(const std::vector<std::string>& directories) override {
        const std::set<std::string> asked(directories.begin(), directories.end());
        std::vector<Silent> silent;
        for (auto ear = ears_.begin(); ear != ears_.end();) {
            const auto at = ear++;
            // Nobody tells that a directory was renamed, and not every file system that it was removed; our handle would go
            // with it, or keep its name.
            const bool going = identity_of(at->first) != at->second->identity;
            if (going && asked.contains(at->first)) silent.push_back({at->first, Silence::ended});
            if (going || !asked.contains(at->first)) close(at);
        }
        for (const auto& directory : asked) {
            const auto ended = [&](const Silent& one) { return one.directory == directory; };
            if (ears_.contains(directory) || std::any_of(silent.begin(), silent.end(), ended)) continue;
            if (is_removable(directory)) {
                silent.push_back({directory, Silence::removable});
            } else if (!open(directory)) {
                silent.push_back({directory, Silence::unreadable});
            }
        }
        return silent;
    }

    Heard wait(std::chrono::milliseconds at_most) override {
        constexpr std::chrono::milliseconds::rep longest = 0x7FFF'FFFF;
        auto limit = static_cast<DWORD>(std::clamp<std::chrono::milliseconds::rep>(at_most.count(), 0, longest));
        Gathered gathered;
        std::array<OVERLAPPED_ENTRY, 64> packets;
        ULONG count = 0;
        // What is there already is taken, too, within bounds: a folder that never rests must not keep us here.
        for (int rounds = 0; rounds < 16; ++rounds, limit = 0) {
            if (!GetQueuedCompletionStatusEx(port_.get(), packets.data(), static_cast<ULONG>(packets.size()), &count, limit, FALSE)) break;
            for (ULONG i = 0; i < count; ++i) {
                if (packets[i].lpCompletionKey != wake_key) take(packets[i], gathered);
            }
        }
        Heard heard;
        heard.changed.assign(gathered.changed.begin(), gathered.changed.end());
        heard.lost.assign(gathered.lost.begin(), gathered.lost.end());
        for (const auto& directory : gathered.ended) heard.ended.push_back({directory, Silence::ended});
        return heard;
    }

    void wake() noexcept override { PostQueuedCompletionStatus(port_.get(), 0, wake_key, nullptr); }

private:
    struct Gathered {
        std::set<std::string> changed, lost, ended;
    };
    using Ears = std::map<std::string, std::unique_ptr<Ear>>;

    bool open(const std::string& directory) {
        constexpr DWORD sharing = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
        auto ear = std::make_unique<Ear>(directory, CreateFileW(long_path(directory).c_str(), FILE_LIST_DIRECTORY, sharing, nullptr,
                                                                OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OVERLAPPED, nullptr));
        if (!ear->handle || CreateIoCompletionPort(ear->handle.get(), port_.get(), directory_key, 0) == nullptr || !ear->arm())
            return false;
        ears_.emplace(directory, std::move(ear));
        return true;
    }

    void close(Ears::iterator at) {
        auto ear = std::move(at->second);
        ears_.erase(at);
        if (!ear->armed) return;
        CancelIoEx(ear->handle.get(), &ear->overlapped);
        closing_.emplace(&ear->overlapped, std::move(ear));
    }

    void take(const OVERLAPPED_ENTRY& packet, Gathered& gathered) {
        if (closing_.erase(packet.lpOverlapped) != 0) return;
        auto& ear = *reinterpret_cast<Ear*>(packet.lpOverlapped);
        ear.armed = false;
        DWORD bytes = 0;
        const DWORD error = GetOverlappedResult(ear.handle.get(), &ear.overlapped, &bytes, FALSE) ? ERROR_SUCCESS : GetLastError();
        const Notification heard = notification(error, bytes, packet.Internal);
        // Also after an overflow: without it later events would be lost for good.
        if (heard == Notification::ended || is_going(ear.handle.get()) || !ear.arm()) {
            gathered.ended.insert(ear.directory);
            ears_.erase(std::string(ear.directory));
            return;
        }
        gathered.changed.insert(ear.directory);
        if (heard == Notification::lost) gathered.lost.insert(ear.directory);
    }

    // Removed as far as others are concerned; it is gone when our handle is.
    static bool is_going(HANDLE directory) {
        FILE_STANDARD_INFO about{};
        return !GetFileInformationByHandleEx(directory, FileStandardInfo, &about, sizeof about) || about.DeletePending;
    }

    Handle port_;
    Ears ears_;
    std::map<OVERLAPPED*, std::unique_ptr<Ear>> closing_;
};

}  // namespace

boost::system::result<std::unique_ptr<ChangeWatch>> ChangeWatch::make() {
    auto made = std::make_unique<DirectoryChanges>();
    if (!made->works()) return make_error_code(from_win32(GetLastError()));
    return std::unique_ptr<ChangeWatch>(std::move(made));
}

}  // namespace imc::scan
