#include "agent/engine/verifier.hpp"

#include "agent/engine/abandon.hpp"

#include <algorithm>

namespace imc::engine {
namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;
using store::CheckResult;

constexpr auto busy_for = seconds(15);     // before a folder is looked at again
constexpr auto step_limit = seconds(60);   // a share that gives nothing for so long does not answer
constexpr auto write_every = seconds(10);  // results and progress
constexpr std::size_t most_unwritten = 500;
constexpr std::uint64_t largest_step = 32 << 20;
constexpr std::uint64_t smallest_step = 1 << 20;

struct Step {
    bool finished = false;
    double seconds = 0;
};

}  // namespace

Verifier::Verifier(boost::asio::any_io_executor network, Stores& stores, std::function<store::UnixTime()> clock, Told told)
    : network_(network), stores_(stores), clock_(std::move(clock)), told_(std::move(told)), wake_(network) {}

Verifier::~Verifier() = default;

void Verifier::set_rules(LookRules rules) {
    rules_ = std::make_shared<const LookRules>(std::move(rules));
    wake_.cancel();
}

void Verifier::stop() {
    stopping_.request_stop();
    wake_.cancel();
    reading_.stop();
}

// Nothing: it did not come back in time, and holds its thread.
template <class Function>
boost::asio::awaitable<std::optional<std::invoke_result_t<Function>>> Verifier::on_disk(Function function) {
    std::erase_if(hanging_, [](const auto& running) { return !*running; });
    auto running = std::make_shared<bool>(false);
    auto result = co_await abandonable(step_limit, reading_.place(), running, std::move(function));
    if (!result) hanging_.push_back(std::move(running));
    co_return std::move(result);
}

std::uint64_t Verifier::ask(const std::string& volume_id) {
    const bool asked_for = state_.state != "idle" && state_.wanted != "night";
    if (wish_ || asked_for) return 0;
    wish_ = Wish{++runs_, volume_id};
    state_.waiting = wish_->run;
    wake_.cancel();
    return wish_->run;
}

bool Verifier::cancel() {
    const bool any = wish_ || state_.state != "idle";
    if (wish_) {
        // Whoever asked for it learns that it will not come.
        auto taken_back = std::make_shared<api::Verification>();
        taken_back->run = wish_->run;
        taken_back->wanted = wish_->volume_id.empty() ? "all" : "volume";
        taken_back->wanted_volume = wish_->volume_id;
        taken_back->started = taken_back->finished = clock_();
        taken_back->ended = "cancelled";
        state_.asked = std::move(taken_back);
        state_.waiting = 0;
        wish_.reset();
        tell_progress(true);
    } else if (any) {
        cancelled_ = true;
    }
    wake_.cancel();
    return any;
}

boost::asio::awaitable<void> Verifier::wait(milliseconds limit) {
    wake_.expires_after(limit);
    boost::system::error_code woken;
    co_await wake_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
}

void Verifier::begin(const char* wanted, const std::string& volume_id, std::uint64_t run) {
    auto asked = std::move(state_.asked);
    const auto waiting = state_.waiting == run ? 0 : state_.waiting;
    state_ = {};
    state_.asked = std::move(asked);
    state_.waiting = waiting;
    state_.state = "running";
    state_.run = run;
    state_.wanted = wanted;
    state_.wanted_volume = volume_id;
    state_.started = clock_();
    for (const auto& item : queue_) state_.bytes += item.candidate.bytes;
    state_.images = queue_.size();
    done_bytes_ = 0;
    cancelled_ = false;
    tell_progress(true);
}

void Verifier::end(const std::string& how) {
    state_.state = "idle";
    state_.paused_for.clear();
    state_.ended = how;
    state_.finished = clock_();
    show(nullptr);
    if (state_.wanted != "night") {
        // A night that goes on afterwards does not take the answer away.
        auto asked = std::make_shared<api::Verification>(state_);
        asked->asked.reset();
        asked->waiting = 0;
        state_.asked = std::move(asked);
    }
    told_.log("verification " + how + ": " + std::to_string(state_.images_done) + " of " + std::to_string(state_.images) + " images, " +
              std::to_string(state_.good) + " good, " + std::to_string(state_.mismatches) + " damaged");
    tell_progress(true);
}

