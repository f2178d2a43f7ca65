// Whether the agent could listen at an address. What it is not: a check of firewalls; and another program may take the
// port a moment later.
#pragma once

#include <string>

namespace imc::cli {

// Empty: it could, or the text is no "address:port", which the configuration's own check tells. Else a sentence.
[[nodiscard]] std::string refuse_to_listen(const std::string& address_and_port);

}  // namespace imc::cli
