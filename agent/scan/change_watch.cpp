#include "agent/scan/change_watch.hpp"

namespace imc::scan {

Notification notification(std::uint32_t error, std::uint32_t bytes, std::uint64_t status) noexcept {
    constexpr std::uint32_t error_notify_enum_dir = 1022;
    constexpr std::uint64_t status_notify_enum_dir = 0x10C;
    if (status == status_notify_enum_dir || error == error_notify_enum_dir) return Notification::lost;
    if (error != 0) return Notification::ended;
    return bytes == 0 ? Notification::lost : Notification::changed;
}

}  // namespace imc::scan
