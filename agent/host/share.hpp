// Logins to shares of other computers, for an account that may not read them by itself: Windows keeps such a login for the
// whole process and all its threads, and renews it by itself. Elsewhere the system mounts shares, and there is nothing to do.
// What it is not: a place where passwords are kept (store/settings.hpp) or a drive letter.
#pragma once

#include <string>
#include <string_view>

namespace imc::host {

// `\\server\share` of a path on one, as written there but without `\\?\UNC`; empty where the path is on no share.
[[nodiscard]] std::string share_of(std::string_view path);
[[nodiscard]] bool same_share(std::string_view a, std::string_view b) noexcept;  // the case of ASCII letters does not count

enum class ShareState {
    connected,
    refused,      // the server wants another account or password; trying again and again would lock the account
    unreachable,  // no such server or share now, or the system failed
    conflict,     // this process is connected to that server by another account
    unsupported,  // shares are not connected by programs on this system
};

struct ShareOutcome {
    ShareState state = ShareState::unsupported;
    std::string why;  // as the system says it; empty when connected
};

// Blocks as long as the network wants; any thread. Once more for a share that is connected is cheap and no error.
[[nodiscard]] ShareOutcome connect_share(const std::string& share, const std::string& account, const std::string& password);
// Before a login is made anew with another password. What is being read there fails once.
void disconnect_share(const std::string& share);
[[nodiscard]] bool shares_take_logins() noexcept;

}  // namespace imc::host
