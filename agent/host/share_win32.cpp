#include "agent/host/service_setup_win32.hpp"
#include "agent/host/share.hpp"
#include "agent/host/wide_win32.hpp"

#include <winnetwk.h>

namespace imc::host {
namespace {

class WidePassword {
public:
    explicit WidePassword(const std::string& plain) : text_(wide(plain)) {}
    ~WidePassword() { SecureZeroMemory(text_.data(), text_.size() * sizeof(wchar_t)); }
    WidePassword(const WidePassword&) = delete;
    WidePassword& operator=(const WidePassword&) = delete;
    [[nodiscard]] const wchar_t* text() const { return text_.c_str(); }

private:
    std::wstring text_;
};

// Everything that another try with the same words cannot change, and that a server may count.
ShareState state_of(DWORD error) {
    switch (error) {
        case NO_ERROR:
        case ERROR_ALREADY_ASSIGNED:
            return ShareState::connected;
        case ERROR_SESSION_CREDENTIAL_CONFLICT:
            return ShareState::conflict;
        case ERROR_ACCESS_DENIED:
        case ERROR_INVALID_PASSWORD:
        case ERROR_BAD_USERNAME:
        case ERROR_LOGON_FAILURE:
        case ERROR_ACCOUNT_RESTRICTION:
        case ERROR_INVALID_LOGON_HOURS:
        case ERROR_INVALID_WORKSTATION:
        case ERROR_PASSWORD_EXPIRED:
        case ERROR_PASSWORD_MUST_CHANGE:
        case ERROR_ACCOUNT_DISABLED:
        case ERROR_ACCOUNT_EXPIRED:
        case ERROR_ACCOUNT_LOCKED_OUT:
        case ERROR_LOGON_TYPE_NOT_GRANTED:
        case ERROR_NO_SUCH_USER:
        case ERROR_WRONG_PASSWORD:
            return ShareState::refused;
        default:
            return ShareState::unreachable;
    }
}

}  // namespace

ShareOutcome connect_share(const std::string& share, const std::string& account, const std::string& password) {
    std::wstring remote = wide(share);
    const std::wstring user = wide(account);
    const WidePassword secret(password);
    NETRESOURCEW resource{};
    resource.dwType = RESOURCETYPE_DISK;
    resource.lpRemoteName = remote.data();
    const DWORD error = WNetAddConnection2W(&resource, secret.text(), user.c_str(), CONNECT_TEMPORARY);
    const ShareState state = state_of(error);
    return {state, state == ShareState::connected ? std::string() : system_message(error)};
}

void disconnect_share(const std::string& share) {
    WNetCancelConnection2W(wide(share).c_str(), 0, TRUE);
}

bool shares_take_logins() noexcept {
    return true;
}

}  // namespace imc::host
