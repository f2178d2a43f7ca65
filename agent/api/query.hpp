// The query parameters of one request, read and checked. Whoever reads one makes it known; finish() refuses what
// nobody asked for. What it is not: a filter; see collection.hpp. The first problem is kept, later ones are not looked at.
#pragma once

#include "agent/api/http.hpp"

#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace imc::api {

struct Sort {
    std::string key;
    bool descending = false;
};

using Words = std::initializer_list<std::string_view>;

class Query {
public:
    explicit Query(const Request& request) : request_(request) {}

    // 1 to 1000, default 100.
    [[nodiscard]] std::size_t limit();
    // "key" or "-key", one of `keys`; without it the first of them.
    [[nodiscard]] Sort sort(Words keys);
    // Any number of times; each must be one of `allowed`. Empty: not given.
    [[nodiscard]] std::vector<std::string> words(std::string_view name, Words allowed);
    // Any number of times; ASCII letters in lower case.
    [[nodiscard]] std::vector<std::string> texts(std::string_view name);
    [[nodiscard]] std::vector<std::string> numbers(std::string_view name);  // 0 to 4294967295
    // Once at most.
    [[nodiscard]] std::optional<std::string> single(std::string_view name, std::size_t longest);
    [[nodiscard]] std::optional<bool> flag(std::string_view name);  // "true" | "false"

    void refuse(std::string_view name, std::string_view detail);
    // The problem document for what was wrong, if anything. Call it when all parameters are read.
    [[nodiscard]] std::optional<Response> finish();

private:
    [[nodiscard]] std::vector<std::string> all(std::string_view name);

    const Request& request_;
    std::set<std::string, std::less<>> known_;
    std::optional<Response> problem_;
};

// Letters A to Z become a to z.
[[nodiscard]] std::string folded(std::string_view text);

}  // namespace imc::api
