// The retention of a folder in the words of the API: as it is expected, and as the files show it. What it is not: a
// judgement of whether the two agree.
#pragma once

#include "spchain/folder.hpp"

#include <string>

namespace imc::engine {

// A JSON object as text (schema FolderRetention of openapi.json); ages are counted to `now`.
[[nodiscard]] std::string retention_text(const spchain::Retention& expected, const spchain::KeptLevels& found, spchain::UnixTime now);

}  // namespace imc::engine
