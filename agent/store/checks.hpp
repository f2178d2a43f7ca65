// The ledger of the agent's own verification: what each comparison of an image's bytes with its .md5 has shown. Plain data. What it
// is not: ImageManager's verification, which comes from its records, logs and events.
#pragma once

#include "agent/store/records.hpp"
#include "spchain/statement.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace imc::store {

enum class CheckResult : std::uint8_t {
    good,        // the bytes are those that the .md5 was made of
    mismatch,    // they are not
    no_sidecar,  // there is no .md5; nothing was read
    no_entry,    // the .md5 cannot be read as one, or says nothing of this image
    changed,     // the image was written meanwhile
    unreadable,  // the image or its .md5 could not be read
};
[[nodiscard]] std::string_view to_string(CheckResult result) noexcept;

struct CheckRecord {
    std::string folder_id;
    std::string volume_id;
    std::string name;                              // of the image
    std::uint64_t bytes = 0;                       // of the image as it was then; together with `written` it says which file it was
    spchain::UnixTime written = spchain::no_time;  // as the last look had it
    spchain::UnixTime at = 0;
    spchain::DayNumber day = 0;  // the local day of `at`, for the reports; given only
    CheckResult result = CheckResult::good;
    std::string digest;    // MD5 in hexadecimal; empty: none was made
    std::string expected;  // as the .md5 has it; empty: not known
};

// For FolderInput::statements.
struct Statements {
    std::vector<spchain::Statement> list;
    std::vector<std::uint64_t> numbers;  // of each: by which the store knows it; 0: it ends by itself
};

}  // namespace imc::store
