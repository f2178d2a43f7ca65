// Sorting and paging of lists. A cursor names the last element of a page by its sort key and id, so that a page goes
// on at the right place even when elements came or went meanwhile. What it is not: storage; rows are indices.
#pragma once

#include "agent/api/query.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace imc::api {

using SortKey = std::variant<std::int64_t, std::string>;

struct Row {
    SortKey key;
    std::string id;      // unique in the list
    std::size_t at = 0;  // of the element in whatever is listed
};

struct Page {
    std::vector<std::size_t> elements;
    std::string next_cursor;  // empty: the last page
    std::size_t total = 0;
};

// What every list takes.
struct Paging {
    std::size_t limit = 100;
    Sort sort;
    std::optional<Row> after;
};
// Reads limit, cursor and sort; a cursor that was made for another sort, or by nobody, is refused.
[[nodiscard]] Paging paging_of(Query& query, Words sort_keys);

[[nodiscard]] Page page_of(std::vector<Row> rows, const Paging& paging);
// {"items","next_cursor","total"} with items still empty.
[[nodiscard]] nlohmann::json page_json(const Page& page);

// "critical" 0, "warning" 1, "info" 2, anything else 3: the worst comes first.
[[nodiscard]] std::int64_t rank_of(std::string_view severity);
// Several texts as one key; letters compare without case.
[[nodiscard]] std::string joined_key(std::initializer_list<std::string_view> texts);
// `wanted` empty: everything goes.
[[nodiscard]] bool any_of(const std::vector<std::string>& wanted, std::string_view text);
[[nodiscard]] bool any_of_folded(const std::vector<std::string>& wanted, std::string_view text);
// Whether the folded `needle` occurs in one of the texts.
[[nodiscard]] bool occurs(const std::optional<std::string>& needle, std::initializer_list<std::string_view> texts);
// The parameter q: folded, at most 200 bytes.
[[nodiscard]] std::optional<std::string> needle_of(Query& query);

[[nodiscard]] std::string base64url(std::string_view bytes);
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

}  // namespace imc::api
