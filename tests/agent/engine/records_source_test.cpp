// The records as a source, on a real database and with the real history; the clock alone is the test's.
#include "agent/engine/records_source.hpp"

#include "agent/scan/listing.hpp"
#include "tests/agent/scan/temporary.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

using imc::engine::RecordsSource;
using imc::engine::Stores;
using imc::imagemanager::DatabaseState;

namespace {

constexpr imc::store::UnixTime begun = 1'700'000'000;

struct Source {
    imc::test::Temporary data;
    imc::test::Temporary tree;
    std::shared_ptr<imc::config::Config> config = std::make_shared<imc::config::Config>();
    boost::asio::io_context network{1};
    imc::store::UnixTime now = begun;
    std::unique_ptr<Stores> stores;
    std::unique_ptr<RecordsSource> source;
    std::vector<std::string> told;  // keys of open findings
    bool running = false;

    Source() {
        tree.directory("ACME-DC01");
        config->data_directory = data.path();
        config->imagemanager_database = tree.path("ImageManager.mdb");
        config->imagemanager_map = {{R"(D:\Backups\Acme\ACME-DC01)", imc::scan::normalise(tree.path("ACME-DC01"))}};
        config->poll_seconds = 1;
        std::filesystem::copy_file(IMC_GOLDEN "/imagemanager-mdb/imagemanager-small.mdb", tree.path("ImageManager.mdb"));
        auto opened = Stores::open(imc::engine::Places(*config), now);
        REQUIRE(opened.has_value());
        stores = std::move(*opened);
        RecordsSource::Told to;
        to.folders_changed = [] {};
        to.history_changed = [] {};
        to.store_error = [](boost::system::error_code) {};
        to.tell = [this](const std::string& key, const std::optional<imc::store::FindingRecord>& finding) {
            std::erase(told, key);
            if (finding) told.push_back(key);
        };
        source = std::make_unique<RecordsSource>(
            network.get_executor(), *stores, [this] { return now; }, std::move(to));
        await(source->resume(config));
    }
    ~Source() {
        source->stop();
        until([this] { return !running; });
        source.reset();
        stores.reset();
    }
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;

    void await(boost::asio::awaitable<void> work) {
        bool done = false;
        boost::asio::co_spawn(network, std::move(work), [&](const std::exception_ptr& error) {
            CHECK_FALSE(error);
            done = true;
        });
        until([&] { return done; });
    }
    void until(const std::function<bool()>& predicate) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        network.restart();
        while (!predicate()) {
            REQUIRE(std::chrono::steady_clock::now() < end);
            network.run_one_for(std::chrono::milliseconds(50));
        }
    }
    void run() {
        running = true;
        boost::asio::co_spawn(network, source->run(), [this](const std::exception_ptr&) { running = false; });
    }
    [[nodiscard]] bool is_told(const std::string& key) const { return std::find(told.begin(), told.end(), key) != told.end(); }
    // A look has found this in the folder.
    void look(std::vector<spchain::Memory> images) {
        imc::store::FolderChange change;
        change.folder.path = imc::scan::normalise(tree.path("ACME-DC01"));
        change.folder.id = imc::store::folder_id(change.folder.path);
        change.folder.type = "normal";
        change.folder.state = "ok";
        change.folder.source = "imagemanager";
        change.folder.profile = "primary";
        change.folder.last_scan = change.folder.last_good_scan = now;
        change.folder.digest = 1;
        change.folder.images = images.size();
        change.memory = std::move(images);
        change.images_changed = true;
        const auto write = [](Stores& all, imc::store::FolderChange what, imc::store::UnixTime when) -> boost::asio::awaitable<void> {
            auto apply = [c = std::move(what), when](imc::store::History& history) { return history.apply(c, when); };
            const auto applied = co_await all.write(std::move(apply));
            CHECK(applied.has_value());
        };
        await(write(*stores, std::move(change), now));
    }
    std::vector<std::string> codes() {
        std::vector<std::string> found;
        const auto ask = [&found](Stores& all) -> boost::asio::awaitable<void> {
            auto read = [](const imc::store::History& history) { return history.findings(false); };
            const auto findings = co_await all.read(std::move(read));
            CHECK(findings.has_value());
            for (const auto& finding : *findings) {
                if (finding.key.starts_with("records:")) found.push_back(finding.code);
            }
        };
        await(ask(*stores));
        return found;
    }
    bool has(const std::string& code) {
        const auto all = codes();
        return std::find(all.begin(), all.end(), code) != all.end();
    }
};

spchain::Memory image(const std::string& name, imc::store::UnixTime when) {
    spchain::Memory memory;
    memory.name = name;
    memory.bytes = 1;
    memory.written = memory.first_seen = when;
    return memory;
}

}  // namespace

TEST_CASE("live disks are not held against records that cannot be read any more") {
    Source server;
    const auto known = image("C_VOL-b001.spf", server.now - 10'000'000);
    server.look({known});
    server.run();
    server.until([&] { return server.has("records_left_behind"); });
    REQUIRE_FALSE(server.has("records_unknown"));
    // What is new after the last reading is unknown to the old records for no other reason.
    server.look({image("C_VOL-b001-i900.spi", server.now), known});
    std::ofstream(server.tree.path("ImageManager.mdb"), std::ios::binary | std::ios::trunc) << "no database";
    server.now += 30 * 3600;
    server.source->looks_changed();
    server.until([&] { return server.is_told("agent:records_unreadable"); });
    CHECK_FALSE(server.has("records_unknown"));
    CHECK(server.has("records_left_behind"));
}

TEST_CASE("records that cannot be read after a start close nothing that was told of them") {
    Source server;
    const auto tell = [](Stores& all, imc::store::UnixTime now) -> boost::asio::awaitable<void> {
        imc::store::FindingRecord finding;
        finding.key = "records:left_behind";
        finding.code = "records_left_behind";
        finding.severity = "info";
        auto write = [finding, now](imc::store::History& history) { return history.set_findings("records:", {finding}, now); };
        const auto written = co_await all.write(std::move(write));
        CHECK(written.has_value());
    };
    server.await(tell(*server.stores, server.now));
    std::ofstream(server.tree.path("ImageManager.mdb"), std::ios::binary | std::ios::trunc) << "no database";
    server.run();
    server.until([&] { return server.is_told("agent:records_unreadable"); });
    CHECK(server.has("records_left_behind"));
}

TEST_CASE("a new configuration changes at once what was made of the records by it") {
    Source server;
    server.run();
    server.until([&] { return server.source->facts().state == DatabaseState::ok; });
    const auto not_mapped = server.source->facts().not_mapped.size();
    REQUIRE(not_mapped > 0);
    REQUIRE(server.source->view()->folders.size() == 1);
    auto changed = std::make_shared<imc::config::Config>(*server.config);
    changed->imagemanager_map.push_back({R"(D:\Backups)", imc::scan::normalise(server.tree.path("other"))});
    server.source->reconfigure(changed);
    CHECK(server.source->view()->folders.size() > 1);
    CHECK(server.source->facts().not_mapped.size() < not_mapped);
    auto off = std::make_shared<imc::config::Config>(*changed);
    off->imagemanager_enabled = false;
    server.source->reconfigure(off);
    CHECK(server.source->view()->folders.empty());
}
