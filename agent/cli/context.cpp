#include "agent/cli/context.hpp"

#include "agent/cli/fields.hpp"
#include "agent/host/files.hpp"

#include <boost/system/errc.hpp>
#include <ostream>

namespace imc::cli {
namespace {

constexpr std::size_t largest_config = 1'048'576;

}  // namespace

int Context::complain(std::string_view says, int code) const {
    err << "imconnector: " << visible(says) << "\n";
    return code;
}

void Context::print(const nlohmann::json& document) const {
    out << document_text(document);
}

bool exists(const std::string& file) {
    const auto read = host::read_file(file, largest_config);
    return read || read.error() != boost::system::errc::no_such_file_or_directory;
}

std::string config_path(const Context& context) {
    return context.config_file.empty() ? host::default_config_file() : context.config_file;
}

std::optional<config::Config> configuration(const Context& context) {
    const std::string file = config_path(context);
    if (context.config_file.empty() && !exists(file)) return config::Config();
    auto loaded = config::load(file);
    for (const auto& problem : loaded.problems) context.err << visible(problem.text()) << "\n";
    if (!loaded.problems.empty()) return std::nullopt;
    return std::move(loaded.config);
}

}  // namespace imc::cli
