#include "agent/version.hpp"

#include "agent/cli/verbs.hpp"

#include <nlohmann/json.hpp>
#include <ostream>

namespace imc::cli {

int show_version(const Context& context, bool json) {
    constexpr int api = 1;
    if (json) {
        context.print({{"version", version()}, {"api_version", api}, {"build", IMC_BUILD}});
    } else {
        context.out << "imconnector " << version() << " (API " << api << ", " << IMC_BUILD << ")\n";
    }
    return exit_ok;
}

}  // namespace imc::cli
