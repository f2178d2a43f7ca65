#include "agent/engine/joiner.hpp"

#include "agent/host/files.hpp"
#include "agent/monitor/own_state.hpp"
#include "shuttle/io/keys.hpp"
#include "shuttle/io/wait.hpp"

namespace imc::engine {

namespace io = shuttle::io;
using namespace std::chrono_literals;

namespace {

constexpr auto look_every = 1s;
constexpr std::int64_t longest_life = 30LL * 86'400;  // seconds: what imshuttle gives a join code at most
constexpr unsigned soon_told = 2;                     // failures: a network that comes up a moment later is no news
constexpr const char* finding_key = "agent:join_failed:";

}  // namespace

Joiner::Joiner(Agent& agent, Log& log, const Places& places)
    : agent_(agent), log_(log), request_file_(places.join_request), enrolment_file_(places.enrolment) {}

// An installer stops the service, so what it gives is here when the service starts: without a code there is nothing to be looked for.
void Joiner::start(io::Supervisor& supervisor) {
    const auto given = read_join_request(request_file_);
    if (given && !*given) return;
    supervisor.start(
        "join the relay", [this] { return run(); }, io::OnFailure::restart);
}

boost::asio::awaitable<void> Joiner::run() {
    for (;;) {
        const bool settled = co_await look();
        if (settled) co_return;
        const bool go_on = co_await io::pause(look_every);
        if (!go_on) co_return;
    }
}

// The files may change meanwhile: somebody enrolls by hand, or gives another code.
boost::asio::awaitable<bool> Joiner::look() {
    struct Seen {
        boost::system::result<std::optional<JoinRequest>, std::string> given;
        boost::system::result<std::optional<Enrolment>, std::string> enrolled;
    };
    auto see = [request = request_file_, enrolment = enrolment_file_] {
        return Seen{read_join_request(request), read_enrolment(enrolment)};
    };
    const auto place = files_.place();
    auto seen = co_await io::on(place.executor(), std::move(see));
    if (!seen.given) {
        tell(seen.given.error(), false);
        co_return false;
    }
    if (!*seen.given) {
        tell("", false);
        co_return true;
    }
    // One that cannot be read is told by the tunnel's keeper, and is not replaced behind anybody's back.
    if (!seen.enrolled) co_return false;
    if (*seen.enrolled) {
        log_.info("shuttle: enrolled already, as " + (*seen.enrolled)->agent + "; the installer's join code is not used");
        settle();
        co_return true;
    }
    auto request = std::move(**seen.given);
    if (!request.problem.empty()) {
        tell(request.problem, false);
    } else if (agent_.now() - request.given > longest_life) {
        give_up(std::move(request), "the relay could not be reached while the join code was valid");
    } else if (Steady::now() >= next_try_) {
        co_await join(std::move(request));
    }
    co_return false;
}

boost::asio::awaitable<void> Joiner::join(JoinRequest request) {
    shuttle::core::JoinCodeFault fault{};
    const auto code = shuttle::core::decode_join_code(request.code, fault);
    if (!code) {
        give_up(std::move(request), fault_text(fault));
        co_return;
    }
    if (!pool_) pool_ = std::make_unique<boost::asio::thread_pool>(1);
    auto enrolment = begin_enrolment(*code);
    auto target = target_of(enrolment, pool_->get_executor());
    target.intent.join = code->secret;
    auto joined = co_await io::dial(std::move(target));
    if (!joined) {
        missed(request, joined.error());
        co_return;
    }
    enrolment.agent = joined->agent;
    const auto facts = joined->facts;
    const bool said = co_await io::within(1s, joined->transport->say_goodbye());
    static_cast<void>(said);
    joined->transport->close();
    if (facts.intercepted) log_.warning("shuttle: the TLS on the way is intercepted by " + facts.certificate.issuer);
    welcomed(std::move(enrolment), std::move(request));
}

void Joiner::welcomed(Enrolment enrolment, JoinRequest request) {
    // Somebody has enrolled it by hand meanwhile: that one holds.
    const auto enrolled = read_enrolment(enrolment_file_);
    if (enrolled && *enrolled) return;
    if (const auto written = write_enrolment(enrolment_file_, enrolment); !written) {
        give_up(std::move(request), written.error() + "; the join code is used up");
        return;
    }
    log_.info("shuttle: joined the relay " + enrolment.relay + " as " + enrolment.agent + " with the installer's join code");
    settle();
}

void Joiner::missed(const JoinRequest& request, const io::DialFailure& failure) {
    const std::string problem = std::string(io::word_of(failure.step)) + ": " + failure.says;
    if (failure.refused()) {
        give_up(request, problem);
        return;
    }
    log_.warning("shuttle: the relay cannot be joined yet: " + problem);
    const auto now = Steady::now();
    const auto wait = failure.wait > 0s ? backoff_.as_told(now, failure.wait, failure.wait + failure.wait / 2, io::random_bits())
                                        : backoff_.after_failure(now, io::random_bits());
    next_try_ = now + std::chrono::duration_cast<Steady::duration>(wait);
    if (backoff_.failures() >= soon_told) tell(problem, true);
}

// Without the code: it is of no use any more.
void Joiner::give_up(JoinRequest request, std::string problem) {
    request.code.clear();
    request.problem = std::move(problem);
    log_.error("shuttle: the installer's join code is given up: " + request.problem);
    if (const auto written = write_join_request(request_file_, request); !written) log_.error("shuttle: " + written.error());
    tell(request.problem, false);
}

void Joiner::settle() {
    if (const auto gone = host::remove_file(request_file_); !gone)
        log_.error("shuttle: " + request_file_ + " stays: " + gone.error().message());
    tell("", false);
}

// Only what is new.
void Joiner::tell(const std::string& problem, bool again) {
    if (problem == told_) return;
    told_ = problem;
    std::optional<store::FindingRecord> finding;
    if (!problem.empty()) finding = monitor::join_failed(request_file_, problem, again);
    agent_.tell(finding_key, std::move(finding));
}

}  // namespace imc::engine
