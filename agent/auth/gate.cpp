#include "agent/auth/gate.hpp"

#include "agent/auth/networks.hpp"
#include "agent/auth/throttle.hpp"
#include "agent/auth/token.hpp"
#include "shuttle/io/wait.hpp"

#include <openssl/crypto.h>

namespace imc::auth {
namespace {

constexpr std::string_view unknown_token = "unknown token";

bool same(const std::string& a, const std::string& b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

// The credentials of the scheme Bearer; nothing for any other.
std::optional<std::string> bearer(const std::string& authorization) {
    static constexpr std::string_view scheme = "bearer";
    const auto blank = authorization.find(' ');
    if (blank != scheme.size()) return std::nullopt;
    for (std::size_t k = 0; k < scheme.size(); ++k) {
        const char c = authorization[k];
        if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c) != scheme[k]) return std::nullopt;
    }
    const auto begin = authorization.find_first_not_of(' ', blank);
    return begin == std::string::npos ? std::string() : authorization.substr(begin);
}

api::Scope scope_of(const std::string& word) {
    if (word == "operate") return api::Scope::operate;
    return word == "read" ? api::Scope::read : api::Scope::none;
}

boost::asio::awaitable<void> real_pause(std::chrono::milliseconds duration) {
    co_await shuttle::io::pause(duration);
}

}  // namespace

struct Gate::Impl {
    Clock clock;
    Failed failed;
    Pause pause;
    Refresh refresh;
    Networks allowed;
    std::vector<store::TokenRecord> tokens;
    Throttle throttle;
    std::size_t delayed = 0;

    struct Verdict {
        api::Principal principal;
        std::string reason;  // why not; empty: it is all right
    };

    [[nodiscard]] Verdict look_up(const std::string& token) const {
        if (!well_formed(token)) return {{}, "malformed token"};
        const auto hash = sha256_hex(token);
        const store::TokenRecord* found = nullptr;
        for (const auto& record : tokens) {
            if (same(record.sha256, hash)) found = &record;
        }
        if (found == nullptr) return {{}, std::string(unknown_token)};
        if (found->revoked != 0) return {{}, "revoked token " + found->id};
        if (found->expires != 0 && found->expires <= clock()) return {{}, "expired token " + found->id};
        return {{scope_of(found->scope), found->id}, {}};
    }

    [[nodiscard]] Verdict judge(const api::Credentials& credentials) const {
        if (credentials.authorization.empty()) {
            return {{api::Scope::read, "cert:" + credentials.client_certificate_subject}, {}};
        }
        const auto token = bearer(credentials.authorization);
        return token ? look_up(*token) : Verdict{{}, "unknown authorization scheme"};
    }
};

namespace {

// Counts a login that waits, whatever ends the wait.
class Waiting {
public:
    explicit Waiting(std::size_t& count) : count_(count) { ++count_; }
    ~Waiting() { --count_; }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

private:
    std::size_t& count_;
};

}  // namespace

Gate::Gate(Clock clock, Failed failed) : Gate(std::move(clock), std::move(failed), real_pause) {}

Gate::Gate(Clock clock, Failed failed, Pause pause) : impl_(std::make_shared<Impl>()) {
    impl_->clock = std::move(clock);
    impl_->failed = std::move(failed);
    impl_->pause = std::move(pause);
}

Gate::~Gate() = default;

boost::system::result<void, std::string> Gate::allow(const std::vector<std::string>& cidrs) {
    auto networks = Networks::parse(cidrs);
    if (!networks) return networks.error();
    impl_->allowed = std::move(*networks);
    return boost::system::result<void, std::string>();
}

void Gate::set_tokens(std::vector<store::TokenRecord> tokens) {
    impl_->tokens = std::move(tokens);
}

void Gate::on_unknown_token(Refresh refresh) {
    impl_->refresh = std::move(refresh);
}

bool Gate::admits(const std::string& address) const {
    const auto plain = plain_address(address);
    return plain && (plain->is_loopback() || impl_->allowed.contain(*plain));
}

boost::asio::awaitable<api::Principal> Gate::authenticate(api::Credentials credentials) {
    const auto impl = impl_;  // a waiting login may outlive the gate
    if (credentials.authorization.empty() && credentials.client_certificate_subject.empty()) co_return api::Principal{};
    auto verdict = impl->judge(credentials);
    if (verdict.reason == unknown_token && impl->refresh && impl->delayed < most_delayed) {
        const Waiting reading(impl->delayed);
        co_await impl->refresh();
        verdict = impl->judge(credentials);
    }
    if (verdict.reason.empty()) co_return verdict.principal;
    if (impl->failed) impl->failed(credentials.remote, verdict.reason);
    const auto delay = impl->throttle.failed(caller_of(credentials.remote), impl->clock());
    if (impl->delayed >= most_delayed) co_return api::Principal{};
    const Waiting waiting(impl->delayed);
    co_await impl->pause(delay);
    co_return api::Principal{};
}

}  // namespace imc::auth
