// Threads for blocking work of which some may hang in the system: no more than are needed, one more for each that hangs. What
// it is not: a scheduler; work runs in the order in which it comes. Its owner's thread calls everything but the executor.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <cstddef>
#include <thread>
#include <vector>

namespace imc::engine {

class GrowingPool {
public:
    GrowingPool(std::size_t least, std::size_t most);
    ~GrowingPool();  // waits for what runs
    GrowingPool(const GrowingPool&) = delete;
    GrowingPool& operator=(const GrowingPool&) = delete;

    [[nodiscard]] boost::asio::thread_pool::executor_type get_executor() { return pool_.get_executor(); }
    // At least this many threads from now on, as far as `most` allows; what the system refuses is tried again the next time.
    void grow_to(std::size_t threads);
    [[nodiscard]] std::size_t threads() const { return least_ + more_.size(); }
    void stop();  // begins nothing any more

private:
    std::size_t least_;
    std::size_t most_;
    boost::asio::thread_pool pool_;
    std::vector<std::thread> more_;
};

}  // namespace imc::engine
