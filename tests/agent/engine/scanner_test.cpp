// The scanner on real directories, with the real history.
#include "agent/engine/scanner.hpp"

#include "tests/agent/scan/temporary.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <ctime>

using imc::engine::FolderSpec;
using imc::engine::Scanner;
using imc::engine::Stores;

namespace {

imc::store::UnixTime unix_now() {
    return static_cast<imc::store::UnixTime>(std::time(nullptr));
}

struct Scan {
    imc::test::Temporary tree;
    imc::test::Temporary data;
    std::shared_ptr<imc::config::Config> config = std::make_shared<imc::config::Config>();
    boost::asio::io_context network{1};
    shuttle::io::Supervisor supervisor{network.get_executor(), [](const std::string&, const std::string& what) { FAIL(what); }};
    std::unique_ptr<Stores> stores;
    std::unique_ptr<Scanner> scanner;
    std::vector<imc::config::ManagedFolder> folders;

    Scan() {
        config->data_directory = data.path();
        config->folder_timeout_seconds = 20;
        open();
    }
    ~Scan() { close(); }
    Scan(const Scan&) = delete;
    Scan& operator=(const Scan&) = delete;

    void open() {
        auto opened = Stores::open(imc::engine::Places(*config), unix_now());
        REQUIRE(opened.has_value());
        stores = std::move(*opened);
        scanner = std::make_unique<Scanner>(network.get_executor(), *stores, unix_now, Scanner::Told{});
        scanner->resume(*stores->known_folders());
        scanner->set_rules(imc::engine::look_rules(config, unix_now()));
    }
    void close() {
        scanner->stop();
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
        network.restart();
        while (!supervisor.running().empty() && std::chrono::steady_clock::now() < end) network.run_one_for(std::chrono::milliseconds(50));
        scanner.reset();
        stores.reset();
    }
    void add(const std::string& name, const std::string& type = "normal") {
        imc::config::ManagedFolder folder;
        folder.path = tree.path(name);
        folder.type = type;
        config->folders.push_back(folder);
    }
    // Every folder once.
    void round() {
        scanner->set_folders(imc::engine::watched_folders(*config, {}, scanner->children()));
        scanner->start(supervisor, 2);
        scanner->look_now("");
        network.restart();
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (!scanner->round_done()) {
            REQUIRE(std::chrono::steady_clock::now() < end);
            network.run_one_for(std::chrono::milliseconds(50));
        }
    }
    [[nodiscard]] imc::store::FolderRecord folder(const std::string& name) const {
        for (const auto& record : *stores->known_folders()) {
            if (record.path == tree.path(name)) return record;
        }
        return {};
    }
    void images(const std::string& folder, int count) const {
        const auto base = unix_now() - 40 * 3600;
        tree.file(folder + "/C_VOL-b001.spf", 100, base);
        tree.file(folder + "/C_VOL-b001.md5", 60, base);
        for (int n = 1; n <= count; ++n) {
            const std::string stem = folder + "/C_VOL-b001-i" + std::string(n < 10 ? "00" : "0") + std::to_string(n);
            tree.file(stem + ".spi", 10, base + n * 3600);
            tree.file(stem + ".md5", 60, base + n * 3600);
        }
    }
};

}  // namespace

TEST_CASE("a first round reads every folder, a second one without change moves no cursor") {
    Scan scan;
    scan.images("a", 5);
    scan.images("b", 3);
    scan.add("a");
    scan.add("b");
    scan.round();
    const auto first = scan.folder("a");
    CHECK(first.state == "ok");
    CHECK(first.images == 6);
    CHECK(scan.folder("b").images == 4);
    scan.round();
    CHECK(scan.folder("a").seq == first.seq);
    CHECK(scan.scanner->facts().failed == 0);
}

TEST_CASE("a folder that cannot be read keeps its last known data, is stale, and recovers") {
    Scan scan;
    scan.images("a", 5);
    scan.add("a");
    scan.round();
    std::filesystem::rename(scan.tree.path("a"), scan.tree.path("away"));
    scan.round();
    CHECK(scan.folder("a").state == "stale");
    CHECK(scan.folder("a").error == "not_found");
    CHECK(scan.folder("a").images == 6);
    std::filesystem::rename(scan.tree.path("away"), scan.tree.path("a"));
    scan.round();
    CHECK(scan.folder("a").state == "ok");
    CHECK(scan.folder("a").error.empty());
}

