#include "agent/cli/client.hpp"
#include "agent/cli/fields.hpp"
#include "agent/cli/verbs.hpp"
#include "agent/host/process.hpp"
#include "agent/monitor/words.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <ostream>

namespace imc::cli {
namespace {

using nlohmann::json;

constexpr auto beat = std::chrono::milliseconds(250);
constexpr std::size_t cells = 20;

// A moment at a time, until somebody presses Ctrl-C.
class Patience {
public:
    Patience() {
        for (const int signal : host::stop_signals()) signals_.add(signal);
        signals_.async_wait([this](boost::system::error_code error, int) { interrupted_ = interrupted_ || !error; });
    }
    // False: interrupted.
    bool wait() {
        timer_.expires_after(beat);
        bool over = false;
        timer_.async_wait([&over](boost::system::error_code) { over = true; });
        while (!over && !interrupted_) clock_.run_one();
        if (!over) {
            timer_.cancel();
            while (!over) clock_.run_one();
        }
        return !interrupted_;
    }

private:
    boost::asio::io_context clock_{1};
    boost::asio::signal_set signals_{clock_};
    boost::asio::steady_timer timer_{clock_};
    bool interrupted_ = false;
};

// The line on standard error while it goes on; nothing without a terminal.
class Line {
public:
    explicit Line(const Context& context) : err_(context.err), width_(std::min<std::size_t>(context.terminal.width, 120)) {
        shown_ = context.terminal.progress;
    }
    ~Line() {
        if (drawn_) err_ << "\r" << std::string(width_ - 1, ' ') << "\r" << std::flush;
    }
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    void draw(const json& state) {
        if (!shown_) return;
        const auto bytes = count_at(state, "bytes");
        const auto done = std::min(bytes, count_at(state, "bytes_done"));
        const auto full = bytes == 0 ? 0 : static_cast<std::size_t>(static_cast<double>(done) / static_cast<double>(bytes) * cells);
        std::string text = "[" + std::string(full, '#') + std::string(cells - full, '.') + "] ";
        text += std::to_string(count_at(state, "images_done")) + " of " + std::to_string(count_at(state, "images")) + " images, " +
                monitor::bytes_text(done) + " of " + monitor::bytes_text(bytes);
        if (text_at(state, "state") == "paused") text += ", waits for ImageManager";
        const auto current = state.find("current");
        if (current != state.end() && current->is_object()) text += "  " + text_at(*current, "image");
        err_ << "\r" << padded(fit(text, width_ - 1), width_ - 1) << std::flush;
        drawn_ = true;
    }

private:
    std::ostream& err_;
    std::size_t width_;
    bool shown_ = false;
    bool drawn_ = false;
};

struct Outcome {
    int code = exit_unknown;
    std::string says;
};

Outcome outcome_of(const json& state) {
    const json none = json::object();
    const auto found = state.find("results");
    const json& results = found == state.end() ? none : *found;
    const auto damaged = count_at(results, "mismatch");
    const auto odd = count_at(results, "unreadable") + count_at(results, "changed");
    const auto without = count_at(results, "not_comparable");
    std::string says = monitor::count_text(count_at(results, "good"), "image is", "images are") + " good";
    if (damaged > 0) says += ", " + std::to_string(damaged) + " damaged";
    if (odd > 0) says += ", " + std::to_string(odd) + " could not be read or changed meanwhile";
    if (without > 0) says += ", " + std::to_string(without) + " without a usable .md5";
    const auto skipped = count_at(state, "folders_skipped");
    const bool whole = text_at(state, "ended") == "done";
    if (count_at(state, "images") == 0) says = whole && skipped == 0 ? "There is nothing to verify now" : "Nothing was verified";
    if (skipped > 0) says += "; " + monitor::count_text(skipped, "folder", "folders") + " could not be read";
    if (!whole) says += "; the verification was ended before it was through";
    const int code = damaged > 0 ? exit_critical : !whole || skipped > 0 ? exit_unknown : odd > 0 ? exit_warning : exit_ok;
    return {code, says + "."};
}

// A night may have gone on since.
const json* ended_of(const json& state, std::uint64_t run) {
    if (count_at(state, "run") == run && text_at(state, "state") == "idle" && time_at(state, "finished") != 0) return &state;
    const auto asked = state.find("last_asked");
    return asked != state.end() && asked->is_object() && count_at(*asked, "run") == run ? &*asked : nullptr;
}

// The last state of the run; nothing when it cannot be followed any more, which has been told.
std::optional<json> follow(const Context& context, Client& client, std::uint64_t run) {
    Patience patience;
    Line line(context);
    bool told = false;
    for (;;) {
        const bool go_on = patience.wait();
        if (!go_on && !told) {
            // What is done is kept; the agent says how far it came.
            const auto cancelled = client.erase("/v1/verify");
            if (!cancelled) context.complain(cancelled.error().says);
            told = true;
        }
        auto state = client.get("/v1/verify");
        if (!state) {
            context.complain(state.error().says);
            return std::nullopt;
        }
        if (const auto* ended = ended_of(*state, run)) return *ended;
        if (count_at(*state, "run") == run) {
            line.draw(*state);
        } else if (count_at(*state, "waiting") != run) {
            context.complain("the agent no longer knows this verification: it was restarted, or another one was asked for meanwhile");
            return std::nullopt;
        }
    }
}

}  // namespace

int verify(const Context& context, const std::string& volume_id, bool as_json) {
    const auto config = configuration(context);
    if (!config) return exit_unknown;
    auto client = Client::open(engine::Places(*config));
    if (!client) return context.complain(client.error().says, exit_unknown);
    const auto asked = client->post("/v1/verify", volume_id.empty() ? json::object() : json{{"volume_id", volume_id}});
    if (!asked) return context.complain(asked.error().says, exit_unknown);
    const auto state = follow(context, *client, count_at(*asked, "run"));
    if (!state) return exit_unknown;
    const auto outcome = outcome_of(*state);
    if (as_json) {
        context.print(*state);
    } else {
        context.out << outcome.says << "\n" << std::flush;
    }
    return outcome.code;
}

}  // namespace imc::cli
