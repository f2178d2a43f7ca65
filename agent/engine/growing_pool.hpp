// Threads for blocking work of which some may hang in the system: made when there is work that none is free for, one more for each
// that hangs, so that an idle agent has few. What it is not: a scheduler; work runs in the order in which it comes. Its owner's thread
// calls everything but the executor.
#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <cstddef>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace imc::engine {

class GrowingPool {
public:
    using Executor = boost::asio::thread_pool::executor_type;

    // One piece of work: as long as this lives, a thread counts as taken by it. It may end on any thread, and after the pool.
    class Place {
    public:
        Place(Place&&) noexcept = default;
        Place& operator=(Place&&) = delete;
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        ~Place() {
            if (taken_) --*taken_;
        }
        [[nodiscard]] const Executor& executor() const { return executor_; }

    private:
        friend class GrowingPool;
        Place(Executor executor, std::shared_ptr<std::atomic<std::size_t>> taken)
            : executor_(std::move(executor)), taken_(std::move(taken)) {}
        Executor executor_;
        std::shared_ptr<std::atomic<std::size_t>> taken_;
    };

    explicit GrowingPool(std::size_t most);
    ~GrowingPool();  // waits for what runs
    GrowingPool(const GrowingPool&) = delete;
    GrowingPool& operator=(const GrowingPool&) = delete;

    // Makes a thread if all there are have work, as far as `most` allows; what the system refuses is tried again the next time.
    [[nodiscard]] Place place();
    [[nodiscard]] std::size_t threads() const { return threads_.size(); }
    void stop();  // begins nothing any more

private:
    std::size_t most_;
    boost::asio::thread_pool pool_{0};
    std::shared_ptr<std::atomic<std::size_t>> taken_ = std::make_shared<std::atomic<std::size_t>>(0);
    std::vector<std::thread> threads_;
};

}  // namespace imc::engine
