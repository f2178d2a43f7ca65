// Answers that can be given again: bodies, tags and compressed bodies, by target. What it is not: shared between
// callers of different scope; whoever asks has been let through before. Belongs to the network thread.
#pragma once

#include "agent/api/http.hpp"

#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>

namespace imc::api {

class Cache {
public:
    struct Limits {
        std::size_t entries = 64;
        std::size_t bytes = 16 * 1024 * 1024;  // of bodies, compressed ones included
    };
    Cache() = default;
    explicit Cache(Limits limits) : limits_(limits) {}

    // Null: nothing, or made under another stamp. The pointer is good until the next call.
    [[nodiscard]] const Response* find(const std::string& target, std::uint64_t stamp);
    // Replaces; the least recently used go. A body larger than the limit is not kept.
    void put(const std::string& target, std::uint64_t stamp, const Response& response);
    void clear();
    [[nodiscard]] std::size_t entries() const { return order_.size(); }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

private:
    struct Entry {
        std::string target;
        std::uint64_t stamp = 0;
        Response response;
    };
    using Order = std::list<Entry>;  // most recently used first
    void drop(Order::iterator entry);
    void shrink();

    Limits limits_;
    Order order_;
    std::unordered_map<std::string, Order::iterator> by_target_;
    std::size_t bytes_ = 0;
};

}  // namespace imc::api
