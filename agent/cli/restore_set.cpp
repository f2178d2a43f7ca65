#include "agent/cli/chain_source.hpp"
#include "agent/cli/fields.hpp"
#include "agent/cli/verbs.hpp"
#include "agent/monitor/words.hpp"

#include <ostream>

namespace imc::cli {

// One file a line, base first, and nothing else on standard output, so that it can be fed to a copy.
int restore_set(const Context& context, const RestoreSetOptions& options) {
    if (!spchain::parse_point(options.point)) {
        return context.complain("\"" + options.point + "\" is no point such as b001-i012", exit_usage);
    }
    auto source = ChainSource::open(context, options.place, {});
    if (!source) return exit_failed;
    std::string why;
    const auto volume = pick_volume(source->volumes(), options.volume, why);
    if (!volume) return context.complain(why, source->volumes().empty() ? exit_failed : exit_usage);
    const auto set = source->restore_set(*volume, options.point);
    if (!set) return context.complain(set.error().says);
    const auto& files = list_at(*set, "files");
    const std::string verdict = text_at(*set, "verdict");
    if (options.json) {
        context.print(*set);
    } else {
        for (const auto& file : files) {
            const std::string name = text_at(file, "name");
            context.out << (source->directory().empty() ? name : imc::scan::join(source->directory(), name)) << "\n";
        }
    }
    context.out << std::flush;
    if (verdict == "broken") return context.complain(options.point + " is broken: no files give it back");
    if (!options.json) {
        context.err << monitor::count_text(files.size(), "file", "files") << ", " << monitor::bytes_text(count_at(*set, "bytes")) << ", "
                    << verdict << "\n";
    }
    return exit_ok;
}

}  // namespace imc::cli
