// What is known of ImageManager, as JSON in the shapes of openapi.json. What it is not: what its records say of folders and volumes,
// which the engine keeps as text. Pure functions.
#pragma once

#include "agent/imagemanager/source_facts.hpp"

#include <nlohmann/json.hpp>
#include <string>

namespace imc::api {

[[nodiscard]] nlohmann::json imagemanager_json(const imagemanager::SourceFacts& facts);
// The row of an image; null where there is none.
[[nodiscard]] nlohmann::json image_records_json(const imagemanager::ImageFile* file);

}  // namespace imc::api