TEST_CASE("an empty directory in the place of one with images is not believed") {
    Scan scan;
    scan.images("a", 5);
    scan.add("a");
    scan.round();
    std::filesystem::rename(scan.tree.path("a"), scan.tree.path("away"));
    scan.tree.directory("a");
    scan.round();
    CHECK(scan.folder("a").state == "stale");
    CHECK(scan.folder("a").images == 6);
}

TEST_CASE("a file in the place of a folder is told as such") {
    Scan scan;
    scan.tree.file("a", 5);
    scan.add("a");
    scan.round();
    CHECK(scan.folder("a").state == "stale");
    CHECK(scan.folder("a").error == "not_a_directory");
}

TEST_CASE("the children of a backup store are folders of their own, one level deep") {
    Scan scan;
    scan.images("store/WEB01", 2);
    scan.images("store/WEB02", 2);
    scan.images("store/WEB02/deeper", 2);
    scan.add("store", "backup_store");
    scan.round();
    scan.round();
    CHECK(scan.folder("store/WEB01").images == 3);
    CHECK(scan.folder("store/WEB02").parent_id == scan.folder("store").id);
    CHECK(scan.folder("store/WEB02/deeper").path.empty());
}

TEST_CASE("what was seen is remembered over a restart, and a loss is told") {
    Scan scan;
    scan.images("a", 9);
    scan.add("a");
    scan.round();
    scan.close();
    scan.open();
    std::filesystem::remove(scan.tree.path("a/C_VOL-b001-i004.spi"));
    scan.round();
    CHECK(scan.folder("a").images == 9);
    auto history = imc::store::History::open(imc::engine::Places(*scan.config).history, imc::store::History::Mode::read_only, unix_now());
    REQUIRE(history.has_value());
    const auto findings = *history->history.findings(false);
    const auto has = [&](const char* code) {
        return std::any_of(findings.begin(), findings.end(), [&](const auto& finding) { return finding.code == code; });
    };
    CHECK(has("chain_broken"));
    CHECK(has("image_vanished"));
}

TEST_CASE("what is said of an image while its folder is being judged is judged at once, whenever it comes") {
    // Handlers of the network thread between the beginning of the look and the word.
    for (int after = 0; after < 12; ++after) {
        Scan scan;
        scan.images("a", 5);
        scan.add("a");
        scan.round();
        scan.tree.file("a/C_VOL-b001-i006.spi", 10, unix_now() - 30 * 3600);
        const auto folder = scan.folder("a");
        scan.scanner->look_now("");
        scan.network.restart();
        for (int n = 0; n < after; ++n) scan.network.run_one_for(std::chrono::seconds(1));
        const auto tell = [&]() -> boost::asio::awaitable<void> {
            imc::store::CheckRecord damaged;
            damaged.folder_id = folder.id;
            damaged.volume_id = imc::store::volume_id(folder.path, "C_VOL");
            damaged.name = "C_VOL-b001-i003.spi";
            damaged.bytes = 10;
            damaged.at = unix_now();
            damaged.result = imc::store::CheckResult::mismatch;
            auto write = [damaged](imc::store::History& history) { return history.add_checks({damaged}); };
            const auto written = co_await scan.stores->write(std::move(write));
            CHECK(written.has_value());
            scan.scanner->judge_anew(folder.id);
        };
        bool told = false;
        boost::asio::co_spawn(scan.network, tell(), [&](const std::exception_ptr& error) {
            CHECK_FALSE(error);
            told = true;
        });
        const auto broken = [&] {
            bool found = false;
            const auto ask = [&]() -> boost::asio::awaitable<void> {
                auto read = [](const imc::store::History& history) { return history.volumes(); };
                const auto volumes = co_await scan.stores->read(std::move(read));
                REQUIRE(volumes.has_value());
                for (const auto& volume : *volumes) found = found || volume.verdict == "broken";
            };
            bool asked = false;
            boost::asio::co_spawn(scan.network, ask(), [&](const std::exception_ptr&) { asked = true; });
            while (!asked) scan.network.run_one_for(std::chrono::milliseconds(50));
            return found;
        };
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!told || (!broken() && std::chrono::steady_clock::now() < end)) scan.network.run_one_for(std::chrono::milliseconds(50));
        INFO("after " << after << " handlers");
        CHECK(broken());
    }
}
