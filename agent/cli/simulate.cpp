#include "agent/cli/chain_source.hpp"
#include "agent/cli/simulate_page.hpp"
#include "agent/cli/verbs.hpp"
#include "agent/config/bytes.hpp"

#include <ostream>

namespace imc::cli {
namespace {

using nlohmann::json;

// Files may be named by their paths, as a shell completes them.
std::string name_of(const std::string& path) {
    return path.substr(path.find_last_of("/\\") + 1);  // no name of an image has either
}

// The body of the request; what is wrong with the words is in `why`.
json question_of(const SimulateOptions& options, std::string& why) {
    json question = json::object();
    if (options.base != 0) question["base"] = options.base;
    for (const auto& file : options.lose) question["lose"].push_back(name_of(file));
    const auto keep = [&question](const char* key, const std::optional<std::int64_t>& length) {
        if (length) question["retention"][key] = *length == 0 ? json() : json(*length);
    };
    keep("intra_daily_days", options.intra);
    keep("daily_days", options.daily);
    keep("weekly_days", options.weekly);
    keep("monthly_months", options.monthly);
    if (!options.within.empty()) {
        if (const auto bytes = config::parse_bytes(options.within)) {
            question["within_bytes"] = *bytes;
        } else {
            why = "--within: \"" + options.within + "\" is no size such as 500GB or 2 TiB";
        }
    }
    if (!options.when.empty()) {
        question["when"] = options.when;
        if (!question.contains("retention")) why = "--when goes with --keep-intra, --keep-daily, --keep-weekly or --keep-monthly";
    }
    const int asked = static_cast<int>(question.contains("lose")) + static_cast<int>(question.contains("retention")) +
                      static_cast<int>(question.contains("within_bytes"));
    if (why.empty() && asked != 1) why = "say one of --lose, --keep-... and --within";
    return question;
}

}  // namespace

int simulate(const Context& context, const SimulateOptions& options) {
    std::string why;
    const json question = question_of(options, why);
    if (!why.empty()) return context.complain(why, exit_usage);
    auto source = ChainSource::open(context, options.place, options.now);
    if (!source) return exit_failed;
    const auto volumes = source->volumes();
    const auto volume = pick_volume(volumes, options.volume, why);
    if (!volume) return context.complain(why, volumes.empty() ? exit_failed : exit_usage);
    const auto answer = source->simulate(*volume, question);
    if (!answer) return context.complain(answer.error().says);
    if (options.json) {
        context.print(*answer);
    } else {
        context.out << simulate_page(*answer, context.style());
    }
    context.out << std::flush;
    return exit_ok;
}

}  // namespace imc::cli
