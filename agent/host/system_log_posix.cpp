#include "agent/host/system_log.hpp"

namespace imc::host {

void tell_system(SystemEvent, std::string_view) noexcept {}

}  // namespace imc::host