std::string Verifier::reason_to_end(bool night) const {
    if (stopping_.stop_requested()) return "cancelled";
    if (cancelled_) return "cancelled";
    if (night && wish_) return "yielded";
    if (night && !night_begun()) return "window";
    return {};
}

boost::asio::awaitable<void> Verifier::work(bool night) {
    std::string why;
    while (!queue_.empty()) {
        why = reason_to_end(night);
        if (!why.empty()) break;
        if (unwritten_.size() >= most_unwritten) {
            co_await flush();
            if (!unwritten_.empty()) co_await wait(write_every);
            continue;
        }
        const bool ready = co_await settle_down();
        if (!ready) continue;
        Item& item = queue_.front();
        if (!item.check) item.check = std::make_shared<verify::ImageCheck>(item.path, item.candidate.name);
        show(&item);
        co_await read_on(item);
        if (Steady::now() - written_ > write_every) co_await flush();
    }
    if (!queue_.empty() && queue_.front().check && !stopping_.stop_requested()) begun_ = std::move(queue_.front());
    queue_.clear();
    // Sound images may settle what ImageManager said of a chain.
    to_judge_.insert(touched_.begin(), touched_.end());
    touched_.clear();
    co_await flush();
    end(why.empty() ? "done" : why);
}

// Brings an item to the front whose folder is left alone by others; false after a pause, where there is none.
boost::asio::awaitable<bool> Verifier::settle_down() {
    std::map<std::string, bool> asked;
    for (std::size_t tried = 0; tried < queue_.size(); ++tried) {
        const auto& candidate = queue_.front().candidate;
        const auto known = asked.find(candidate.folder_id);
        bool busy = known != asked.end() && known->second;
        if (known == asked.end()) {
            busy = co_await folder_is_busy(candidate.folder_id, queue_.front().path);
            asked[queue_.front().candidate.folder_id] = busy;
        }
        if (!busy) {
            if (state_.state == "paused") {
                state_.state = "running";
                state_.paused_for.clear();
            }
            co_return true;
        }
        queue_.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    if (state_.state != "paused") {
        state_.state = "paused";
        state_.paused_for = "imagemanager";
        show(nullptr);
        tell_progress(true);
    }
    co_await flush();
    co_await wait(busy_for);
    co_return false;
}

boost::asio::awaitable<bool> Verifier::folder_is_busy(std::string folder_id, std::string path) {
    if (given_up_.contains(folder_id)) co_return false;
    auto& known = busy_[folder_id];
    if (Steady::now() < known.until) co_return known.busy;
    auto look = [path = std::move(path), now = clock_(), settle = rules_->config->settle_seconds, token = stopping_.get_token()] {
        return is_busy(path, now, settle, token);
    };
    const auto busy = co_await on_disk(std::move(look));
    if (!busy) given_up_[folder_id] = true;
    auto& entry = busy_[folder_id];
    entry.busy = busy.value_or(false);
    entry.until = Steady::now() + busy_for;
    co_return entry.busy;
}

// One piece of the item at the front, and the pause that its rate asks for.
boost::asio::awaitable<void> Verifier::read_on(Item& item) {
    const auto rate = rules_->config->verify_bytes_per_second;
    const auto piece = rate == 0 ? largest_step : std::clamp(rate / 4, smallest_step, largest_step);
    const auto check = item.check;
    const auto before = check->done();
    auto read = [check, piece, token = stopping_.get_token()] {
        const auto begun = Steady::now();
        const bool finished = check->advance(piece, token);
        return Step{finished, std::chrono::duration<double>(Steady::now() - begun).count()};
    };
    const auto folder_id = item.candidate.folder_id;
    if (given_up_.contains(folder_id)) {
        pass_over(folder_id);
        co_return;
    }
    const auto step = co_await on_disk(std::move(read));
    if (stopping_.stop_requested()) co_return;
    if (!step) {
        given_up_[folder_id] = true;
        item.check = nullptr;  // its thread may still be at it
        count(item);
        queue_.pop_front();
        co_return;
    }
    state_.image_bytes_done = check->done();
    state_.bytes_done = done_bytes_ + check->done();
    const auto taken = check->done() - before;
    if (step->finished) {
        count(item);
        queue_.pop_front();
    }
    tell_progress(false);
    if (rate == 0 || taken == 0) co_return;
    const double due = static_cast<double>(taken) / static_cast<double>(rate) - step->seconds;
    if (due > 0.001) co_await wait(milliseconds(static_cast<std::int64_t>(std::min(due, 3600.0) * 1000.0)));
}

// Images of a folder that does not answer were not looked at: nothing is written of them, and what was known stays.
void Verifier::pass_over(const std::string& folder_id) {
    std::erase_if(queue_, [&](const Item& item) {
        if (item.candidate.folder_id != folder_id) return false;
        ++state_.images_done;
        ++state_.unreadable;
        done_bytes_ += item.candidate.bytes;
        return true;
    });
    state_.bytes_done = done_bytes_;
}

void Verifier::count(const Item& item) {
    const auto& candidate = item.candidate;
    const auto result = item.check ? item.check->result() : CheckResult::unreadable;
    store::CheckRecord record;
    record.folder_id = candidate.folder_id;
    record.volume_id = candidate.volume_id;
    record.name = candidate.name;
    record.bytes = candidate.bytes;
    record.written = candidate.written;
    record.at = clock_();
    record.day = rules_->primary.calendar.day_of(record.at);
    record.result = result;
    if (item.check) {
        // The listing may be older than the file; what was hashed counts.
        if (result == CheckResult::good || result == CheckResult::mismatch) record.bytes = item.check->done();
        record.digest = item.check->digest();
        record.expected = item.check->expected();
    }
    ++state_.images_done;
    done_bytes_ += candidate.bytes;
    state_.bytes_done = done_bytes_;
    const bool absent = result == CheckResult::no_sidecar || result == CheckResult::no_entry;
    ++(result == CheckResult::good       ? state_.good
       : result == CheckResult::mismatch ? state_.mismatches
       : absent                          ? state_.without_sidecar
       : result == CheckResult::changed  ? state_.changed
                                         : state_.unreadable);
    if (result == CheckResult::mismatch)
        told_.log("damaged: " + item.path + ", " + candidate.name + " does not have the digest in its .md5");
    touched_.insert(candidate.folder_id);
    if (result == CheckResult::mismatch || candidate.failed) {
        to_judge_.insert(candidate.folder_id);
        written_ = {};  // told at once
    }
    unwritten_.push_back(std::move(record));
}

boost::asio::awaitable<void> Verifier::flush() {
    written_ = Steady::now();
    if (unwritten_.empty()) {
        for (const auto& folder_id : to_judge_) told_.judge(folder_id);
        to_judge_.clear();
        co_return;
    }
    const auto results = std::make_shared<const std::vector<store::CheckRecord>>(std::move(unwritten_));
    unwritten_.clear();
    auto write_results = [results](store::History& history) { return history.add_checks(*results); };
    const auto written = co_await stores_.write(std::move(write_results));
    if (!written) {
        // A damage that was found is not forgotten because the disk was full.
        unwritten_.insert(unwritten_.begin(), results->begin(), results->end());
        told_.store_error(written.error());
        co_return;
    }
    for (const auto& folder_id : to_judge_) told_.judge(folder_id);
    to_judge_.clear();
    told_.changed();
}

void Verifier::show(const Item* item) {
    state_.folder_id = item ? item->candidate.folder_id : std::string();
    state_.volume_id = item ? item->candidate.volume_id : std::string();
    state_.image = item ? item->candidate.name : std::string();
    state_.image_bytes = item ? item->candidate.bytes : 0;
    state_.image_bytes_done = item && item->check ? item->check->done() : 0;
}

void Verifier::tell_progress(bool now) {
    if (!now && Steady::now() - told_at_ < write_every) return;
    told_at_ = Steady::now();
    told_.progress();
}

}  // namespace imc::engine
