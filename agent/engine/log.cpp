#include "agent/engine/log.hpp"

#include "agent/engine/engine.hpp"
#include "agent/host/files.hpp"

#include <filesystem>
#include <spdlog/logger.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace imc::engine {
namespace {

spdlog::level::level_enum level_of(const std::string& word) {
    if (word == "warning") return spdlog::level::warn;
    if (word == "error") return spdlog::level::err;
    return spdlog::level::from_str(word);
}

// Wide on Windows, where a narrow one would be read in the computer's own code page.
spdlog::filename_t file_name(const std::string& path) {
    return std::filesystem::path(std::u8string(path.begin(), path.end())).native();
}

}  // namespace

Log::Log(const config::Config& config) {
    std::vector<spdlog::sink_ptr> sinks{std::make_shared<spdlog::sinks::stderr_sink_mt>()};
    if (!config.log_file.empty()) {
        try {
            sinks.push_back(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
                file_name(config.log_file), static_cast<std::size_t>(config.log_file_bytes), static_cast<std::size_t>(config.log_files)));
        } catch (const spdlog::spdlog_ex& failed) {
            problem_ = "cannot write the log file " + config.log_file + ": " + failed.what();
        }
    }
    logger_ = std::make_shared<spdlog::logger>("imconnector", sinks.begin(), sinks.end());
    logger_->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    logger_->flush_on(spdlog::level::info);
    set_level(config.log_level);
}

void Log::debug(const std::string& line) const {
    logger_->debug("{}", line);
}
void Log::info(const std::string& line) const {
    logger_->info("{}", line);
}
void Log::warning(const std::string& line) const {
    logger_->warn("{}", line);
}
void Log::error(const std::string& line) const {
    logger_->error("{}", line);
}
void Log::set_level(const std::string& word) const {
    logger_->set_level(level_of(word));
}
void Log::flush() const {
    logger_->flush();
}

void log_failure(const config::Config& config, const std::string& line) {
    config::Config wanted = config;
    const Places places(config);
    if (wanted.log_file.empty() && host::make_private_directory(places.directory)) wanted.log_file = places.log;
    Log(wanted).error(line);
}

}  // namespace imc::engine
