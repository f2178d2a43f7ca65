// What is asked of the running agent: look again, watch a folder, watch it no more.
#include "agent/cli/fields.hpp"
#include "agent/cli/running_agent.hpp"
#include "agent/cli/verbs.hpp"

#include <ostream>

namespace imc::cli {

using nlohmann::json;

int rescan(const Context& context, const std::string& folder_id) {
    auto client = running_agent(context);
    if (!client) return exit_failed;
    const auto asked = client->post("/v1/rescan", folder_id.empty() ? json::object() : json{{"folder_id", folder_id}});
    if (!asked) return context.complain(asked.error().says);
    context.err << (folder_id.empty() ? "All folders are" : "The folder is") << " being looked at; imconnector status shows the result.\n";
    return exit_ok;
}

int adopt(const Context& context, const AdoptOptions& options) {
    auto client = running_agent(context);
    if (!client) return exit_failed;
    json body = {{"path", imc::scan::normalise(options.path)}, {"type", options.type}};
    if (!options.customer.empty()) body["customer"] = options.customer;
    if (!options.machine.empty()) body["machine"] = options.machine;
    const auto adopted = client->post("/v1/folders", body);
    if (!adopted) return context.complain(adopted.error().says);
    context.out << text_at(*adopted, "id") << "\n" << std::flush;
    context.err << "The agent now watches " << text_at(*adopted, "path") << ". ImageManager itself is not changed.\n";
    return exit_ok;
}

int release(const Context& context, const std::string& folder_id) {
    auto client = running_agent(context);
    if (!client) return exit_failed;
    const auto released = client->erase("/v1/folders/" + encoded(folder_id));
    if (!released) return context.complain(released.error().says);
    context.err << "The agent no longer watches " << visible(folder_id) << ". Nothing in the folder was changed.\n";
    return exit_ok;
}

}  // namespace imc::cli
