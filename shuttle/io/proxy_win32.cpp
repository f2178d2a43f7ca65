#include "shuttle/io/http_connect.hpp"
#include "shuttle/io/proxy.hpp"

// windows.h first.
#include <windows.h>

#define SECURITY_WIN32
#include <security.h>
#include <wincrypt.h>
#include <winhttp.h>

namespace shuttle::io {
namespace {

constexpr int script_limit = 10'000;  // milliseconds for each step of fetching a script

struct CloseSession {
    void operator()(void* session) const { WinHttpCloseHandle(session); }
};

std::wstring wide(const std::string& text) {
    const int size = MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), nullptr, 0);
    std::wstring out(static_cast<std::size_t>(size), L'\0');
    MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), out.data(), size);
    return out;
}

// Takes a string that WinHTTP has allocated, frees it, and gives it in UTF-8.
std::string taken(wchar_t*& text) {
    std::string out;
    if (text != nullptr) {
        const int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, nullptr, 0, nullptr, nullptr);
        out.resize(size > 0 ? static_cast<std::size_t>(size) - 1 : 0);
        WideCharToMultiByte(CP_UTF8, 0, text, -1, out.data(), size, nullptr, nullptr);
        GlobalFree(text);
        text = nullptr;
    }
    return out;
}

// Of "http=a:1;https=b:2" or "a:1 b:2" the one for https, the first.
std::string for_https(const std::string& list) {
    const auto named = list.find("https=");
    if (named == std::string::npos && list.find('=') != std::string::npos) return {};
    const std::string rest = list.substr(named == std::string::npos ? 0 : named + 6);
    return rest.substr(0, rest.find_first_of("; "));
}

std::optional<Proxy> chosen(const std::string& list, const std::string& bypass, const core::HostPort& relay) {
    if (list.empty() || passes_by(bypass, relay.host)) return std::nullopt;
    auto proxy = parse_proxy(for_https(list));
    if (!proxy) return std::nullopt;
    proxy->source = "the system's settings";
    return std::move(*proxy);
}

std::optional<Proxy> by_script(const std::wstring& script, bool detect, const core::HostPort& relay) {
    const std::unique_ptr<void, CloseSession> session(
        WinHttpOpen(L"imconnector", WINHTTP_ACCESS_TYPE_NO_PROXY, WINHTTP_NO_PROXY_NAME, WINHTTP_NO_PROXY_BYPASS, 0));
    if (!session) return std::nullopt;
    WinHttpSetTimeouts(session.get(), script_limit, script_limit, script_limit, script_limit);
    WINHTTP_AUTOPROXY_OPTIONS options{};
    options.fAutoLogonIfChallenged = TRUE;
    if (!script.empty()) {
        options.dwFlags = WINHTTP_AUTOPROXY_CONFIG_URL;
        options.lpszAutoConfigUrl = script.c_str();
    } else if (detect) {
        options.dwFlags = WINHTTP_AUTOPROXY_AUTO_DETECT;
        options.dwAutoDetectFlags = WINHTTP_AUTO_DETECT_TYPE_DHCP | WINHTTP_AUTO_DETECT_TYPE_DNS_A;
    } else {
        return std::nullopt;
    }
    WINHTTP_PROXY_INFO info{};
    const std::wstring url = wide("https://" + authority(relay) + "/");
    if (WinHttpGetProxyForUrl(session.get(), url.c_str(), &options, &info) == FALSE) return std::nullopt;
    const std::string list = taken(info.lpszProxy);
    const std::string bypass = taken(info.lpszProxyBypass);
    return info.dwAccessType == WINHTTP_ACCESS_TYPE_NAMED_PROXY ? chosen(list, bypass, relay) : std::nullopt;
}

std::string encoded(const void* bytes, unsigned long size) {
    DWORD length = 0;
    constexpr DWORD flags = CRYPT_STRING_BASE64 | CRYPT_STRING_NOCRLF;
    CryptBinaryToStringA(static_cast<const BYTE*>(bytes), size, flags, nullptr, &length);
    std::string text(length, '\0');
    if (CryptBinaryToStringA(static_cast<const BYTE*>(bytes), size, flags, text.data(), &length) == FALSE) return {};
    text.resize(length);
    return text;
}

