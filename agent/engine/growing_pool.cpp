#include "agent/engine/growing_pool.hpp"

#include <algorithm>
#include <system_error>

namespace imc::engine {

GrowingPool::GrowingPool(std::size_t least, std::size_t most) : least_(least), most_(std::max(least, most)), pool_(least) {}

GrowingPool::~GrowingPool() {
    stop();
    for (auto& thread : more_) thread.join();
    pool_.join();
}

void GrowingPool::grow_to(std::size_t threads) {
    while (this->threads() < std::min(threads, most_)) {
        try {
            more_.emplace_back([this] { pool_.attach(); });
        } catch (const std::system_error&) {
            return;
        }
    }
}

void GrowingPool::stop() {
    pool_.stop();
}

}  // namespace imc::engine
