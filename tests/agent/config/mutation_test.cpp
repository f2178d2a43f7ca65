#include "agent/config/config.hpp"
#include "tests/agent/config/valid.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <sstream>

using namespace imc::config;

namespace {

class Mutator {
public:
    explicit Mutator(std::uint64_t seed) : random_(seed) {}

    std::string operator()(std::string text) {
        for (std::size_t times = 1 + below(3); times > 0; --times) text = once(std::move(text));
        return text;
    }

private:
    std::size_t below(std::size_t limit) { return limit == 0 ? 0 : static_cast<std::size_t>(random_() % limit); }

    std::string once(std::string text) {
        static const char* const pieces[] = {"\n", "=", "[", "]]",   "\"",   "'",  "'''",          "0",   "-",  "9999999999999999999", "{",
                                             ".",  ",", "#", "true", "\xff", "\\", "[[folder]]\n", "1e9", " GB"};
        switch (below(7)) {
            case 0:
                text.erase(below(text.size()), 1 + below(12));
                break;
            case 1:
                text.insert(below(text.size()), pieces[below(std::size(pieces))]);
                break;
            case 2:
                text[below(text.size())] = static_cast<char>(random_() & 0xff);
                break;
            case 3:
                text = swap_lines(text);
                break;
            case 4:
                text = change_number(std::move(text));
                break;
            case 5:
                text.resize(below(text.size()) + 1);
                break;
            default:
                text.insert(below(text.size()), text.substr(below(text.size()), below(80)));
                break;
        }
        return text.empty() ? "x" : text;
    }

    std::string swap_lines(const std::string& text) {
        std::vector<std::string> lines;
        std::istringstream in(text);
        for (std::string line; std::getline(in, line);) lines.push_back(line);
        std::string out;
        if (!lines.empty()) std::swap(lines[below(lines.size())], lines[below(lines.size())]);
        for (const auto& line : lines) out += line + "\n";
        return out;
    }

    // Numbers in place of numbers, so that most results stay TOML and ranges are what is tried.
    std::string change_number(std::string text) {
        const std::size_t digit = text.find_first_of("0123456789", below(text.size()));
        if (digit == std::string::npos) return text;
        const std::size_t end = std::min(text.find_first_not_of("0123456789", digit), text.size());
        return text.replace(digit, end - digit, std::to_string(random_() >> (random_() % 64)));
    }

    std::mt19937_64 random_;
};

}  // namespace

TEST_CASE("ten thousand damaged configurations are refused with words or lie within every range") {
    Mutator mutate(20'260'101);
    const std::string texts[] = {support::full_example(), documented()};
    int accepted = 0;
    int refused = 0;
    for (int i = 0; i < 10'000; ++i) {
        const std::string text = mutate(texts[i % 10 == 0 ? 1 : 0]);
        const Loaded loaded = parse(text, "mutated.toml");
        if (loaded.problems.empty()) {
            ++accepted;
            const std::string wrong = support::impossible(loaded.config);
            if (!wrong.empty()) FAIL("impossible value accepted: " << wrong << " in\n" << text);
        } else {
            ++refused;
            for (const auto& problem : loaded.problems) {
                if (problem.file != "mutated.toml" || problem.says.empty() || problem.line < 0)
                    FAIL("a problem without words: " << problem.text());
            }
        }
    }
    // both sides were really tried
    CHECK(accepted > 500);
    CHECK(refused > 2000);
}
