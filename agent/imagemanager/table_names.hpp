// What the name of a table says: "w12Files" is the files of folder 12, "ftp3Queue" what waits for target 3. What it is not: a
// promise that the table has the columns that are known. Internal to the module.
#pragma once

#include "agent/imagemanager/records.hpp"

#include <string_view>

namespace imc::imagemanager {

struct TableName {
    enum class Kind : std::uint8_t {
        watch_paths,
        target_paths,
        sets,    // w<N>Sets
        files,   // w<N>Files
        queue,   // <type><N>Queue
        sent,    // <type><N>Sent
        opaque,  // <type><N>Remote, adv<N>Verify: known by name alone
        unknown,
    };
    Kind kind = Kind::unknown;
    std::int64_t index = 0;                 // N
    TargetType type = TargetType::unknown;  // of queue and sent
    std::string_view prefix;                // of queue and sent: "ftp"; part of the name that was given
};

[[nodiscard]] TableName parse_table_name(std::string_view name) noexcept;

}  // namespace imc::imagemanager