std::string decoded(const std::string& text) {
    DWORD length = 0;
    const auto size = static_cast<DWORD>(text.size());
    if (CryptStringToBinaryA(text.data(), size, CRYPT_STRING_BASE64, nullptr, &length, nullptr, nullptr) == FALSE) return {};
    std::string bytes(length, '\0');
    auto* to = reinterpret_cast<BYTE*>(bytes.data());
    if (CryptStringToBinaryA(text.data(), size, CRYPT_STRING_BASE64, to, &length, nullptr, nullptr) == FALSE) return {};
    return bytes;
}

// The account that the service runs as logs in by itself.
class SystemLogin final : public ProxyLogin {
public:
    SystemLogin(std::string_view scheme, const Proxy& proxy) : scheme_(scheme), target_(wide("HTTP/" + proxy.at.host)) {
        std::wstring package = wide(std::string(scheme));
        ready_ = AcquireCredentialsHandleW(nullptr, package.data(), SECPKG_CRED_OUTBOUND, nullptr, nullptr, nullptr, nullptr, &credentials_,
                                           nullptr) == SEC_E_OK;
    }
    ~SystemLogin() override {
        if (begun_) DeleteSecurityContext(&context_);
        if (ready_) FreeCredentialsHandle(&credentials_);
    }

    std::string_view scheme() const override { return scheme_; }

    std::optional<std::string> next(const std::string& challenge) override {
        if (!ready_ || done_ || (begun_ && challenge.empty())) return std::nullopt;
        std::string heard = decoded(challenge);
        SecBuffer in{static_cast<unsigned long>(heard.size()), SECBUFFER_TOKEN, heard.data()};
        SecBufferDesc in_list{SECBUFFER_VERSION, 1, &in};
        SecBuffer out{0, SECBUFFER_TOKEN, nullptr};
        SecBufferDesc out_list{SECBUFFER_VERSION, 1, &out};
        unsigned long attributes = 0;
        const SECURITY_STATUS status =
            InitializeSecurityContextW(&credentials_, begun_ ? &context_ : nullptr, target_.data(), ISC_REQ_ALLOCATE_MEMORY, 0,
                                       SECURITY_NATIVE_DREP, begun_ ? &in_list : nullptr, 0, &context_, &out_list, &attributes, nullptr);
        if (status != SEC_E_OK && status != SEC_I_CONTINUE_NEEDED) return std::nullopt;
        begun_ = true;
        done_ = status == SEC_E_OK;
        std::string answer = encoded(out.pvBuffer, out.cbBuffer);
        if (out.pvBuffer != nullptr) FreeContextBuffer(out.pvBuffer);
        if (answer.empty()) return std::nullopt;
        return answer;
    }

private:
    std::string_view scheme_;
    std::wstring target_;
    CredHandle credentials_{};
    CtxtHandle context_{};
    bool ready_ = false;
    bool begun_ = false;
    bool done_ = false;
};

}  // namespace

std::optional<Proxy> system_proxy(const core::HostPort& relay) {
    WINHTTP_CURRENT_USER_IE_PROXY_CONFIG settings{};
    std::optional<Proxy> found;
    if (WinHttpGetIEProxyConfigForCurrentUser(&settings) != FALSE) {
        const std::wstring script = settings.lpszAutoConfigUrl != nullptr ? settings.lpszAutoConfigUrl : L"";
        taken(settings.lpszAutoConfigUrl);
        const std::string list = taken(settings.lpszProxy);
        const std::string bypass = taken(settings.lpszProxyBypass);
        found = by_script(script, settings.fAutoDetect != FALSE, relay);
        if (!found) found = chosen(list, bypass, relay);
    }
    WINHTTP_PROXY_INFO machine{};  // what "netsh winhttp set proxy" has set, for services
    if (found || WinHttpGetDefaultProxyConfiguration(&machine) == FALSE) return found;
    const std::string list = taken(machine.lpszProxy);
    const std::string bypass = taken(machine.lpszProxyBypass);
    return machine.dwAccessType == WINHTTP_ACCESS_TYPE_NAMED_PROXY ? chosen(list, bypass, relay) : std::nullopt;
}

std::vector<std::unique_ptr<ProxyLogin>> system_logins(const Proxy& proxy) {
    std::vector<std::unique_ptr<ProxyLogin>> logins;
    logins.push_back(std::make_unique<SystemLogin>("Negotiate", proxy));
    logins.push_back(std::make_unique<SystemLogin>("NTLM", proxy));
    return logins;
}

}  // namespace shuttle::io
