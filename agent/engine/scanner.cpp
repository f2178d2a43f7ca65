#include "agent/engine/scanner.hpp"

#include "agent/engine/abandon.hpp"
#include "agent/monitor/evaluate.hpp"

#include <algorithm>

namespace imc::engine {
namespace {

using Steady = std::chrono::steady_clock;
// Threads beyond the workers, made when they are needed: each may be held by one share that does not answer.
constexpr std::size_t spare_threads = 32;
constexpr auto grace = std::chrono::seconds(5);  // a walk checks its own limit first and says more

scan::errc errc_of(boost::system::error_code code) {
    return code.category() == scan::category() ? static_cast<scan::errc>(code.value()) : scan::errc::io;
}

}  // namespace

namespace {

// What the history has of a folder, before a look is judged.
struct Known {
    std::vector<spchain::Memory> memory;
    store::Statements statements;
};

}  // namespace

struct Scanner::Watched {
    FolderSpec spec;
    store::FolderRecord record;
    Steady::time_point due{};
    store::UnixTime judge_again = 0;
    std::uint64_t round = 0;  // the last round it was looked at in
    bool busy = false;        // a worker has it
    bool again = false;       // asked for while a worker had it
    bool anew = false;        // more was said of its images than the judgement at hand knows
    bool removed = false;
    std::shared_ptr<bool> walking = std::make_shared<bool>(false);  // a walk that was given up may still run
    std::vector<std::string> children;
};

Scanner::Scanner(boost::asio::any_io_executor network, Stores& stores, Clock clock, Told told)
    : network_(std::move(network)), stores_(stores), clock_(std::move(clock)), told_(std::move(told)) {}

Scanner::~Scanner() = default;

void Scanner::resume(const std::vector<store::FolderRecord>& known) {
    for (const auto& record : known) known_[record.id] = record;
}

void Scanner::set_rules(LookRules rules) {
    rules_ = std::make_shared<const LookRules>(std::move(rules));
    wake();
}

void Scanner::set_folders(std::vector<FolderSpec> folders) {
    std::map<std::string, std::shared_ptr<Watched>> kept;
    for (const FolderSpec& spec : folders) {
        const auto found = watched_.find(spec.id);
        if (found != watched_.end() && found->second->spec == spec) {
            kept[spec.id] = found->second;
            continue;
        }
        auto watched = std::make_shared<Watched>();
        watched->spec = spec;
        const auto known = known_.find(spec.id);
        const auto* last = found != watched_.end() ? &found->second->record : known != known_.end() ? &known->second : nullptr;
        watched->record = record_of(spec, last, clock_());
        if (found != watched_.end()) {
            watched->walking = found->second->walking;
            watched->children = found->second->children;
        }
        kept[spec.id] = std::move(watched);
    }
    for (const auto& [id, watched] : watched_) {
        const auto still = kept.find(id);
        if (still == kept.end() || still->second != watched) watched->removed = true;
        if (still == kept.end()) known_.erase(id);
    }
    watched_ = std::move(kept);
    specs_ = std::move(folders);
    if (facts_.round_started == 0) begin_round();
    wake();
}

StoreChildren Scanner::children() const {
    StoreChildren children;
    for (const auto& [id, record] : known_) {
        if (!record.parent_id.empty()) children[record.parent_id].push_back(record.path);
    }
    for (const auto& [id, watched] : watched_) {
        auto& list = children[id];
        list.insert(list.end(), watched->children.begin(), watched->children.end());
        std::sort(list.begin(), list.end());
        list.erase(std::unique(list.begin(), list.end()), list.end());
    }
    return children;
}

void Scanner::begin_round() {
    ++round_;
    facts_.round_started = clock_();
    round_began_ = Steady::now();
}

void Scanner::wake() {
    for (auto& timer : wakes_) timer->cancel();
}

void Scanner::start(shuttle::io::Supervisor& supervisor, std::size_t workers) {
    if (!walking_) walking_ = std::make_unique<GrowingPool>(workers + spare_threads);
    while (wakes_.size() < workers) {
        const auto worker = wakes_.size();
        wakes_.push_back(std::make_unique<boost::asio::steady_timer>(network_));
        supervisor.start(
            "scan worker " + std::to_string(worker + 1), [this, worker] { return work(worker); }, shuttle::io::OnFailure::restart);
    }
}

void Scanner::forget(const std::string& folder_id) {
    const auto known = known_.find(folder_id);
    const auto watched = watched_.find(folder_id);
    const std::string path = watched != watched_.end() ? watched->second->spec.path
                             : known != known_.end()   ? known->second.path
                                                       : std::string();
    if (known != known_.end()) known_.erase(known);
    for (auto& [id, other] : watched_) std::erase(other->children, path);
}

bool Scanner::look_now(const std::string& folder_id) {
    if (folder_id.empty()) begin_round();
    bool found = folder_id.empty();
    for (auto& [id, watched] : watched_) {
        if (!folder_id.empty() && id != folder_id) continue;
        watched->due = {};
        watched->again = watched->busy;
        found = true;
    }
    wake();
    return found;
}

void Scanner::judge_anew(const std::string& folder_id) {
    const auto found = watched_.find(folder_id);
    if (found == watched_.end()) return;
    found->second->record.digest = 0;
    found->second->judge_again = 1;
    found->second->anew = true;
    look_now(folder_id);
}

void Scanner::stop() {
    stop_.request_stop();
    wake();  // the pool ends with its owner: work that is waited for and was dropped would never come back
}

std::shared_ptr<Scanner::Watched> Scanner::next_due() {
    std::shared_ptr<Watched> best;
    const auto now = Steady::now();
    for (const auto& [id, watched] : watched_) {
        if (watched->busy || *watched->walking || watched->due > now) continue;
        if (!best || watched->due < best->due) best = watched;
    }
    return best;
}

Steady::time_point Scanner::earliest() const {
    auto when = Steady::now() + std::chrono::seconds(30);
    for (const auto& [id, watched] : watched_) {
        if (!watched->busy && !*watched->walking) when = std::min(when, watched->due);
    }
    return when;
}

boost::asio::awaitable<void> Scanner::work(std::size_t worker) {
    while (!stop_.stop_requested()) {
        const auto watched = next_due();
        if (!watched) {
            boost::system::error_code woken;
            wakes_[worker]->expires_at(earliest());
            co_await wakes_[worker]->async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
            continue;
        }
        // What came later joins the round that is through; the first that is due again begins the next.
        const auto through = [this](const auto& one) { return one.second->round == round_; };
        if (std::all_of(watched_.begin(), watched_.end(), through)) begin_round();
        const auto round = round_;
        watched->busy = true;
        watched->again = false;
        ++facts_.looking;
        co_await look_at(watched);
        --facts_.looking;
        watched->busy = false;
        watched->round = round;
        watched->due = watched->again ? Steady::time_point{} : next_look(*watched);
        finish_round_if_done();
    }
}

Steady::time_point Scanner::next_look(const Watched& watched) const {
    const auto next = Steady::now() + std::chrono::seconds(rules_->config->interval_seconds);
    if (watched.judge_again == 0 || watched.record.settling == 0) return next;
    return std::min(next, Steady::now() + std::chrono::seconds(std::max<std::int64_t>(watched.judge_again - clock_(), 1)));
}

boost::asio::awaitable<void> Scanner::look_at(std::shared_ptr<Watched> watched) {
    const auto rules = rules_;
    const auto limit = std::chrono::seconds(rules->config->folder_timeout_seconds) + grace;
    auto walk = [spec = watched->spec, rules, now = clock_(), token = stop_.get_token()] { return read_folder(spec, *rules, now, token); };
    ++facts_.looks;
    watched->record.last_scan = clock_();
    auto result = co_await abandonable(limit, walking_->place(), watched->walking, std::move(walk));
    if (watched->removed || stop_.stop_requested()) co_return;
    if (!result) {
        co_await fail(watched, scan::errc::timed_out);
    } else if (!*result) {
        co_await fail(watched, errc_of(result->error()));
    } else {
        co_await succeed(watched, std::make_shared<Reading>(std::move(**result)));
    }
}

boost::asio::awaitable<void> Scanner::succeed(std::shared_ptr<Watched> watched, std::shared_ptr<Reading> reading) {
    // A share or disk that dropped away leaves an empty mount point, which lists as well as any directory.
    const auto& identity = reading->look.identity;
    const bool another = !identity.empty() && !watched->record.identity.empty() && identity != watched->record.identity;
    if (another && watched->record.images > 0 && reading->look.listing.files.empty()) {
        co_await fail(watched, scan::errc::not_found);
        co_return;
    }
    const bool same = watched->record.digest == reading->digest && watched->record.state != "pending" && watched->record.last_good_scan > 0;
    const auto now = clock_();
    if (reading->children != watched->children) {
        watched->children = reading->children;
        if (told_.children_changed) told_.children_changed();
    }
    if (!same || watched->record.settling > 0 || (watched->judge_again > 0 && now >= watched->judge_again)) {
        co_await judge(watched, reading);
        co_return;
    }
    std::optional<std::uint64_t> free_bytes;
    std::optional<std::uint64_t> total_bytes;
    if (reading->look.space_known) {
        free_bytes = reading->look.space.free_bytes;
        total_bytes = reading->look.space.total_bytes;
    }
    auto write_touched = [id = watched->spec.id, now, free_bytes, total_bytes](store::History& history) {
        return history.touch(id, now, free_bytes, total_bytes);
    };
    auto touched = co_await stores_.write(std::move(write_touched));
    watched->record.last_good_scan = now;
    watched->record.state = "ok";
    watched->record.error.clear();
    if (watched->judge_again == 0) watched->judge_again = now + 3600 + static_cast<store::UnixTime>(watched->spec.id.back()) * 60;
    note_store(touched);
}

boost::asio::awaitable<void> Scanner::judge(std::shared_ptr<Watched> watched, std::shared_ptr<Reading> reading) {
    const auto rules = rules_;
    const auto now = clock_();
    auto write_known = [id = watched->spec.id](store::History& history) -> boost::system::result<Known> {
        auto memory = history.memory(id);
        auto statements = history.statements(id);
        if (!memory) return memory.error();
        if (!statements) return statements.error();
        return Known{std::move(*memory), std::move(*statements)};
    };
    watched->anew = false;
    auto known = co_await stores_.write(std::move(write_known));
    if (!known) {
        note_store(known.error());
        co_return;
    }
    auto judging = [spec = watched->spec, last = watched->record, reading, rules, now, k = std::move(*known)]() mutable {
        return std::make_shared<store::FolderChange>(judge_folder(spec, last, *reading, std::move(k.memory), k.statements, *rules, now));
    };
    const auto place = walking_->place();
    const auto change = co_await shuttle::io::on(place.executor(), std::move(judging));
    reading->look.listing.files.clear();
    auto write_applied = [change, now](store::History& history) { return history.apply(*change, now); };
    auto applied = co_await stores_.write(std::move(write_applied));
    if (applied) {
        watched->record = change->folder;
        watched->judge_again = judge_again_at(change->folder, *change, *rules, now);
        if (watched->anew) {
            watched->record.digest = 0;
            watched->judge_again = 1;
        }
        const store::Sample sample{now, change->folder.image_bytes, change->folder.images, change->folder.free_bytes};
        auto write_sampled = [id = watched->spec.id, sample](store::History& history) { return history.add_sample(id, sample); };
        auto sampled = co_await stores_.write(std::move(write_sampled));
        if (!sampled && told_.store_error) told_.store_error(sampled.error());
    }
    note_store(applied);
}

boost::asio::awaitable<void> Scanner::fail(std::shared_ptr<Watched> watched, scan::errc why) {
    if (why == scan::errc::cancelled) co_return;
    ++facts_.failed;
    store::FolderRecord record = watched->record;
    record.state = "stale";
    record.error = std::string(scan::to_string(why));
    record.last_scan = clock_();
    if (told_.log && watched->record.error != record.error) told_.log("cannot read " + record.path + ": " + record.error);
    auto findings = monitor::unreadable(record, why);
    auto write_marked = [record, findings, now = record.last_scan](store::History& history) {
        return history.mark_stale(record, findings, now);
    };
    auto marked = co_await stores_.write(std::move(write_marked));
    if (marked) watched->record = record;
    note_store(marked);
}

void Scanner::note_store(boost::system::result<std::uint64_t> result) {
    if (!result) {
        if (told_.store_error) told_.store_error(result.error());
        return;
    }
    if (*result == cursor_) return;
    cursor_ = *result;
    if (told_.changed) told_.changed();
}

void Scanner::finish_round_if_done() {
    for (const auto& [id, watched] : watched_) {
        if (watched->round != round_) return;
    }
    facts_.round_finished = clock_();
    finished_round_ = round_;
    facts_.round_seconds = std::chrono::duration<double>(Steady::now() - round_began_).count();
    facts_.first_round_done = true;
    if (told_.changed) told_.changed();
}

}  // namespace imc::engine
