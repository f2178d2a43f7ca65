// Where ImageManager is installed, which version it is, and whether its service runs: asked of the service control manager, or
// looked at where the configuration says. What cannot be found out is not known, and never guessed. What it is not: a way to
// start, stop or change anything. installation_posix.cpp, installation_win32.cpp.
//
// The name of the service and the places are those that monitors of the field have published: the database lies beside the
// program and has its name with the ending .mdb.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace imc::imagemanager {

// What the configuration says; either may be empty.
struct ConfiguredPlaces {
    std::string program;
    std::string database;
};

struct Installation {
    enum class FoundBy : std::uint8_t { nothing, configuration, service, usual_place };
    FoundBy found_by = FoundBy::nothing;
    std::string program;                 // absolute path of ImageManager.exe; empty: not known
    std::string database;                // absolute path where the database should be; empty: not known
    std::optional<std::string> version;  // ProductVersion of the program
    // "running", "stopped", "start_pending" ..., "not_installed"; empty: not known, as on a system without such services.
    std::string service_state;
    std::vector<std::string> problems;       // what could not be looked at, a sentence each
    [[nodiscard]] std::string logs() const;  // the directory of its logs; empty: not known
    friend bool operator==(const Installation&, const Installation&) = default;
};
[[nodiscard]] std::string_view to_string(Installation::FoundBy found_by) noexcept;  // "usual_place"

inline constexpr std::string_view service_name = "StorageCraft ImageManager";

// Any thread; waits for the system and the disk.
[[nodiscard]] Installation find_installation(const ConfiguredPlaces& configured);

// The rest is for find_installation() and its tests.

// What the system knows of the service.
struct ServiceFacts {
    std::string command;  // as it is started; empty: not known
    std::string state;    // as Installation::service_state
    std::string problem;  // a sentence; empty: none
};
[[nodiscard]] ServiceFacts ask_service();
// Programs where a usual installation has them; whether they are there is not looked at.
[[nodiscard]] std::vector<std::string> usual_programs();

// The program in the command line of a service: in quotes, or up to its first ".exe", as it may hold blanks.
[[nodiscard]] std::string program_of_command(std::string_view command);
// "D:\IM\ImageManager.exe" gives "D:\IM\ImageManager.mdb". Empty for anything that does not end in .exe.
[[nodiscard]] std::string database_of_program(std::string_view program);
// The ProductVersion in a piece of a program that begins with its version resource or holds it: its text, else its number.
[[nodiscard]] std::optional<std::string> product_version(std::span<const std::uint8_t> piece);
// The same of a file, of which 256 MiB at most are looked at. Waits for the disk.
[[nodiscard]] std::optional<std::string> version_of_program(const std::string& path);

}  // namespace imc::imagemanager
