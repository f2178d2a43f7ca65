#include "agent/cli/client.hpp"
#include "agent/cli/fields.hpp"
#include "agent/cli/status_page.hpp"
#include "agent/cli/table.hpp"
#include "agent/cli/verbs.hpp"
#include "agent/monitor/words.hpp"

#include <limits>
#include <ostream>

namespace imc::cli {
namespace {

using nlohmann::json;

constexpr std::size_t everything = std::numeric_limits<std::size_t>::max();

std::string unmanaged_page(const json& list, const PageOptions& options) {
    std::vector<Row> rows;
    for (const auto& folder : list_at(list, "items")) {
        const std::int64_t newest = time_at(folder, "newest_written");
        rows.push_back({{text_at(folder, "path")},
                        {text_at(folder, "customer")},
                        {text_at(folder, "machine")},
                        {std::to_string(count_at(folder, "images"))},
                        {monitor::bytes_text(count_at(folder, "bytes"))},
                        {newest == 0 ? "" : monitor::age_text(options.now - newest)}});
    }
    const std::vector<Column> columns = {{"folder", false, 16, 0, Cut::begin}, {"customer", false, 8, 2, Cut::end},
                                         {"machine", false, 8, 3, Cut::end},   {"images", true, 0, 0, Cut::end},
                                         {"size", true, 0, 1, Cut::end},       {"newest", true, 0, 4, Cut::end}};
    return rows.empty() ? std::string() : table(columns, rows, options.style, 0);
}

std::string page(const std::string& what, const json& list, const PageOptions& options) {
    const json& items = list_at(list, "items");
    if (items.empty()) return {};
    if (what == "folders") return folders_part(items, options, everything);
    if (what == "volumes") return volumes_part(items, options, everything);
    if (what == "findings") return findings_part(items, options, everything, true);
    return unmanaged_page(list, options);
}

// What an empty or short list must not be taken for.
void remark(const Context& context, const std::string& what, const json& list) {
    const bool empty = list_at(list, "items").empty();
    if (what == "unmanaged") {
        if (time_at(list, "searched") == 0) {
            context.err << "The first search is not through yet, or no discovery roots are configured.\n";
        } else if (!flag_at(list, "complete")) {
            context.err << "The search was not complete; there may be more.\n";
        } else if (empty) {
            context.err << "Every folder with images below the discovery roots is managed.\n";
        }
        return;
    }
    if (empty) context.err << "There are no " << what << ".\n";
}

}  // namespace

int list(const Context& context, const std::string& what, bool as_json) {
    const auto config = configuration(context);
    if (!config) return exit_failed;
    auto client = Client::open(engine::Places(*config));
    if (!client) return context.complain(client.error().says);
    const auto document = client->all("/v1/" + (what == "unmanaged" ? std::string("unmanaged-folders") : what));
    if (!document) return context.complain(document.error().says);
    if (as_json) {
        context.print(*document);
        return exit_ok;
    }
    PageOptions options;
    options.style = context.style();
    options.full = true;
    options.ids = true;
    options.now = context.now();
    context.out << page(what, *document, options) << std::flush;
    remark(context, what, *document);
    return exit_ok;
}

}  // namespace imc::cli
