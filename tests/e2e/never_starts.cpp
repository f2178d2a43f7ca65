// The program as a version whose service fails at a step of its start: for tests of upgrades that must not stay. All else
// it does as the program does.
#include "agent/cli/args.hpp"
#include "agent/cli/command_line.hpp"
#include "agent/host/service.hpp"

#include <ctime>
#include <exception>
#include <iostream>

namespace {

int fail(imc::host::Overseer& overseer) {
    overseer.starting(imc::host::StartStep::history);
    overseer.failed(imc::host::StartStep::history, "this version never starts");
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    using namespace imc::cli;
    try {
        Context context{std::cin, std::cout, std::cerr, open_terminal(), [] { return static_cast<std::int64_t>(std::time(nullptr)); }, {}};
        const auto words = arguments(argc, argv);
        if (!words.empty() && words.front() == "run") return imc::host::run_as_service(fail).value_or(exit_failed);
        return run_command_line(words, context);
    } catch (const std::exception& failed) {
        std::cerr << failed.what() << "\n";
        return exit_failed;
    }
}
