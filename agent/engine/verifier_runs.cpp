// When a verification begins and which images it takes: a night's within its hours and bytes, or what somebody asked for.
#include "agent/config/window.hpp"
#include "agent/engine/verifier.hpp"
#include "agent/host/timezone.hpp"

namespace imc::engine {
namespace {

using std::chrono::seconds;

constexpr auto idle_poll = seconds(20);
constexpr std::size_t most_images = 20'000;  // of one night
constexpr std::int64_t day = 86'400;

// As far as it is remembered.
bool holds(const FolderContents& contents, const std::string& volume_id) {
    return std::any_of(contents.memory.begin(), contents.memory.end(), [&](const spchain::Memory& image) {
        const auto name = spchain::parse(image.name);
        return name.type == spchain::NameType::image && store::volume_id(contents.folder.path, std::string(name.volume)) == volume_id;
    });
}

}  // namespace

// Nothing: not in the hours.
std::optional<store::UnixTime> Verifier::night_begun() const {
    const auto& config = *rules_->config;
    const auto window = config::parse_window(config.verify_window);
    if (!config.verify_enabled || !window) return std::nullopt;
    const auto now = clock_();
    const auto local = now + host::local_offset(now);
    const auto since = window->since_begin(((local % day) + day) % day);
    return since ? std::optional(now - *since) : std::nullopt;
}

boost::asio::awaitable<void> Verifier::run() {
    while (!stopping_.stop_requested()) {
        if (!unwritten_.empty()) co_await flush();  // what could not be written before
        if (wish_) {
            Wish wish = std::move(*wish_);
            wish_.reset();
            co_await run_wish(std::move(wish));
            continue;
        }
        const bool ready = told_.ready();
        const auto begun = night_begun();
        if (ready && begun && *begun > night_done_) co_await run_night(*begun);
        if (!wish_ && !stopping_.stop_requested()) co_await wait(ready ? idle_poll : seconds(1));
    }
}

boost::asio::awaitable<void> Verifier::run_night(store::UnixTime begun) {
    const auto& config = *rules_->config;
    // Of an agent that was restarted in the night.
    auto read_bytes = [begun](const store::History& history) { return history.bytes_checked(begun); };
    const auto read = co_await stores_.read(std::move(read_bytes));
    const auto used = read ? *read : 0;
    verify::Budget budget;
    budget.bytes = config.verify_bytes_per_night - std::min(config.verify_bytes_per_night, used);
    budget.images = most_images;
    budget.again_seconds = config.verify_again_days * day;
    if (config.verify_bytes_per_second > 0) {
        const auto window = config::parse_window(config.verify_window).value_or(config::Window());
        const auto left = std::max<std::int64_t>(0, begun + window.seconds() - clock_());
        budget.bytes = std::min(budget.bytes, config.verify_bytes_per_second * static_cast<std::uint64_t>(left));
    }
    std::set<std::string> only;
    if (owed_since_ == begun) {
        only = co_await owed_and_back();
        if (only.empty()) co_return;
    }
    co_await gather(budget, std::string(), only);
    if (wish_) co_return;  // the night goes on afterwards
    const auto skipped = skipped_;
    const auto idle = queue_.empty();
    if (!idle) {
        begin("night", {}, ++runs_);
        state_.folders_skipped = skipped.size();
        co_await work(true);
    }
    const bool through = idle || state_.ended == "done";
    if (through && owed_since_ != begun) {
        // Those that could not be read are the night's as soon as they can.
        owed_since_ = begun;
        owed_ = skipped;
    } else if (through) {
        std::erase_if(owed_, [&](const std::string& id) { return only.contains(id) && !skipped.contains(id); });
    }
    if ((through && owed_.empty()) || (!idle && state_.ended == "cancelled")) night_done_ = begun;
}

// Of the folders that the night still owes, those that can be read again, or are watched no more.
boost::asio::awaitable<std::set<std::string>> Verifier::owed_and_back() {
    auto read_folders = [](const store::History& history) { return history.folders(); };
    const auto folders = co_await stores_.read(std::move(read_folders));
    std::set<std::string> back;
    if (!folders) co_return back;
    back = owed_;
    for (const auto& folder : *folders) {
        if (folder.state != "ok") back.erase(folder.id);
    }
    co_return back;
}

boost::asio::awaitable<void> Verifier::run_wish(Wish wish) {
    const auto& config = *rules_->config;
    verify::Budget budget;
    if (wish.volume_id.empty()) {
        budget.bytes = config.verify_bytes_per_night;
        budget.images = most_images;
        budget.again_seconds = config.verify_again_days * day;
    }
    begin(wish.volume_id.empty() ? "all" : "volume", wish.volume_id, wish.run);
    const std::set<std::string> all;
    co_await gather(budget, wish.volume_id, all);
    state_.folders_skipped = skipped_.size();
    for (const auto& item : queue_) state_.bytes += item.candidate.bytes;
    state_.images = queue_.size();
    co_await work(false);
}

// One folder after the other, keeping only what can be chosen in the end.
boost::asio::awaitable<void> Verifier::gather(verify::Budget budget, std::string volume_id, std::set<std::string> only) {
    const auto rules = rules_;
    const auto specs = told_.folders();
    skipped_.clear();
    auto chosen = std::make_shared<std::vector<verify::Candidate>>();
    for (const FolderSpec& spec : specs) {
        if (stopping_.stop_requested()) co_return;
        if (spec.type == "backup_store" || (!only.empty() && !only.contains(spec.id))) continue;
        auto read_contents = [id = spec.id](const store::History& history) -> boost::system::result<FolderContents> {
            FolderContents contents;
            auto folders = history.folders();
            auto memory = history.memory(id);
            auto checks = history.newest_checks(id);
            if (!folders) return folders.error();
            if (!memory) return memory.error();
            if (!checks) return checks.error();
            for (auto& folder : *folders) {
                if (folder.id == id) contents.folder = std::move(folder);
            }
            contents.memory = std::move(*memory);
            contents.checks = std::move(*checks);
            return contents;
        };
        auto contents = co_await stores_.read(std::move(read_contents));
        if (!contents || contents->folder.state != "ok") {
            if (!contents || volume_id.empty() || holds(*contents, volume_id)) skipped_.insert(spec.id);
            continue;
        }
        auto choose = [c = std::move(*contents), rules = rules->of(spec), budget, volume_id, now = clock_(), chosen] {
            auto more = candidates_of(c, rules, volume_id);
            chosen->insert(chosen->end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
            *chosen = verify::plan(std::move(*chosen), budget, now);
            return true;
        };
        const auto place = choosing_.place();
        co_await shuttle::io::on(place.executor(), std::move(choose));
    }
    std::map<std::string, std::string> paths;
    for (const FolderSpec& spec : specs) paths[spec.id] = spec.path;
    queue_.clear();
    given_up_.clear();
    busy_.clear();
    for (auto& candidate : *chosen) {
        Item item{std::move(candidate), {}, nullptr};
        item.path = paths[item.candidate.folder_id];
        const bool kept =
            begun_ && begun_->candidate.folder_id == item.candidate.folder_id && begun_->candidate.name == item.candidate.name;
        if (kept) {
            item.check = begun_->check;
            queue_.push_front(std::move(item));
        } else {
            queue_.push_back(std::move(item));
        }
    }
    begun_.reset();
}

}  // namespace imc::engine
