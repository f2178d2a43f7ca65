#include "agent/cli/data_files.hpp"

#include "tests/agent/cli/run.hpp"

#include <catch2/catch.hpp>

using namespace imc;

namespace {

struct Data {
    test::Temporary home;
    config::Config config;
    Data() {
        home.directory("data/logs");
        config.data_directory = home.path("data");
        for (const char* name : {"agent.lock", "history.db", "history.db-wal", "settings.db", "agent.json", "local.token", "rejected.txt",
                                 "shuttle.key", "shuttle.key.new", "shuttle.join", "shuttle.json", "shuttle.json.new", "certificate.pem",
                                 "certificate.key", "certificate.key.new"}) {
            home.file(std::string("data/") + name, 3, 0);
        }
        home.file("data/logs/imconnector.log", 3, 0);
    }
    [[nodiscard]] std::vector<std::string> remove() const { return cli::remove_data(engine::Places(config), home.path("c.toml")); }
    [[nodiscard]] bool is_there() const { return std::filesystem::exists(cli::path_of(config.data_directory)); }
};

}  // namespace

TEST_CASE("Removing what the agent knows leaves nothing behind, its keys least of all") {
    const Data data;
    CHECK(data.remove().empty());
    CHECK_FALSE(data.is_there());
}

TEST_CASE("A data directory that stays, because something else is in it, is said to") {
    const Data data;
    data.home.file("data/notes.txt", 3, 0);
    CHECK(data.remove() == std::vector<std::string>{data.config.data_directory});
    CHECK(data.is_there());
}
