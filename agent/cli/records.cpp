#include "agent/cli/records_page.hpp"
#include "agent/cli/verbs.hpp"
#include "agent/imagemanager/database_file.hpp"
#include "agent/imagemanager/installation.hpp"
#include "agent/scan/listing.hpp"

#include <algorithm>
#include <ostream>

namespace imc::cli {
namespace {

// Empty, after saying why, where there is none to read.
std::string chosen_database(const Context& context, const std::string& given) {
    if (!given.empty()) return imc::scan::normalise(given);
    const auto config = configuration(context);
    if (!config) return {};
    auto found = imagemanager::find_installation({config->imagemanager_program, config->imagemanager_database}).database;
    if (!found.empty()) return found;
    context.complain("no database of ImageManager was found; --database or imagemanager.database in the configuration names it");
    return {};
}

}  // namespace

int records(const Context& context, const std::string& database, bool json) {
    const std::string path = chosen_database(context, database);
    if (path.empty()) return exit_failed;
    const auto records = imagemanager::load_records(path);
    if (!records) return context.complain(records.error());
    if (json) {
        context.print(records_document(*records, path, context.now()));
    } else {
        context.out << records_page(*records, context.now(), context.style()) << std::flush;
    }
    return exit_ok;
}

}  // namespace imc::cli
