#include "agent/cli/shuttle.hpp"

#include "agent/cli/hidden_input.hpp"
#include "agent/engine/engine.hpp"
#include "agent/engine/enrolment.hpp"
#include "agent/engine/join_request.hpp"
#include "agent/host/files.hpp"
#include "agent/monitor/words.hpp"
#include "agent/scan/listing.hpp"
#include "shuttle/io/wait.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

namespace imc::cli {
namespace {

namespace asio = boost::asio;
namespace core = shuttle::core;
namespace io = shuttle::io;
using nlohmann::json;

constexpr std::size_t longest_line = 4096;
constexpr std::size_t largest_state = 64 * 1024;
constexpr std::int64_t believed_seconds = 60;  // a running agent tells anew every 15

// Dials once, with the join code's secret, and says goodbye.
boost::system::result<io::Dialled, io::DialFailure> join(io::DialTarget target, std::ostream& err) {
    asio::io_context network{1};
    asio::thread_pool pool(1);
    target.pool = pool.get_executor();
    target.at = [&err](io::Step step) { err << io::word_of(step) << " ...\n" << std::flush; };
    boost::system::result<io::Dialled, io::DialFailure> outcome{io::DialFailure{}};
    auto work = [&]() -> asio::awaitable<void> {
        outcome = co_await io::dial(std::move(target));
        if (!outcome) co_return;
        const bool said = co_await io::within(std::chrono::seconds(1), outcome->transport->say_goodbye());
        static_cast<void>(said);
        outcome->transport->close();
        outcome->transport.reset();
    };
    std::exception_ptr thrown;
    asio::co_spawn(network, work(), [&thrown](std::exception_ptr failed) { thrown = failed; });
    network.run();
    if (thrown) std::rethrow_exception(thrown);
    return outcome;
}

std::string text_at(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

void page(const Context& context, const json& state) {
    const auto line = [&](const char* name, const std::string& text) {
        if (!text.empty()) context.out << padded(name, 14) << visible(text) << "\n";
    };
    const bool connected = text_at(state, "state") == "connected";
    const auto since = state.value("since", std::int64_t{0});
    line("Tunnel", text_at(state, "state") + (since > 0 ? (connected ? " since " : ", none since ") + monitor::rfc3339(since) : ""));
    line("Relay", text_at(state, "relay") + " at " + text_at(state, "address"));
    line("Agent", text_at(state, "agent"));
    line("Reached at", text_at(state, "reached_at"));
    line("Proxy", text_at(state, "proxy"));
    line("Intercepted by", text_at(state, "intercepted_by"));
    line("Fails at", text_at(state, "step"));
    line("Problem", text_at(state, "problem"));
    if (connected) return;
    line("What to do", tunnel_remedy(state));
    if (const auto next = state.find("next_try"); next != state.end() && next->is_number())
        line("Next try", monitor::rfc3339(next->get<std::int64_t>()));
}

}  // namespace

json tunnel_state(const engine::Places& places, std::int64_t now) {
    const auto text = host::read_file(places.tunnel_state, largest_state);
    json state = text ? json::parse(*text, nullptr, false) : json();
    const auto told = state.is_object() ? state.value("told", json()) : json();
    if (!told.is_number_integer() || std::abs(now - told.get<std::int64_t>()) > believed_seconds) return {};
    return state;
}

std::string tunnel_remedy(const json& state) {
    const std::string anew = "enroll it again with a new join code: imconnector enroll --replace";
    const std::map<std::string, std::string> remedies = {
        {"proxy settings",
         "If the system's settings are not meant for this agent, " + anew + " --proxy http://HOST:PORT, or --proxy none."},
        {"DNS", "Check the name and this computer's name servers; behind a proxy the proxy's name is meant."},
        {"TCP", "Let the firewall pass this computer to that address and port, and see that the relay, or the proxy, runs there."},
        {"proxy", "Let whoever runs the proxy allow CONNECT to the relay; where the login is wrong, " + anew + " --proxy-user NAME."},
        {"TLS",
         "Somebody on the way opens the TLS: let them leave the relay out, or trust their authority and " + anew + " --ca-file FILE."},
        {"WebSocket", "Let the proxy or firewall on the way pass WebSocket, or leave the relay out of what it inspects."},
        {"identity", "Ask who runs the relay whether it still is this one; if so, " + anew + "."},
        {"mux", "The agent dials again by itself; where the line breaks again and again, look at what lies between."},
    };
    if (state.value("replaced", false)) return "Another computer has this agent's key; on the one that is the copy, " + anew + ".";
    if (state.value("refused", false)) return "Ask who runs the relay why; if the agent is to be known again, " + anew + ".";
    const auto found = remedies.find(text_at(state, "step"));
    return found == remedies.end() ? std::string() : found->second;
}

int enroll(const Context& context, const EnrollOptions& options) {
    const auto config = configuration(context);
    if (!config) return exit_failed;
    const engine::Places places(*config);
    const std::string file = places.enrolment;
    const auto before = engine::read_enrolment(file);
    if (!options.replace && (!before || *before)) {
        return context.complain(before ? "this computer is enrolled already, as " + (*before)->agent + " at " + (*before)->address +
                                             "; --replace enrolls it anew"
                                       : before.error());
    }
    if (options.proxy.find('@') != std::string::npos)
        return context.complain(
            "a user and password in the proxy's URL would be seen by others; use --proxy-user, and the password is asked for");
    const bool asks = options.code.empty() || options.code == "-";
    core::JoinCodeFault fault{};
    const auto code = core::decode_join_code(asks ? read_hidden(context, "Join code: ", longest_line).value_or("") : options.code, fault);
    if (!code) return context.complain(engine::fault_text(fault));
    auto enrolment = engine::begin_enrolment(*code);
    enrolment.proxy = options.proxy;
    enrolment.proxy_user = options.proxy_user;
    if (!options.proxy_user.empty()) enrolment.proxy_password = read_hidden(context, "Password at the proxy: ", longest_line).value_or("");
    // The service has another working directory.
    enrolment.ca_file = options.ca_file.empty() ? std::string() : scan::normalise(options.ca_file);
    enrolment.refuse_interception = options.refuse_interception;
    if (const auto made = host::make_private_directory(places.directory); !made)
        return context.complain("cannot make the data directory " + places.directory + ": " + made.error().message() +
                                "; run as administrator (on Linux: root)");
    auto target = engine::target_of(enrolment, {});
    target.intent.join = code->secret;
    const auto joined = join(std::move(target), context.err);
    if (!joined) {
        const auto& failure = joined.error();
        return context.complain(std::string(io::word_of(failure.step)) + " failed: " + failure.says);
    }
    enrolment.agent = joined->agent;
    if (const auto written = engine::write_enrolment(file, enrolment); !written)
        return context.complain(written.error() + "; the join code is used up, so ask for another one");
    context.out << joined->agent << "\n";
    context.err << "Enrolled at the relay " << visible(code->relay) << " as " << joined->agent
                << "; a running agent makes its tunnel within seconds (imconnector shuttle status).\n";
    if (joined->facts.intercepted)
        context.err << "The TLS on the way is intercepted by " << visible(joined->facts.certificate.issuer)
                    << ", which this computer trusts.\n";
    return exit_ok;
}

int shuttle_status(const Context& context, bool as_json) {
    const auto config = configuration(context);
    if (!config) return exit_failed;
    const engine::Places places(*config);
    json state = tunnel_state(places, context.now());
    if (!state.is_object()) {
        const auto enrolled = engine::read_enrolment(places.enrolment);
        state = {{"enrolled", enrolled && enrolled->has_value()},
                 {"state", "agent not running"},
                 {"problem", enrolled ? json() : json(enrolled.error())}};
    }
    const bool enrolled = state.value("enrolled", false);
    const auto request = engine::read_join_request(places.join_request);
    const bool given = !enrolled && request && *request;
    if (given) {
        const auto& why = (*request)->problem;
        state["join_code"] = why.empty() ? "waits for the relay" : "given up";
        state["join_code_problem"] = why.empty() ? json() : json(why);
    }
    if (as_json) {
        const std::string remedy = text_at(state, "state") == "connected" ? std::string() : tunnel_remedy(state);
        state["remedy"] = remedy.empty() ? json() : json(remedy);
        context.print(state);
    } else if (enrolled) {
        page(context, state);
    } else if (const std::string problem = text_at(state, "problem"); !problem.empty()) {
        context.out << "The enrolment cannot be used: " << visible(problem) << "\n";
    } else {
        context.out << "Not enrolled at a relay.\n";
        const std::string why = text_at(state, "join_code_problem");
        if (given)
            context.out << "The installer's join code: " << text_at(state, "join_code") << (why.empty() ? "" : ": " + visible(why)) << "\n";
    }
    return text_at(state, "state") == "connected" ? exit_ok : exit_failed;
}

}  // namespace imc::cli
