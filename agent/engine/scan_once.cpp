#include "agent/engine/engine.hpp"
#include "agent/engine/scanner.hpp"
#include "agent/host/files.hpp"
#include "agent/host/process.hpp"

#include <boost/asio/io_context.hpp>
#include <ctime>

namespace imc::engine {
namespace {

store::UnixTime unix_now() {
    return static_cast<store::UnixTime>(std::time(nullptr));
}

}  // namespace

boost::system::result<OnceReport, std::string> scan_once(const config::Config& config) {
    host::limit_memory();
    const auto began = std::chrono::steady_clock::now();
    const Places places(config);
    if (auto made = host::make_private_directory(places.directory); !made) {
        return "cannot make the data directory " + places.directory + ": " + made.error().message();
    }
    auto stores = Stores::open(places, unix_now());
    if (!stores) return stores.error();
    boost::asio::io_context network(1);
    std::string problem;
    shuttle::io::Supervisor supervisor(network.get_executor(),
                                       [&](const std::string& job, const std::string& what) { problem = job + ": " + what; });
    Scanner::Told told;
    told.store_error = [&](boost::system::error_code error) { problem = "cannot write " + places.history + ": " + error.message(); };
    Scanner scanner(network.get_executor(), **stores, unix_now, std::move(told));
    auto known = (*stores)->known_folders();
    if (!known) return "cannot read " + places.history + ": " + known.error().message();
    scanner.resume(*known);
    auto shared = std::make_shared<const config::Config>(config);
    scanner.set_rules(look_rules(shared, unix_now()));
    auto folders = watched_folders(config, {}, scanner.children());
    const auto count = folders.size();
    scanner.set_folders(std::move(folders));
    scanner.start(supervisor, static_cast<std::size_t>(config.parallel_folders));
    while (!scanner.round_done() && problem.empty() && count > 0) network.run_one();
    scanner.stop();
    network.stop();
    if (!problem.empty()) return problem;
    OnceReport report;
    report.folders = count;
    auto after = (*stores)->known_folders();
    if (!after) return "cannot read " + places.history + ": " + after.error().message();
    for (const auto& folder : *after) report.images += folder.images;
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return report;
}

}  // namespace imc::engine
