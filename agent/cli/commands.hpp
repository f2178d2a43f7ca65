// The table of verbs in the words of the parser. What it is not: public; command_line.cpp runs it.
#pragma once

#include "agent/cli/context.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <functional>
#include <string>

namespace imc::cli {

// What the words come to: set by the verb that was named.
using Action = std::function<int()>;

struct Commands {
    CLI::App& app;
    Context& context;
    Action& action;

    // A verb with --config and an example at the end of its help. `under`: null for the program itself.
    CLI::App* verb(const char* name, const char* sentence, const char* example, CLI::App* under = nullptr) const;
    // A verb that only holds others, such as token.
    CLI::App* group(const char* name, const char* sentence) const;
    void does(CLI::App* verb, Action act) const;
};

void add_looking(const Commands& commands);   // what reads: status, lists, chain, scan, parse ...
void add_managing(const Commands& commands);  // run, token, cert, adopt, check-config, explain, doctor, version ...

}  // namespace imc::cli
