#include "agent/imagemanager/installation.hpp"

#include "agent/imagemanager/shared_file.hpp"
#include "agent/scan/listing.hpp"

#include <algorithm>

namespace imc::imagemanager {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower_case(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

bool is_file(const std::string& path) {
    return !path.empty() && SharedFile::open(path).has_value();
}

// The program first, then what follows from it.
void take_program(Installation& found, std::string program, Installation::FoundBy by) {
    found.program = std::move(program);
    found.found_by = by;
    if (found.database.empty()) found.database = database_of_program(found.program);
    found.version = version_of_program(found.program);
    if (!found.version) found.problems.push_back("the version of " + found.program + " cannot be read");
}

}  // namespace

std::string_view to_string(Installation::FoundBy found_by) noexcept {
    static constexpr std::string_view names[] = {"nothing", "configuration", "service", "usual_place"};
    return names[static_cast<std::size_t>(found_by)];
}

std::string Installation::logs() const {
    const std::string& near = program.empty() ? database : program;
    return near.empty() ? std::string() : scan::join(scan::parent(near), "Logs");
}

std::string program_of_command(std::string_view command) {
    while (!command.empty() && command.front() == ' ') command.remove_prefix(1);
    if (!command.empty() && command.front() == '"') {
        command.remove_prefix(1);
        return std::string(command.substr(0, command.find('"')));
    }
    const std::size_t end = lower_case(command).find(".exe");
    return end == std::string::npos ? std::string() : std::string(command.substr(0, end + 4));
}

std::string database_of_program(std::string_view program) {
    constexpr std::string_view ending = ".exe";
    if (program.size() <= ending.size() || !lower_case(program).ends_with(ending)) return {};
    return std::string(program.substr(0, program.size() - ending.size())) + ".mdb";
}

Installation find_installation(const ConfiguredPlaces& configured) {
    Installation found;
    found.database = configured.database;
    ServiceFacts service = ask_service();
    found.service_state = std::move(service.state);
    if (!service.problem.empty()) found.problems.push_back(std::move(service.problem));
    if (!configured.program.empty()) {
        take_program(found, configured.program, Installation::FoundBy::configuration);
        return found;
    }
    if (std::string program = program_of_command(service.command); !program.empty()) {
        take_program(found, std::move(program), Installation::FoundBy::service);
        return found;
    }
    for (auto& program : usual_programs()) {
        if (!is_file(program)) continue;
        take_program(found, std::move(program), Installation::FoundBy::usual_place);
        return found;
    }
    if (!found.database.empty()) found.found_by = Installation::FoundBy::configuration;
    return found;
}

}  // namespace imc::imagemanager
