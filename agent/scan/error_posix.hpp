// errno in, scan::errc out. Internal to agent/scan's POSIX files.
#pragma once

#include "agent/scan/listing.hpp"

namespace imc::scan {

[[nodiscard]] errc from_errno(int error) noexcept;

}  // namespace imc::scan
