// Requests that nobody should send, the same ones for the same seed: valid ones with bytes changed, cut, doubled,
// mixed, and with words that have done harm elsewhere put in.
#pragma once

#include <random>
#include <string>

namespace mutated {

class Requests {
public:
    explicit Requests(unsigned seed) : random_(seed) {}
    [[nodiscard]] std::string next();

private:
    [[nodiscard]] std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }
    void change(std::string& text);

    std::mt19937 random_;
};

}  // namespace mutated
