#include "agent/api/collection.hpp"

#include <algorithm>

namespace imc::api {

using nlohmann::json;

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string sort_text(const Sort& sort) {
    return (sort.descending ? "-" : "") + sort.key;
}

std::string cursor_text(const Sort& sort, const Row& row) {
    json parts = json::array({sort_text(sort), nullptr, row.id});
    std::visit([&parts](const auto& key) { parts[1] = key; }, row.key);
    return base64url(parts.dump(-1, ' ', false, json::error_handler_t::replace));
}

std::optional<Row> parse_cursor(const std::string& text, const Sort& sort) {
    const auto bytes = from_base64url(text);
    if (!bytes) return std::nullopt;
    const json parts = json::parse(*bytes, nullptr, false);
    if (!parts.is_array() || parts.size() != 3 || !parts[0].is_string() || !parts[2].is_string()) return std::nullopt;
    if (parts[0].get<std::string>() != sort_text(sort)) return std::nullopt;
    Row row{std::int64_t{0}, parts[2].get<std::string>(), 0};
    if (parts[1].is_string()) {
        row.key = parts[1].get<std::string>();
    } else if (parts[1].is_number_integer()) {
        row.key = parts[1].get<std::int64_t>();
    } else {
        return std::nullopt;
    }
    return row;
}

bool before(const Row& a, const Row& b) {
    return a.key != b.key ? a.key < b.key : a.id < b.id;
}

}  // namespace

Paging paging_of(Query& query, Words sort_keys) {
    Paging paging;
    paging.limit = query.limit();
    paging.sort = query.sort(sort_keys);
    if (const auto cursor = query.single("cursor", 65'536)) {
        paging.after = parse_cursor(*cursor, paging.sort);
        if (!paging.after) query.refuse("cursor", "it is no cursor of this list with this sort; begin again without it.");
    }
    return paging;
}

Page page_of(std::vector<Row> rows, const Paging& paging) {
    const auto order = [&paging](const Row& a, const Row& b) { return paging.sort.descending ? before(b, a) : before(a, b); };
    if (!std::is_sorted(rows.begin(), rows.end(), order)) std::sort(rows.begin(), rows.end(), order);
    const auto first = paging.after ? std::upper_bound(rows.begin(), rows.end(), *paging.after, order) : rows.begin();
    const auto left = static_cast<std::size_t>(rows.end() - first);
    const auto last = first + static_cast<std::ptrdiff_t>(std::min(left, paging.limit));
    Page page;
    page.total = rows.size();
    for (auto row = first; row != last; ++row) page.elements.push_back(row->at);
    if (last != rows.end()) page.next_cursor = cursor_text(paging.sort, *std::prev(last));
    return page;
}

json page_json(const Page& page) {
    return {{"items", json::array()}, {"next_cursor", page.next_cursor.empty() ? json() : json(page.next_cursor)}, {"total", page.total}};
}

std::int64_t rank_of(std::string_view severity) {
    return severity == "critical" ? 0 : severity == "warning" ? 1 : severity == "info" ? 2 : 3;
}

std::string joined_key(std::initializer_list<std::string_view> texts) {
    std::string key;
    for (const auto text : texts) key += folded(text) + '\x1f';
    return key;
}

bool any_of(const std::vector<std::string>& wanted, std::string_view text) {
    return wanted.empty() || std::find(wanted.begin(), wanted.end(), text) != wanted.end();
}

bool any_of_folded(const std::vector<std::string>& wanted, std::string_view text) {
    return wanted.empty() || any_of(wanted, folded(text));
}

bool occurs(const std::optional<std::string>& needle, std::initializer_list<std::string_view> texts) {
    if (!needle || needle->empty()) return true;
    return std::any_of(texts.begin(), texts.end(), [&](std::string_view text) { return folded(text).find(*needle) != std::string::npos; });
}

std::optional<std::string> needle_of(Query& query) {
    const auto text = query.single("q", 200);
    return text ? std::optional(folded(*text)) : std::nullopt;
}

std::string base64url(std::string_view bytes) {
    std::string text;
    std::uint32_t held = 0;
    int bits = 0;
    for (const char c : bytes) {
        held = (held << 8 | static_cast<unsigned char>(c)) & 0xffffU;
        for (bits += 8; bits >= 6; bits -= 6) text += alphabet[held >> (bits - 6) & 63U];
    }
    if (bits > 0) text += alphabet[held << (6 - bits) & 63U];
    return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
    std::string bytes;
    std::uint32_t held = 0;
    int bits = 0;
    for (const char c : text) {
        const auto value = alphabet.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        held = (held << 6 | static_cast<std::uint32_t>(value)) & 0xffffU;
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes += static_cast<char>(held >> bits & 0xffU);
    }
    return bytes;
}

}  // namespace imc::api
