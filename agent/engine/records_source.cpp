#include "agent/engine/records_source.hpp"

#include "agent/engine/abandon.hpp"
#include "agent/imagemanager/path_map.hpp"
#include "agent/scan/listing.hpp"

#include <algorithm>

namespace imc::engine {
namespace {

using Steady = std::chrono::steady_clock;
using imagemanager::DatabaseState;
using imagemanager::TargetType;

constexpr auto reading_limit = std::chrono::seconds(120);
constexpr auto resume_limit = std::chrono::seconds(20);
constexpr auto looking_limit = std::chrono::seconds(15);
constexpr auto full_interval = std::chrono::hours(1);  // an open database's time of writing may stand still
constexpr int told_after = 2;                          // once may be the moment in which ImageManager rewrites it
constexpr std::size_t most_listed = 100;
constexpr std::size_t most_targets = 500;

std::vector<std::string> some(const std::vector<std::string>& list) {
    return {list.begin(), list.begin() + static_cast<std::ptrdiff_t>(std::min(list.size(), most_listed))};
}

imagemanager::ConfiguredPlaces configured(const config::Config& config) {
    return {config.imagemanager_program, config.imagemanager_database};
}

bool may_be_looked_into(const imagemanager::Target& target) {
    return target.live && target.path && (target.type == TargetType::local || target.type == TargetType::network);
}

// Nothing: this computer or this account cannot tell.
std::optional<bool> is_there(const std::string& path, const config::Config& config) {
    const auto local = imagemanager::local_path(path, config.imagemanager_map, config::native_path_style());
    if (!local) return std::nullopt;
    const auto found = scan::identity(scan::normalise(*local));
    if (found) return true;
    return found.error() == scan::errc::not_found ? std::optional(false) : std::nullopt;
}

}  // namespace

struct RecordsSource::Renewed {
    imagemanager::Installation installation;
    std::optional<imagemanager::CopiedState> state;  // nothing: no database, or a problem
    std::string problem;
};

RecordsSource::RecordsSource(boost::asio::any_io_executor network, Stores& stores, Clock clock, Told told)
    : network_(std::move(network)), stores_(stores), clock_(std::move(clock)), told_(std::move(told)), wake_(network_) {}

RecordsSource::~RecordsSource() = default;

imagemanager::CopyPlaces RecordsSource::places() const {
    return imagemanager::CopyPlaces(Places(*config_).directory);
}

boost::asio::awaitable<void> RecordsSource::resume(std::shared_ptr<const config::Config> config) {
    config_ = std::move(config);
    if (!config_->imagemanager_enabled) co_return;
    auto work = [config = config_, at = places()] {
        Renewed found;
        found.installation = imagemanager::find_installation(configured(*config));
        if (!found.installation.database.empty()) found.state = imagemanager::last_copy(at, found.installation.database);
        return found;
    };
    auto found = co_await abandonable(resume_limit, reading_.place(), reading_now_, std::move(work));
    if (!found) co_return;
    facts_.installation = std::move(found->installation);
    if (found->state) take_records(std::move(*found->state));
}

boost::asio::awaitable<void> RecordsSource::run() {
    while (!stop_.stop_requested()) {
        if (Steady::now() >= next_renewal_) {
            next_renewal_ = Steady::now() + std::chrono::seconds(config_->poll_seconds);
            co_await renew();
            co_await look_at_targets();
            compare_now_ = true;
        }
        if (std::exchange(compare_now_, false) && !stop_.stop_requested()) co_await compare();
        if (compare_now_ || stop_.stop_requested()) continue;
        boost::system::error_code woken;
        wake_.expires_at(next_renewal_);
        co_await wake_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    }
}

void RecordsSource::reconfigure(std::shared_ptr<const config::Config> config) {
    config_ = std::move(config);
    compared_.clear();
    next_renewal_ = {};
    next_full_ = {};
    // Other folders, other paths here: everything that was made of the records by the configuration.
    if (copy_ && config_->imagemanager_enabled) {
        take_records(*copy_);
    } else {
        view_ = std::make_shared<RecordsView>();
    }
    wake_.cancel();
}

void RecordsSource::looks_changed() {
    compare_now_ = true;
    wake_.cancel();
}

void RecordsSource::stop() {
    stop_.request_stop();
    wake_.cancel();
    reading_.stop();
}

boost::asio::awaitable<void> RecordsSource::renew() {
    if (!config_->imagemanager_enabled) {
        copy_.reset();
        facts_ = {};
        facts_.state = DatabaseState::off;
        show_database({});
        show_service();
        if (view_->records) {
            view_ = std::make_shared<RecordsView>();
            told_.folders_changed();
        }
        co_return;
    }
    // A reading that hung on a dead share and was given up may still hold its thread.
    if (*reading_now_) {
        facts_.state = DatabaseState::unreadable;
        facts_.looked = clock_();
        show_database("an earlier reading of " + (facts_.installation.database.empty() ? "the database" : facts_.installation.database) +
                      " has not come back");
        co_return;
    }
    const bool full = Steady::now() >= next_full_;
    auto work = [config = config_, at = places(), last = copy_, full, now = clock_(), token = stop_.get_token()] {
        Renewed renewed;
        renewed.installation = imagemanager::find_installation(configured(*config));
        const auto& database = renewed.installation.database;
        if (database.empty()) return renewed;
        const auto look = full ? imagemanager::Look::in_any_case : imagemanager::Look::when_touched;
        auto state = imagemanager::renew_copy(at, database, last ? &*last : nullptr, look, now, token);
        if (state) renewed.state = std::move(*state);
        if (!state) renewed.problem = state.error();
        return renewed;
    };
    auto renewed = co_await abandonable(reading_limit, reading_.place(), reading_now_, std::move(work));
    if (stop_.stop_requested()) co_return;
    if (full && renewed && renewed->state) next_full_ = Steady::now() + full_interval;
    if (!renewed) {
        renewed.emplace();
        renewed->installation = facts_.installation;
        renewed->problem = "reading " + facts_.installation.database + " takes longer than 120 seconds";
    }
    take(std::move(*renewed));
}

void RecordsSource::take(Renewed renewed) {
    facts_.installation = std::move(renewed.installation);
    facts_.looked = clock_();
    show_service();
    if (facts_.installation.database.empty()) {
        facts_.state = DatabaseState::not_found;
        show_database({});
        return;
    }
    const bool ok = renewed.state.has_value();
    facts_.state = ok ? DatabaseState::ok : DatabaseState::unreadable;
    show_database(renewed.problem);
    if (!ok) return;
    if (!renewed.state->not_kept.empty() && told_.log) told_.log(renewed.state->not_kept);
    const bool news = !copy_ || copy_->records != renewed.state->records;
    if (news) {
        take_records(std::move(*renewed.state));
        told_.folders_changed();
    } else {
        copy_ = std::move(renewed.state);
        facts_.written = copy_->written;
    }
}

void RecordsSource::take_records(imagemanager::CopiedState state) {
    copy_ = std::move(state);
    ++generation_;
    view_ = std::make_shared<RecordsView>(records_view(copy_->records, *config_));
    facts_.written = copy_->written;
    facts_.read_at = copy_->read_at;
    facts_.folders = view_->folders.size() + view_->not_mapped.size();
    facts_.left_behind = some(view_->left_behind);
    facts_.not_mapped = some(view_->not_mapped);
    facts_.unknown_tables = some(copy_->records->unknown_tables);
    facts_.unknown_columns = some(copy_->records->unknown_columns);
    facts_.targets.clear();
    if (!copy_->records->targets) return;
    for (const auto& target : *copy_->records->targets) {
        if (facts_.targets.size() < most_targets) facts_.targets.push_back({target, std::nullopt, view_->folders_of(target)});
    }
}

void RecordsSource::show_database(const std::string& problem) {
    failures_ = problem.empty() ? 0 : failures_ + 1;
    if (failures_ == 1 && told_.log) told_.log(problem);
    facts_.problem = problem;
    if (failures_ > 0 && failures_ < told_after) return;
    auto finding = problem.empty() ? std::nullopt : std::optional(monitor::records_unreadable(problem, facts_.read_at));
    told_.tell("agent:records_unreadable", std::move(finding));
}

void RecordsSource::show_service() {
    const auto& state = facts_.installation.service_state;
    stopped_ = state == "stopped" || state == "paused" ? stopped_ + 1 : 0;
    if (stopped_ > 0 && stopped_ < told_after) return;
    auto finding = stopped_ == 0 ? std::nullopt : std::optional(monitor::imagemanager_stopped(state));
    told_.tell("agent:imagemanager_stopped", std::move(finding));
}

boost::asio::awaitable<void> RecordsSource::look_at_targets() {
    if (*looking_now_ || facts_.targets.empty()) co_return;
    std::vector<std::string> paths;
    for (const auto& facts : facts_.targets) {
        if (may_be_looked_into(facts.target)) paths.push_back(*facts.target.path);
    }
    if (paths.empty()) co_return;
    auto work = [config = config_, paths] {
        std::map<std::string, std::optional<bool>> there;
        for (const auto& path : paths) there.try_emplace(path, is_there(path, *config));
        return there;
    };
    auto there = co_await abandonable(looking_limit, reading_.place(), looking_now_, std::move(work));
    for (auto& facts : facts_.targets) {
        if (!may_be_looked_into(facts.target)) continue;
        facts.there = there ? (*there)[*facts.target.path] : std::nullopt;
        if (facts.there == true) {
            there_since_.try_emplace(*facts.target.path, clock_());
        } else {
            there_since_.erase(*facts.target.path);
        }
    }
}

}  // namespace imc::engine
