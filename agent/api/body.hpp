// The JSON object that a request carries, read and checked key by key: what is not known, of the wrong type or out of
// range is refused by name. What it is not: a schema validator.
#pragma once

#include "agent/api/http.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace imc::api {

inline constexpr int deepest_body = 32;  // levels of arrays and objects

class Body {
public:
    // `optional`: no body at all is an empty object.
    Body(const Request& request, bool optional);

    [[nodiscard]] bool has(std::string_view key) const;
    [[nodiscard]] bool is_null(std::string_view key) const;
    [[nodiscard]] std::size_t keys() const { return object_.size(); }
    // Each makes its key known. Nothing: absent or null (or refused). `longest` counts characters.
    [[nodiscard]] std::optional<std::string> text(std::string_view key, std::size_t longest);
    [[nodiscard]] std::optional<std::string> word(std::string_view key, std::initializer_list<std::string_view> allowed);
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key, std::int64_t low, std::int64_t high);
    // A list of at most `most` texts, none empty; empty: absent or null (or refused).
    [[nodiscard]] std::vector<std::string> texts(std::string_view key, std::size_t most, std::size_t longest);
    [[nodiscard]] std::optional<nlohmann::json> object(std::string_view key);
    void require(std::string_view key);
    void refuse_null(std::string_view key);

    void refuse(std::string_view key, std::string_view detail);
    // The problem document for the first thing wrong, if anything. Call it when all keys are read.
    [[nodiscard]] std::optional<Response> finish();

private:
    [[nodiscard]] const nlohmann::json* find(std::string_view key);
    void read(const Request& request);

    nlohmann::json object_ = nlohmann::json::object();
    std::set<std::string, std::less<>> known_;
    std::optional<Response> problem_;
};

}  // namespace imc::api
