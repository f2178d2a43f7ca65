// How a folder is judged, from the configuration and the computer's time zone. What it is not: per-volume settings.
#pragma once

#include "agent/config/config.hpp"
#include "spchain/folder.hpp"

#include <string>

namespace imc::engine {

// What the configuration expects to be kept: everywhere, or in `folder` where its table says otherwise.
[[nodiscard]] spchain::Retention retention_of(const config::Config& config, const config::ManagedFolder& folder = {});

// `profile` is "primary" or "replica". The calendar covers 20 years before `now` to 2 years after it.
[[nodiscard]] spchain::Rules rules_of(const config::Config& config, const std::string& profile, spchain::UnixTime now);

}  // namespace imc::engine
