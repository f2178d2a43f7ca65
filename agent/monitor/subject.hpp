// How sentences name what they are about. What it is not: public; only the sources of this module include it.
#pragma once

#include "agent/store/records.hpp"

#include <string>
#include <vector>

namespace imc::monitor {

// "C_VOL of SRV1 (Acme)", as far as machine and customer are known.
[[nodiscard]] std::string volume_subject(const std::string& volume, const std::string& machine, const std::string& customer);
[[nodiscard]] std::string volume_subject(const store::VolumeRecord& volume);
// ASCII letters in lower case: the names of volumes and customers compare without case.
[[nodiscard]] std::string folded(std::string text);

}  // namespace imc::monitor
