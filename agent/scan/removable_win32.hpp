// Whether a path lies on a drive that somebody may want to take out. What it is not: whether it can be read.
// Internal to agent/scan's Win32 files.
#pragma once

#include <string>

namespace imc::scan {

// True for removable media and for disks at USB, FireWire, SD or MMC, which Windows calls fixed. False for shares, and where
// nothing is known. Blocks.
[[nodiscard]] bool is_removable(const std::string& path);

}  // namespace imc::scan
