#include "agent/cli/command_line.hpp"

#include "agent/cli/commands.hpp"
#include "agent/host/files.hpp"

#include <algorithm>
#include <ostream>

namespace imc::cli {

CLI::App* Commands::verb(const char* name, const char* sentence, const char* example, CLI::App* under) const {
    CLI::App* verb = (under ? under : &app)->add_subcommand(name, sentence);
    verb->footer(std::string("\nExample:\n  ") + example);
    verb->add_option("--config", context.config_file, "Configuration file; " + host::default_config_file() + " where none is given")
        ->type_name("FILE");
    return verb;
}

CLI::App* Commands::group(const char* name, const char* sentence) const {
    CLI::App* group = app.add_subcommand(name, sentence);
    group->require_subcommand(1);
    return group;
}

void Commands::does(CLI::App* verb, Action act) const {
    verb->callback([this_action = &action, act = std::move(act)] { *this_action = act; });
}

int run_command_line(const std::vector<std::string>& words, Context& context) {
    CLI::App app("Tells whether ShadowProtect backup chains can be restored.", "imconnector");
    app.require_subcommand(1);
    app.get_formatter()->column_width(32);
    app.footer(
        "\nimconnector VERB --help tells more. status, scan and doctor exit as monitoring plugins do: 0 well, 1 warning,\n"
        "2 critical, 3 could not look; all others: 0 done, 1 failed, 64 wrong usage.");
    Action action;
    const Commands commands{app, context, action};
    add_looking(commands);
    add_managing(commands);
    std::vector<std::string> reversed(words.rbegin(), words.rend());
    try {
        app.parse(std::move(reversed));
    } catch (const CLI::ParseError& stopped) {
        if (stopped.get_exit_code() == 0) {
            context.out << app.help();
            return exit_ok;
        }
        const auto named = app.get_subcommands();
        const std::string verb = named.empty() ? "" : named.front()->get_name() + " ";
        context.complain(std::string(stopped.what()) + "\nTry: imconnector " + verb + "--help", exit_usage);
        return exit_usage;
    }
    return action ? action() : exit_usage;
}

}  // namespace imc::cli
