#include "agent/engine/growing_pool.hpp"

#include <algorithm>
#include <system_error>

namespace imc::engine {

GrowingPool::GrowingPool(std::size_t most) : most_(std::max<std::size_t>(most, 1)) {}

GrowingPool::~GrowingPool() {
    stop();
    for (auto& thread : threads_) thread.join();
    pool_.join();
}

GrowingPool::Place GrowingPool::place() {
    const std::size_t wanted = std::min(++*taken_, most_);
    Place place(pool_.get_executor(), taken_);
    while (threads_.size() < wanted) {
        try {
            threads_.emplace_back([this] { pool_.attach(); });
        } catch (const std::system_error&) {
            break;
        }
    }
    return place;
}

void GrowingPool::stop() {
    pool_.stop();
}

}  // namespace imc::engine
