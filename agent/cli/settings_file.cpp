#include "agent/cli/settings_file.hpp"

#include "agent/api/views.hpp"
#include "agent/engine/engine.hpp"
#include "agent/host/files.hpp"

#include <nlohmann/json.hpp>
#include <ostream>

namespace imc::cli {

std::optional<store::Settings> open_settings(const Context& context) {
    const auto config = configuration(context);
    if (!config) return std::nullopt;
    const engine::Places places(*config);
    const auto made = host::make_private_directory(places.directory);
    if (!made) {
        context.complain("cannot make the data directory " + places.directory + ": " + made.error().message() +
                         "; run as administrator (on Linux: root)");
        return std::nullopt;
    }
    auto settings = store::Settings::open(places.settings);
    if (settings) return std::move(*settings);
    context.complain("cannot open " + places.settings + ": " + settings.error().message());
    return std::nullopt;
}

int settings_failed(const Context& context, boost::system::error_code error) {
    return context.complain("the settings could not be read or written: " + error.message());
}

store::AuditRecord audited(std::int64_t now, const char* action, const std::string& subject, const nlohmann::json& detail) {
    return {now, "local", "command line", action, subject, api::text_of(detail)};
}

}  // namespace imc::cli
