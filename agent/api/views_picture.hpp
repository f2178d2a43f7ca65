// The picture of a chain as JSON, for the browser: the geometry of agent/picture as columns, unmerged, with what a page
// needs to say at once what a loss would do. What it is not: a drawing. Pure functions.
#pragma once

#include "agent/api/views_chain.hpp"
#include "agent/picture/geometry.hpp"

#include <nlohmann/json.hpp>
#include <span>
#include <vector>

namespace imc::api {

// {"segments","steps","lanes","vertices","bars","points","missing"} as in openapi.json.
[[nodiscard]] nlohmann::json picture_json(const spchain::Chain& chain, const picture::Geometry& geometry,
                                          std::span<const picture::Missing> missing);

// As volume_json, each chain with its "picture". `memory` as of the report that the volume is of.
[[nodiscard]] nlohmann::json pictured_volume_json(const spchain::Volume& volume, std::span<const spchain::Entry> entries,
                                                  std::span<const spchain::Memory> memory,
                                                  const std::vector<store::FindingRecord>& findings, RestoreSets sets = {});

}  // namespace imc::api
