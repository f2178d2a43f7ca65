// The agent's log: standard error always, and a rotating file where the configuration names one. What it is not: a
// global; it is made in run() and handed down. Lines never hold secrets. Thread-safe.
#pragma once

#include "agent/config/config.hpp"

#include <memory>
#include <string>

namespace spdlog {
class logger;
}

namespace imc::engine {

class Log {
public:
    explicit Log(const config::Config& config);
    void debug(const std::string& line) const;
    void info(const std::string& line) const;
    void warning(const std::string& line) const;
    void error(const std::string& line) const;
    void set_level(const std::string& word) const;
    [[nodiscard]] const std::string& problem() const { return problem_; }  // the file could not be opened; empty: none
    void flush() const;

private:
    std::shared_ptr<spdlog::logger> logger_;
    std::string problem_;
};

// A start that failed before there was a log, told in the file that the log would have: the configured one, else the one
// of the data directory, which is made.
void log_failure(const config::Config& config, const std::string& line);

}  // namespace imc::engine
