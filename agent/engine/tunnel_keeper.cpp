#include "agent/engine/tunnel_keeper.hpp"

#include "agent/host/files.hpp"
#include "agent/monitor/own_state.hpp"
#include "agent/scan/listing.hpp"
#include "shuttle/io/splice.hpp"
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
                           std::string data_directory)
    : network_(std::move(network)),
      supervisor_(supervisor),
      server_(server),
      agent_(agent),
      log_(log),
      enrolment_file_(engine::enrolment_file(data_directory)),
      state_file_(scan::join(data_directory, "shuttle.json")) {}

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
        look_at_enrolment();
        tell_state();
        const bool go_on = co_await io::pause(look_every);
        if (!go_on) co_return;
    }
}

// Small, local and rarely changed: it is read again each time.
void TunnelKeeper::look_at_enrolment() {
    auto read = read_enrolment(enrolment_file_);
    if (!read) {
        if (read.error() != enrolment_problem_) log_.error("shuttle: " + read.error());
        enrolment_problem_ = read.error();
        return;
    }
    enrolment_problem_.clear();
    const auto same = [](const std::optional<Enrolment>& a, const std::optional<Enrolment>& b) {
        if (!a || !b) return !a && !b;
        return a->agent == b->agent && a->address == b->address && a->relay_key == b->relay_key && a->proxy == b->proxy &&
               a->proxy_user == b->proxy_user && a->proxy_password == b->proxy_password && a->ca_file == b->ca_file &&
               a->refuse_interception == b->refuse_interception && a->key->public_key() == b->key->public_key();
    };
    if (same(*read, enrolment_)) return;
    if (uplink_) uplink_->stop();
    uplink_.reset();
    enrolment_.reset();
    if (*read) begin(std::move(**read));
}

void TunnelKeeper::begin(Enrolment enrolment) {
    if (!api_) {
        const auto addresses = server_.listen({"127.0.0.1:0"});
        if (addresses) api_ = endpoint_of(addresses->front());
        if (!api_) {
            log_.error("shuttle: the relay's connections cannot be taken: " + (addresses ? addresses->front() : addresses.error()));
            return;
        }
    }
    if (!pool_) pool_ = std::make_unique<boost::asio::thread_pool>(1);
    auto serve_stream = [this](io::TunnelStream stream) { return serve(std::move(stream)); };
    auto tell = [this](const std::string& line) { log_.info("shuttle: " + line); };
    uplink_ = std::make_shared<io::Uplink>(network_, supervisor_, target_of(enrolment, pool_->get_executor()), serve_stream, tell);
    enrolment_ = std::move(enrolment);
    auto run = [uplink = uplink_]() { return uplink->run(); };
    supervisor_.start("uplink", std::move(run), io::OnFailure::restart);
}

// A stream names no target: it ends at this agent's API.
asio::awaitable<void> TunnelKeeper::serve(io::TunnelStream stream) {
    asio::ip::tcp::socket socket(network_);
    auto connecting = socket.async_connect(*api_, asio::as_tuple(asio::use_awaitable));
    const auto connected = co_await io::within(connect_limit, std::move(connecting));
    if (!connected || std::get<0>(*connected)) {
        stream.reset();
        co_return;
    }
    io::TcpTransport transport(std::move(socket));
    io::Carried carried;
    co_await io::splice(transport, stream, idle, carried);
}

void TunnelKeeper::tell_state() {
    const std::string text = state_json();
    const auto now = static_cast<std::int64_t>(std::time(nullptr));
    if (text != told_ || now < told_at_ || now - told_at_ >= tell_every) {
        // With the time, so that nobody takes what a killed agent has left for the truth.
        const std::string dated = text.substr(0, text.size() - 1) + ",\"told\":" + std::to_string(now) + "}\n";
        const auto written = host::write_file(state_file_, dated, false);
        if (!written) log_.debug("shuttle.json: " + written.error().message());
        told_ = text;
        told_at_ = now;
    }
    tell_finding();
}

// Only what is new: each word published costs readers a look.
void TunnelKeeper::tell_finding() {
    std::string problem;
    std::optional<store::FindingRecord> finding;
    if (uplink_) {
        const auto facts = uplink_->facts();
        const auto down = static_cast<std::int64_t>(std::time(nullptr)) - facts.since;
        const bool bad = facts.state != io::UplinkState::connected && (facts.refused || facts.replaced || down > patience);
        // While it is dialled again, what was told stays.
        if (!bad && facts.state != io::UplinkState::connected) return;
        if (bad && facts.state == io::UplinkState::dialing && !told_problem_.empty()) return;
        if (bad) {
            problem = std::string(io::word_of(facts.step)) + ": " + facts.problem;
            finding = monitor::tunnel_down(enrolment_->relay, std::string(io::word_of(facts.step)), facts.problem, facts.replaced);
        }
    }
    if (problem == told_problem_) return;
    told_problem_ = problem;
    agent_.tell(finding_key, std::move(finding));
}

std::string TunnelKeeper::state_json() const {
    using nlohmann::json;
    json state = {{"enrolled", enrolment_.has_value()}, {"problem", nullptr}};
    if (!enrolment_problem_.empty()) state["problem"] = enrolment_problem_;
    if (enrolment_ && uplink_) {
        const auto facts = uplink_->facts();
        const auto word = [](const std::string& text) { return text.empty() ? json() : json(text); };
        state["relay"] = enrolment_->relay;
        state["address"] = enrolment_->address;
        state["agent"] = enrolment_->agent;
        state["state"] = word_of(facts.state);
        state["since"] = facts.since;
        state["next_try"] = facts.next_try == 0 ? json() : json(facts.next_try);
        state["failures"] = facts.failures;
        state["under_way"] = facts.state == io::UplinkState::dialing ? json(io::word_of(facts.under_way)) : json();
        state["step"] = facts.problem.empty() ? json() : json(io::word_of(facts.step));
        state["problem"] = word(facts.problem);
        state["refused"] = facts.refused;
        state["replaced"] = facts.replaced;
        state["reached_at"] = word(facts.dial.address);
        state["proxy"] = word(facts.dial.proxy);
        state["certificate_issuer"] = word(facts.dial.certificate.issuer);
        state["intercepted_by"] = facts.dial.intercepted ? json(facts.dial.certificate.issuer) : json();
        state["generation"] = facts.generation;
        state["round_trip_ms"] = facts.round_trip_us == 0 ? json() : json((facts.round_trip_us + 500) / 1000);
        state["connections"] = facts.connections;
    }
    return state.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace imc::engine
