#include "agent/cli/args.hpp"

namespace imc::cli {

std::vector<std::string> arguments(int argc, const char* const* argv) {
    return argc > 1 ? std::vector<std::string>(argv + 1, argv + argc) : std::vector<std::string>();
}

}  // namespace imc::cli
