// The program: words to a verb, a verb to an exit code. What it is not: anything else.
#include "agent/cli/args.hpp"
#include "agent/cli/command_line.hpp"

#include <ctime>
#include <exception>
#include <iostream>

int main(int argc, char** argv) {
    using namespace imc::cli;
    try {
        std::ios::sync_with_stdio(false);
        Context context{std::cin, std::cout, std::cerr, open_terminal(), [] { return static_cast<std::int64_t>(std::time(nullptr)); }, {}};
        const int code = run_command_line(arguments(argc, argv), context);
        std::cout.flush();
        return std::cout || code != exit_ok ? code : exit_failed;
    } catch (const std::exception& failed) {
        std::cerr << "imconnector: " << failed.what() << "\n";
        return exit_failed;
    }
}
