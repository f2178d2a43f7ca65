// What ImageManager's records say of a folder and of a volume, in the words of the API. What it is not: a judgement. Nothing in
// it moves unless the records or the folder do. Pure.
#pragma once

#include "agent/engine/records_view.hpp"
#include "agent/imagemanager/compare.hpp"
#include "agent/imagemanager/source_facts.hpp"

#include <string>
#include <vector>

namespace imc::engine {

// A JSON object as text (schema FolderRecords of openapi.json).
[[nodiscard]] std::string folder_records_text(const RecordedFolder& folder, const imagemanager::Comparison& comparison,
                                              const std::vector<imagemanager::TargetFacts>& targets);
// Schema VolumeRecords; empty where the records know nothing of the volume.
[[nodiscard]] std::string volume_records_text(const RecordedFolder& folder, const imagemanager::Comparison& comparison,
                                              const std::string& volume);

}  // namespace imc::engine
