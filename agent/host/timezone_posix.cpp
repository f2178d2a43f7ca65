#include "agent/host/timezone.hpp"

#include <ctime>

namespace imc::host {

std::int32_t local_offset(spchain::UnixTime t) {
    const auto when = static_cast<std::time_t>(t);
    std::tm local{};
    if (localtime_r(&when, &local) == nullptr) return 0;
    return static_cast<std::int32_t>(local.tm_gmtoff);
}

}  // namespace imc::host
