#include "shuttle/io/supervisor.hpp"

#include "shuttle/io/wait.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <cstdint>
#include <map>
#include <random>

namespace shuttle::io {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

struct Entry {
    std::string name;
    Supervisor::Job job;
    OnFailure on_failure;
    asio::cancellation_signal cancel;
};

// How one run of a job ended. `what` is empty when it returned.
struct Ending {
    std::string what;
    bool cancelled = false;
};

Ending ending_of(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const boost::system::system_error& e) {
        return {e.what(), e.code() == asio::error::operation_aborted};
    } catch (const std::exception& e) {
        return {e.what(), false};
    } catch (...) {
        return {"an exception that is no std::exception", false};
    }
}

constexpr milliseconds first_pause{1000};
constexpr milliseconds longest_pause{60'000};
constexpr milliseconds good_run{60'000};  // a job that ran this long starts over with the first pause

}  // namespace

struct Supervisor::Impl : std::enable_shared_from_this<Impl> {
    Impl(asio::any_io_executor executor, Log log) : network(std::move(executor)), failed(std::move(log)), emptied(network) {
        emptied.expires_at(asio::steady_timer::time_point::max());
    }

    asio::awaitable<Ending> run_once(std::shared_ptr<Entry> entry) {
        std::exception_ptr failure;
        try {
            co_await entry->job();
        } catch (...) {
            failure = std::current_exception();
        }
        co_return failure ? ending_of(failure) : Ending{};
    }

    asio::awaitable<void> run(std::shared_ptr<Entry> entry) {
        auto pause_next = first_pause;
        for (;;) {
            const auto started = std::chrono::steady_clock::now();
            const auto ending = co_await run_once(entry);
            if (ending.what.empty() || (ending.cancelled && stopping)) co_return;
            if (failed) failed(entry->name, ending.what);
            if (entry->on_failure == OnFailure::stop_all && stop_all) stop_all();
            if (entry->on_failure != OnFailure::restart || stopping) co_return;
            if (std::chrono::steady_clock::now() - started >= good_run) pause_next = first_pause;
            std::uniform_int_distribution<milliseconds::rep> jitter(pause_next.count() / 2, pause_next.count());
            const milliseconds chosen{std::max(first_pause.count(), jitter(random))};
            if (!co_await pause(chosen)) co_return;
            pause_next = std::min(pause_next * 2, longest_pause);
        }
    }

    void ended(std::uint64_t id) {
        entries.erase(id);
        if (entries.empty()) emptied.cancel();
    }

    void cancel_all() {
        stopping = true;
        std::vector<std::shared_ptr<Entry>> all;
        for (auto& [id, entry] : entries) all.push_back(entry);
        std::for_each(all.rbegin(), all.rend(), [](auto& entry) { entry->cancel.emit(asio::cancellation_type::terminal); });
    }

    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> result;
        for (const auto& [id, entry] : entries) result.push_back(entry->name);
        return result;
    }

    asio::any_io_executor network;
    Log failed;
    std::function<void()> stop_all;
    std::map<std::uint64_t, std::shared_ptr<Entry>> entries;  // by age
    std::uint64_t last_id = 0;
    asio::steady_timer emptied;  // never expires; cancelled when the last job has ended
    std::mt19937 random{std::random_device{}()};
    bool stopping = false;
};

Supervisor::Supervisor(asio::any_io_executor network, Log failed) : impl_(std::make_shared<Impl>(std::move(network), std::move(failed))) {}

Supervisor::~Supervisor() {
    impl_->cancel_all();
}

void Supervisor::start(std::string name, Job job, OnFailure on_failure) {
    if (impl_->stopping) return;
    auto entry = std::make_shared<Entry>();
    entry->name = std::move(name);
    entry->job = std::move(job);
    entry->on_failure = on_failure;
    const auto id = ++impl_->last_id;
    impl_->entries.emplace(id, entry);
    auto ended = [impl = impl_, entry, id](std::exception_ptr failure) {
        if (failure && !impl->stopping && impl->failed) impl->failed(entry->name, ending_of(failure).what);
        impl->ended(id);
    };
    asio::co_spawn(impl_->network, impl_->run(entry), asio::bind_cancellation_slot(entry->cancel.slot(), std::move(ended)));
}

asio::awaitable<std::vector<std::string>> Supervisor::stop(milliseconds deadline) {
    auto impl = impl_;
    impl->cancel_all();
    if (!impl->entries.empty()) {
        impl->emptied.expires_after(deadline);
        const auto [error] = co_await impl->emptied.async_wait(asio::as_tuple(asio::use_awaitable));
        static_cast<void>(error);  // both ways of ending are told apart by what still runs
    }
    co_return impl->names();
}

std::vector<std::string> Supervisor::running() const {
    return impl_->names();
}

bool Supervisor::stopping() const {
    return impl_->stopping;
}

void Supervisor::on_stop_all(std::function<void()> action) {
    impl_->stop_all = std::move(action);
}

void Supervisor::report(const std::string& job, const std::string& what) const {
    if (impl_->failed) impl_->failed(job, what);
}

}  // namespace shuttle::io
