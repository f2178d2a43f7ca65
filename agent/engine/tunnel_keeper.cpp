#include "agent/engine/tunnel_keeper.hpp"

#include "agent/host/files.hpp"
#include "agent/monitor/own_state.hpp"
#include "shuttle/io/tcp_transport.hpp"
#include "shuttle/io/wait.hpp"

#include <boost/asio/as_tuple.hpp>
#include <charconv>
#include <ctime>
#include <nlohmann/json.hpp>

namespace imc::engine {

namespace asio = boost::asio;
namespace io = shuttle::io;
using namespace std::chrono_literals;

namespace {

constexpr auto look_every = 1s;
constexpr auto connect_limit = 5s;
constexpr auto idle = std::chrono::seconds(3600);  // the API and the relay have shorter limits
constexpr std::int64_t patience = 300;             // seconds without a tunnel before it is worth telling
constexpr std::int64_t tell_every = 15;            // seconds; readers believe it for a minute
constexpr const char* callers = "shuttle";         // what the API, its log and the audit log call those who come by the tunnel
constexpr const char* finding_key = "agent:tunnel_down:";

// Of "127.0.0.1:port".
std::optional<asio::ip::tcp::endpoint> endpoint_of(const std::string& text) {
    const auto place = shuttle::core::parse_host_port(text);
    if (!place) return std::nullopt;
    boost::system::error_code error;
    const auto address = asio::ip::make_address(place->host, error);
    if (error) return std::nullopt;
    return asio::ip::tcp::endpoint(address, place->port);
}

// What changes with a file's content; nothing where nobody can tell.
std::optional<EnrolmentStamp> stamp_of(const std::string& file) {
    std::error_code error;
    const std::filesystem::path path(std::u8string(file.begin(), file.end()));
    EnrolmentStamp stamp;
    stamp.bytes = std::filesystem::file_size(path, error);
    if (!error) stamp.written = std::filesystem::last_write_time(path, error);
    if (error) return std::nullopt;
    return stamp;
}

// One look at the enrolment's file; `read` is empty where it is as it was.
struct Seen {
    std::optional<EnrolmentStamp> stamp;
    std::optional<boost::system::result<std::optional<Enrolment>, std::string>> read;
};

const char* word_of(io::UplinkState state) {
    switch (state) {
        case io::UplinkState::connected:
            return "connected";
        case io::UplinkState::dialing:
            return "connecting";
        case io::UplinkState::waiting:
            return "waiting";
    }
    return "";
}

}  // namespace

TunnelKeeper::TunnelKeeper(asio::any_io_executor network, io::Supervisor& supervisor, api::Server& server, Agent& agent, Log& log,
                           const Places& places)
    : network_(std::move(network)),
      supervisor_(supervisor),
      server_(server),
      agent_(agent),
      log_(log),
      enrolment_file_(places.enrolment),
      state_file_(places.tunnel_state) {}

TunnelKeeper::~TunnelKeeper() {
    static_cast<void>(host::remove_file(state_file_));
}

void TunnelKeeper::start() {
    supervisor_.start(
        "keep the tunnel", [this] { return keep(); }, io::OnFailure::restart);
}

void TunnelKeeper::stop() {
    if (uplink_) uplink_->stop();
}

asio::awaitable<void> TunnelKeeper::keep() {
    for (;;) {
        co_await look_at_enrolment();
        agent_.show_tunnel(facts());
        co_await tell_state();
        tell_finding();
        const bool go_on = co_await io::pause(look_every);
        if (!go_on) co_return;
    }
}

// Read again where it may have changed, and where it could not be used.
asio::awaitable<void> TunnelKeeper::look_at_enrolment() {
    auto look = [file = enrolment_file_, before = enrolment_problem_.empty() ? enrolment_stamp_ : std::nullopt] {
        Seen seen{stamp_of(file), {}};
        if (!seen.stamp || seen.stamp != before) seen.read = read_enrolment(file);
        return seen;
    };
    auto seen = co_await io::on(files_.get_executor(), std::move(look));
    enrolment_stamp_ = seen.stamp;
    if (seen.read) take(std::move(*seen.read));
}

void TunnelKeeper::take(boost::system::result<std::optional<Enrolment>, std::string> read) {
    if (!read) return cannot_use(read.error());
    const auto same = [](const std::optional<Enrolment>& a, const std::optional<Enrolment>& b) {
        if (!a || !b) return !a && !b;
        return a->agent == b->agent && a->address == b->address && a->relay_key == b->relay_key && a->proxy == b->proxy &&
               a->proxy_user == b->proxy_user && a->proxy_password == b->proxy_password && a->ca_file == b->ca_file &&
               a->refuse_interception == b->refuse_interception && a->key->public_key() == b->key->public_key();
    };
    if (same(*read, enrolment_)) return cannot_use({});
    if (uplink_) {
        uplink_->stop();
        earlier_connections_ += uplink_->facts().connections;
    }
    uplink_.reset();
    enrolment_.reset();
    cannot_use(*read ? begin(std::move(**read)) : std::string());
}

void TunnelKeeper::cannot_use(std::string why) {
    if (!why.empty() && why != enrolment_problem_) log_.error("shuttle: " + why);
    enrolment_problem_ = std::move(why);
}

// The problem in words; then it is tried again at the next look.
std::string TunnelKeeper::begin(Enrolment enrolment) {
    if (!api_) {
        const auto addresses = server_.listen({"127.0.0.1:0"}, callers);
        if (addresses) api_ = endpoint_of(addresses->front());
        if (!api_) return "the relay's connections cannot be taken: " + (addresses ? addresses->front() : addresses.error());
    }
    if (!pool_) pool_ = std::make_unique<boost::asio::thread_pool>(1);
    auto serve_stream = [this](io::TunnelStream stream) { return serve(std::move(stream)); };
    auto tell = [this](const std::string& line) { log_.info("shuttle: " + line); };
    uplink_ = std::make_shared<io::Uplink>(network_, supervisor_, target_of(enrolment, pool_->get_executor()), serve_stream, tell);
    enrolment_ = std::move(enrolment);
    auto run = [uplink = uplink_]() { return uplink->run(); };
    supervisor_.start("uplink", std::move(run), io::OnFailure::restart);
    return {};
}

// A stream names no target: it ends at this agent's API.
asio::awaitable<void> TunnelKeeper::serve(io::TunnelStream stream) {
    ++streams_;
    asio::ip::tcp::socket socket(network_);
    auto connecting = socket.async_connect(*api_, asio::as_tuple(asio::use_awaitable));
    const auto connected = co_await io::within(connect_limit, std::move(connecting));
    if (!connected || std::get<0>(*connected)) {
        stream.reset();
        co_return;
    }
    io::TcpTransport transport(std::move(socket));
    io::Carried carried;
    struct Counted {
        TunnelKeeper& keeper;
        const io::Carried& carried;
        ~Counted() {
            keeper.open_.erase(&carried);
            keeper.ended_.up += carried.up;
            keeper.ended_.down += carried.down;
        }
    };
    const Counted counted{*this, carried};
    open_.insert(&carried);
    co_await io::splice(transport, stream, idle, carried, io::Decides::connection);
}

asio::awaitable<void> TunnelKeeper::tell_state() {
    const std::string text = state_json();
    const auto now = static_cast<std::int64_t>(std::time(nullptr));
    if (text == told_ && now >= told_at_ && now - told_at_ < tell_every) co_return;
    // With the time, so that nobody takes what a killed agent has left for the truth.
    auto write = [file = state_file_, dated = text.substr(0, text.size() - 1) + ",\"told\":" + std::to_string(now) + "}\n"] {
        return host::write_file(file, dated, false);
    };
    const auto written = co_await io::on(files_.get_executor(), std::move(write));
    if (!written) log_.debug("shuttle.json: " + written.error().message());
    told_ = text;
    told_at_ = now;
}

// Only what is new: each word published costs readers a look.
void TunnelKeeper::tell_finding() {
    std::string problem;
    std::optional<store::FindingRecord> finding;
    if (uplink_) {
        const auto facts = uplink_->facts();
        const auto down = static_cast<std::int64_t>(std::time(nullptr)) - facts.since;
        const bool bad = facts.state != io::UplinkState::connected && (facts.refused || facts.replaced || down > patience);
        // While it is dialled again, or nobody knows yet whether the new tunnel lasts, what was told stays.
        if (facts.state == io::UplinkState::connected && !facts.healthy && !told_problem_.empty()) return;
        if (!bad && facts.state != io::UplinkState::connected) return;
        if (bad && facts.state == io::UplinkState::dialing && !told_problem_.empty()) return;
        if (bad) {
            problem = std::string(io::word_of(facts.step)) + ": " + facts.problem;
            finding = monitor::tunnel_down(enrolment_->relay, std::string(io::word_of(facts.step)), facts.problem, facts.replaced);
        }
    }
    if (!finding && !enrolment_problem_.empty()) {
        // A tunnel that is up was made with what could be read before.
        problem = (uplink_ ? "next enrolment: " : "enrolment: ") + enrolment_problem_;
        finding = monitor::enrolment_unusable(enrolment_problem_, uplink_ != nullptr);
    }
    if (problem == told_problem_) return;
    told_problem_ = problem;
    agent_.tell(finding_key, std::move(finding));
}

api::TunnelFacts TunnelKeeper::facts() const {
    api::TunnelFacts out;
    out.streams = streams_;
    out.streams_open = open_.size();
    // A connection of the keeper's own to the API: what comes from there goes up into the tunnel.
    out.sent_bytes = ended_.up;
    out.received_bytes = ended_.down;
    for (const auto* carried : open_) {
        out.sent_bytes += carried->up;
        out.received_bytes += carried->down;
    }
    out.connections = earlier_connections_;
    out.problem = enrolment_problem_;
    if (!enrolment_ || !uplink_) {
        if (!enrolment_problem_.empty()) out.state = "unusable";
        return out;
    }
    const auto facts = uplink_->facts();
    const bool connected = facts.state == io::UplinkState::connected;
    out.state = word_of(facts.state);
    out.relay = enrolment_->relay;
    out.address = enrolment_->address;
    out.agent = enrolment_->agent;
    out.since = facts.since;
    out.next_try = facts.state == io::UplinkState::waiting ? facts.next_try : 0;
    out.failures = facts.failures;
    if (facts.state == io::UplinkState::dialing) out.under_way = io::word_of(facts.under_way);
    // A file that was damaged while it is in use speaks where nothing else does: the next start will not have it.
    if (!facts.problem.empty()) {
        out.step = io::word_of(facts.step);
        out.problem = facts.problem;
    }
    out.refused = facts.refused;
    out.replaced = facts.replaced;
    out.reached_at = facts.dial.address;
    out.proxy = facts.dial.proxy;
    out.certificate_issuer = facts.dial.certificate.issuer;
    if (facts.dial.intercepted) out.intercepted_by = facts.dial.certificate.issuer;
    out.generation = facts.generation;
    out.round_trip_us = connected ? facts.round_trip_us : 0;
    out.connections += facts.connections;
    return out;
}

std::string TunnelKeeper::state_json() const {
    using nlohmann::json;
    const auto facts = this->facts();
    const auto word = [](const std::string& text) { return text.empty() ? json() : json(text); };
    json state = {{"enrolled", enrolment_.has_value()}, {"problem", word(facts.problem)}};
    if (facts.state == "unusable") state["state"] = facts.state;
    if (!facts.relay.empty()) {
        state["relay"] = facts.relay;
        state["address"] = facts.address;
        state["agent"] = facts.agent;
        state["state"] = facts.state;
        state["since"] = facts.since;
        state["next_try"] = facts.next_try == 0 ? json() : json(facts.next_try);
        state["failures"] = facts.failures;
        state["under_way"] = word(facts.under_way);
        state["step"] = word(facts.step);
        state["refused"] = facts.refused;
        state["replaced"] = facts.replaced;
        state["reached_at"] = word(facts.reached_at);
        state["proxy"] = word(facts.proxy);
        state["certificate_issuer"] = word(facts.certificate_issuer);
        state["intercepted_by"] = word(facts.intercepted_by);
        state["generation"] = facts.generation;
        state["round_trip_ms"] = facts.round_trip_us == 0 ? json() : json((facts.round_trip_us + 500) / 1000);
        state["connections"] = facts.connections;
    }
    return state.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace imc::engine
