#include "agent/cli/parse.hpp"
#include "agent/cli/verbs.hpp"

namespace imc::cli {

int parse(const Context& context, bool json) {
    if (parse_names(context.in, context.out, json) == 0) return exit_ok;
    return context.complain("the names could not be read, or the answer not written");
}

}  // namespace imc::cli
