#include "agent/engine/shares.hpp"

#include "agent/engine/abandon.hpp"
#include "agent/host/secret.hpp"
#include "agent/monitor/own_state.hpp"

#include <algorithm>

namespace imc::engine {
namespace {

using Steady = std::chrono::steady_clock;
using host::ShareState;

constexpr std::size_t threads = 4;  // each may be held by a server that does not answer
constexpr auto limit = std::chrono::seconds(30);
constexpr auto renewal = std::chrono::minutes(5);
constexpr auto retry = std::chrono::minutes(1);

std::string key_of(const std::string& share) {
    return "agent:share_login_failed:" + share;
}

host::ShareOutcome log_in(const store::ShareRecord& record, bool anew) {
    const auto password = host::unprotect_text(record.secret);
    if (!password) return {ShareState::refused, "the stored password cannot be read on this computer; store it again"};
    if (anew) host::disconnect_share(record.share);
    return host::connect_share(record.share, record.account, *password);
}

}  // namespace

struct Shares::Login {
    store::ShareRecord record;
    std::optional<ShareState> state;
    std::string why;
    std::optional<Time> due = Time{};  // nothing: not until it is stored anew
    bool replaces = false;             // another login of the same share was in use
    bool removed = false;
    std::shared_ptr<bool> running = std::make_shared<bool>(false);
};

Shares::Shares(boost::asio::any_io_executor network, Told told) : told_(std::move(told)), wake_(network) {}

Shares::~Shares() = default;

void Shares::set(std::vector<store::ShareRecord> records) {
    std::vector<std::shared_ptr<Login>> kept;
    for (auto& record : records) {
        const auto old = std::find_if(logins_.begin(), logins_.end(),
                                      [&](const auto& login) { return host::same_share(login->record.share, record.share); });
        const bool known = old != logins_.end();
        if (known && (*old)->record.secret == record.secret && (*old)->record.account == record.account) {
            kept.push_back(*old);
            continue;
        }
        auto login = std::make_shared<Login>();
        login->record = std::move(record);
        login->replaces = known;
        if (known) told_.tell(key_of((*old)->record.share), std::nullopt);
        kept.push_back(std::move(login));
    }
    for (const auto& login : logins_) {
        if (std::find(kept.begin(), kept.end(), login) != kept.end()) continue;
        login->removed = true;
        told_.tell(key_of(login->record.share), std::nullopt);
    }
    logins_ = std::move(kept);
    wake_.cancel();
}

void Shares::start(shuttle::io::Supervisor& supervisor) {
    supervisor.start(
        "share logins", [this] { return run(); }, shuttle::io::OnFailure::restart);
}

void Shares::stop() {
    stopping_ = true;
    wake_.cancel();
    if (connecting_) connecting_->stop();
}

bool Shares::stuck() const {
    return std::any_of(logins_.begin(), logins_.end(), [](const auto& login) { return *login->running; });
}

std::shared_ptr<Shares::Login> Shares::next_due() const {
    std::shared_ptr<Login> best;
    for (const auto& login : logins_) {
        if (!login->due || *login->running) continue;
        if (!best || *login->due < *best->due) best = login;
    }
    return best;
}

boost::asio::awaitable<void> Shares::run() {
    while (!stopping_) {
        const auto login = next_due();
        if (login && *login->due <= Steady::now()) {
            co_await connect(login);
            continue;
        }
        // One whose thread hangs is looked for again after a while; storing a login wakes.
        wake_.expires_at(std::min(login ? *login->due : Time::max(), Steady::now() + retry));
        boost::system::error_code woken;
        co_await wake_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    }
}

boost::asio::awaitable<void> Shares::connect(std::shared_ptr<Login> login) {
    if (!connecting_) connecting_ = std::make_unique<boost::asio::thread_pool>(threads);
    auto work = [record = login->record, anew = login->replaces] { return log_in(record, anew); };
    login->replaces = false;
    auto outcome = co_await abandonable(limit, connecting_->get_executor(), login->running, std::move(work));
    if (stopping_ || login->removed) co_return;
    if (!outcome) outcome = host::ShareOutcome{ShareState::unreachable, "no answer within 30 seconds"};
    note(*login, *outcome);
}

void Shares::note(Login& login, const host::ShareOutcome& outcome) {
    const bool news = login.state != outcome.state || login.why != outcome.why;
    login.state = outcome.state;
    login.why = outcome.why;
    const std::string& share = login.record.share;
    switch (outcome.state) {
        case ShareState::connected:
            login.due = Steady::now() + renewal;
            told_.tell(key_of(share), std::nullopt);
            if (news) {
                told_.log("logged in to " + share + " as " + login.record.account);
                told_.connected(share);
            }
            return;
        case ShareState::unreachable:
        case ShareState::conflict:
            login.due = Steady::now() + retry;
            break;
        case ShareState::refused:
        case ShareState::unsupported:
            login.due.reset();
            break;
    }
    if (!news) return;
    told_.log("cannot log in to " + share + " as " + login.record.account + ": " + outcome.why);
    told_.tell(key_of(share), monitor::share_login_failed(share, login.record.account, outcome.why, !login.due));
}

}  // namespace imc::engine
