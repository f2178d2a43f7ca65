// The one table of all keys of the configuration: where a key lives in the struct, what it may hold, and the
// sentence that explains it. Reading, checking, the documented file and the JSON Schema walk it.
// What it is not: public; only the sources of this module include it.
#pragma once

#include "agent/config/config.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace imc::config {

// A member of the configuration, typed.
using Field = std::variant<bool*, std::int64_t*, std::uint64_t*, std::optional<std::uint64_t>*, std::string*, std::vector<std::string>*>;

// What a text, or each text of a list, must look like.
enum class Form : std::uint8_t {
    line,           // one line without control characters
    word,           // one of Key::words
    absolute_path,  // of the platform
    listen,         // address:port
    cidr,           // network/prefix
    host_name,      // DNS name or address
    color,          // #rrggbb
    glob,           // '*' and '?'
    path_template,  // words in braces
    window,         // HH:MM-HH:MM
};

struct Key {
    std::string_view name;
    Field (*field)(void* object) = nullptr;
    std::string_view sentence;
    std::string_view unit = {};     // of numbers: "seconds"
    std::int64_t low = 0;           // of numbers; of lists: fewest items
    std::int64_t high = 0;          // of numbers; of lists: most items
    bool bytes = false;             // a number that may also be written "500 GB"
    Form form = Form::line;         // of texts
    std::string_view words = {};    // Form::word: allowed ones, parted by blanks
    bool empty = false;             // texts: may be empty
    bool required = false;          // of repeated tables: must be there
    std::string_view example = {};  // TOML value for the commented example of a repeated table
};

struct Table {
    std::string_view name;  // dotted, such as "monitor.grace"
    bool repeated;          // written [[name]]
    std::string_view sentence;
    std::span<const Key> keys;
    // What Key::field takes: the part of the configuration, or, of a repeated table, a new element of it.
    void* (*object)(Config&);
};

// In the order of the documented file.
[[nodiscard]] std::span<const Table> tables() noexcept;
[[nodiscard]] const Table* find_table(std::string_view name) noexcept;

}  // namespace imc::config
