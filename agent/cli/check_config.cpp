#include "agent/cli/verbs.hpp"

#include <ostream>

namespace imc::cli {

int check_config(const Context& context, const std::string& given) {
    const std::string file = given.empty() ? config_path(context) : given;
    if (given.empty() && context.config_file.empty() && !exists(file)) {
        context.out << visible(file) << ": not there; the defaults apply\n";
        return exit_ok;
    }
    const auto loaded = config::load(file);
    for (const auto& problem : loaded.problems) context.err << visible(problem.text()) << "\n";
    if (!loaded.problems.empty()) return exit_failed;
    context.out << visible(file) << ": well\n";
    return exit_ok;
}

}  // namespace imc::cli
