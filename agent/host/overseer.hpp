// Whoever started the process and wants to know how it fares: systemd by its notification socket, Windows' service
// control manager, or nobody. The agent tells each step of its start, that it is ready, that it stops, and that it is
// alive; it hears requests to stop or reload from those who do not send signals. overseer_posix.cpp and
// overseer_win32.cpp. What it is not: installation of the service (service_control.hpp).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace imc::host {

// Steps of the start in their order. The numbers are the service-specific exit codes of a start that failed there:
// documented, never reused.
enum class StartStep : std::uint32_t {
    configuration = 1,   // reading and checking the file
    data_directory = 2,  // making or protecting it
    lock = 3,            // another agent uses it
    stores = 4,          // opening the databases
    history = 5,         // reading what is known of the folders
    certificate = 6,     // making or reading it
    listen = 7,          // taking the port
    local_token = 8,     // writing what the command line finds the agent by
    running = 9,         // started, and ended by a fault later
};
[[nodiscard]] const char* to_string(StartStep step) noexcept;

enum class Request { stop, reload };

// Methods are called on one thread, the requests' function on any.
class Overseer {
public:
    Overseer() = default;
    Overseer(const Overseer&) = delete;
    Overseer& operator=(const Overseer&) = delete;
    virtual ~Overseer() = default;
    virtual void starting(StartStep step) = 0;
    virtual void ready() = 0;
    virtual void reloading() = 0;  // ready() follows, also when the new configuration is refused
    virtual void stopping(std::chrono::milliseconds deadline) = 0;
    // The end, orderly or at a step that failed, with the sentence that the log has.
    virtual void stopped() = 0;
    virtual void failed(StartStep step, const std::string& why) = 0;
    // The last call: all files are closed, and the process ends without waiting for anything more.
    virtual void left() = 0;
    // How often alive() is expected; nothing: never.
    [[nodiscard]] virtual std::optional<std::chrono::milliseconds> alive_within() const = 0;
    virtual void alive() = 0;
    // `function` must return at once. An empty function ends the requests: none runs after this returns.
    virtual void on_request(std::function<void(Request)> function) = 0;
    // Whether somebody keeps what is written to standard error; else the agent needs a log file.
    [[nodiscard]] virtual bool keeps_output() const = 0;
};

// The one that the environment of the process names; else one that nobody listens to.
[[nodiscard]] std::unique_ptr<Overseer> overseer_of_process();

}  // namespace imc::host
