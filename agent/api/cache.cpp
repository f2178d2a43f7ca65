#include "agent/api/cache.hpp"

namespace imc::api {
namespace {

std::size_t size_of(const Response& response) {
    return (response.body ? response.body->size() : 0) + (response.body_gzip ? response.body_gzip->size() : 0);
}

}  // namespace

const Response* Cache::find(const std::string& target, std::uint64_t stamp) {
    const auto found = by_target_.find(target);
    if (found == by_target_.end()) return nullptr;
    if (found->second->stamp != stamp) {
        drop(found->second);
        return nullptr;
    }
    order_.splice(order_.begin(), order_, found->second);
    return &order_.front().response;
}

void Cache::put(const std::string& target, std::uint64_t stamp, const Response& response) {
    if (const auto found = by_target_.find(target); found != by_target_.end()) drop(found->second);
    if (size_of(response) > limits_.bytes) return;
    order_.push_front({target, stamp, response});
    by_target_[target] = order_.begin();
    bytes_ += size_of(response);
    shrink();
}

void Cache::clear() {
    by_target_.clear();
    order_.clear();
    bytes_ = 0;
}

void Cache::drop(Order::iterator entry) {
    bytes_ -= size_of(entry->response);
    by_target_.erase(entry->target);
    order_.erase(entry);
}

void Cache::shrink() {
    while (order_.size() > 1 && (order_.size() > limits_.entries || bytes_ > limits_.bytes)) drop(std::prev(order_.end()));
}

}  // namespace imc::api
