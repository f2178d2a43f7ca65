#include "agent/host/share.hpp"

namespace imc::host {

ShareOutcome connect_share(const std::string&, const std::string&, const std::string&) {
    return {ShareState::unsupported, "shares are mounted by the system here"};
}

void disconnect_share(const std::string&) {}

bool shares_take_logins() noexcept {
    return false;
}

}  // namespace imc::host
