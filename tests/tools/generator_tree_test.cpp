// Demo and benchmark trees: what is well is well to the analysis, what was broken on purpose is found, and what lies on
// disk is what was meant.
#include "tools/generator/bench.hpp"
#include "tools/generator/demo.hpp"
#include "tools/generator/files.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

using namespace generator;
namespace fs = std::filesystem;

namespace {

constexpr spchain::UnixTime now_then = 1'772'366'400;  // 2026-03-01T12:00:00Z, a Sunday
constexpr spchain::UnixTime day = 86'400;

class Temporary {
public:
    Temporary() : path_(fs::temp_directory_path() / ("imc-generator-" + std::to_string(std::random_device{}()))) {
        fs::create_directories(path_);
    }
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;
    ~Temporary() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

// Several zones, times of day, week days and days of the month.
std::vector<DemoOptions> instants() {
    std::vector<DemoOptions> all;
    for (int k = 0; k < 10; ++k) {
        DemoOptions options;
        options.now = now_then + k * (23 * day + 5 * 3600 + 911);
        options.seed = static_cast<std::uint64_t>(k % 4 + 1);
        const auto east = static_cast<std::int32_t>((k % 5) * 4 - 8) * 3600;
        for (int half = 0; half < 6; ++half)
            options.calendar.offsets.push_back({options.now + (half * 182 - 900) * day, east + half % 2 * 3600});
        all.push_back(options);
    }
    return all;
}

std::vector<spchain::Entry> entries_of(const Directory& directory) {
    std::vector<spchain::Entry> entries;
    for (const auto& file : directory.files) entries.push_back({file.name, file.bytes, file.written});
    return entries;
}

spchain::FolderReport analysed(const std::vector<spchain::Entry>& entries, const DemoOptions& options, bool replica = false) {
    spchain::FolderInput input;
    input.entries = entries;
    input.now = options.now;
    input.rules.calendar = options.calendar;
    input.rules.profile = replica ? spchain::Profile::replica : spchain::Profile::primary;
    return spchain::analyse(input);
}

using Codes = std::set<std::pair<std::string, std::string>>;  // volume, code

Codes codes_of(const spchain::FolderReport& report) {
    Codes codes;
    for (const auto& finding : report.findings) codes.emplace("", spchain::to_string(finding.code));
    for (const auto& volume : report.volumes) {
        for (const auto& finding : volume.findings) codes.emplace(volume.name, spchain::to_string(finding.code));
    }
    return codes;
}

// Those defects of a directory that a listing alone can show.
Codes expected_codes(const Tree& tree, const std::string& path) {
    const std::set<std::string> others = {"volume_stale", "old_base", "unmanaged_folder", "images_in_store_root", "image_damaged"};
    Codes codes;
    for (const auto& defect : tree.defects) {
        if (defect.path == path && !others.contains(defect.code)) codes.emplace(defect.volume, defect.code);
    }
    return codes;
}

const Directory& find(const Tree& tree, const std::string& path) {
    return *std::find_if(tree.directories.begin(), tree.directories.end(), [&](const auto& d) { return d.path == path; });
}

const Defect& defect(const Tree& tree, const std::string& code) {
    const auto found = std::find_if(tree.defects.begin(), tree.defects.end(), [&](const auto& d) { return d.code == code; });
    REQUIRE(found != tree.defects.end());
    return *found;
}

// Consolidations are written later than what they hold.
spchain::UnixTime newest_increment(const Directory& directory, const std::string& volume) {
    spchain::UnixTime best = 0;
    for (const auto& file : directory.files) {
        const auto name = spchain::parse(file.name);
        const bool raw = name.type == spchain::NameType::image && (name.suffix.empty() || name.suffix == "-cd");
        if (raw && name.volume == volume) best = std::max(best, file.written);
    }
    return best;
}

spchain::UnixTime base_written(const Directory& directory, const std::string& volume) {
    for (const auto& file : directory.files) {
        if (file.name == volume + "-b001.spf") return file.written;
    }
    return 0;
}

std::string content(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("at any instant the demo's defects are found, and nothing else is") {
    for (const auto& options : instants()) {
        const auto demo = make_demo(options);
        for (const auto& directory : demo.tree.directories) {
            if (directory.path.ends_with("/Incrementals")) continue;
            INFO("now " << options.now << " " << directory.path);
            const auto report = analysed(entries_of(directory), options, directory.path.starts_with("replica/"));
            CHECK(codes_of(report) == expected_codes(demo.tree, directory.path));
            for (const auto& file : directory.files) REQUIRE(file.written <= options.now);
        }
    }
}

TEST_CASE("the demo's defects that only time or place can show are there") {
    for (const auto& options : instants()) {
        const auto tree = make_demo(options).tree;
        const auto& stale = defect(tree, "volume_stale");
        const auto silent = options.now - newest_increment(find(tree, stale.path), stale.volume);
        CHECK(silent > 8 * day);
        CHECK(silent < 10 * day);
        const auto& old = defect(tree, "old_base");
        const auto age = options.now - base_written(find(tree, old.path), old.volume);
        CHECK(age > 390 * day);
        CHECK(age < 420 * day);
        const auto& unmanaged = defect(tree, "unmanaged_folder").path;
        CHECK(std::none_of(tree.folders.begin(), tree.folders.end(), [&](const auto& f) { return f.path == unmanaged; }));
        CHECK(defect(tree, "images_in_store_root").path == "store");
        CHECK(base_written(find(tree, "store"), "C_VOL") > 0);
        CHECK_FALSE(find(tree, "backups/Acme/SRV-FILES/Incrementals").files.empty());
    }
}

TEST_CASE("all other volumes of the demo have an image from within the default grace") {
    for (const auto& options : instants()) {
        const auto tree = make_demo(options).tree;
        for (const auto& directory : tree.directories) {
            if (directory.path.ends_with("/Incrementals") || directory.path.ends_with("/OLD-LAPTOP")) continue;
            for (const auto& volume : analysed(entries_of(directory), options).volumes) {
                INFO("now " << options.now << " " << directory.path << " " << volume.name);
                const auto& chain = volume.chains.back();
                const bool stale = options.now - chain.points[static_cast<std::size_t>(chain.newest)].written >= 3 * day;
                CHECK(stale == (directory.path == defect(tree, "volume_stale").path));
            }
        }
    }
}

TEST_CASE("the file that the demo proposes to delete takes the newest point with it") {
    for (const auto& options : instants()) {
        const auto tree = make_demo(options).tree;
        const auto slash = tree.worth_losing.rfind('/');
        REQUIRE(slash != std::string::npos);
        auto entries = entries_of(find(tree, tree.worth_losing.substr(0, slash)));
        CHECK(codes_of(analysed(entries, options)).empty());
        const auto lost = tree.worth_losing.substr(slash + 1);
        CHECK(std::erase_if(entries, [&](const auto& e) { return e.name == lost; }) == 1);
        bool newest = false;
        for (const auto& volume : analysed(entries, options).volumes) {
            for (const auto& finding : volume.findings) newest = newest || finding.newest_affected;
        }
        INFO("now " << options.now << " " << lost);
        CHECK(newest);
    }
}

TEST_CASE("a demo on disk is the demo that was meant, small, and the same each time") {
    const Temporary temporary;
    const auto options = instants().front();
    const auto demo = make_demo(options);
    const auto root = claim(temporary.path() / "server", options.now);
    write_tree(demo.tree, root, options.now);
    std::size_t files = 0;
    for (const auto& directory : demo.tree.directories) {
        for (const auto& file : directory.files) {
            const auto path = root / directory.path / file.name;
            REQUIRE(fs::file_size(path) == file.bytes);
            const auto time = std::chrono::file_clock::to_sys(fs::last_write_time(path));
            REQUIRE(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count() == file.written);
        }
        files += directory.files.size();
    }
    CHECK(files > 5'000);
    CHECK(files < 20'000);
    const auto digest = content(root / "backups/Acme/SRV-DC01/System Reserved_VOL-b001.md5");
    CHECK(digest.find(" *System Reserved_VOL-b001.spf\r\n") == 32);
    CHECK(digest.find_first_not_of("0123456789abcdef") == 32);
    const auto toml = content(root / "folders.toml");
    CHECK(toml.find("path = '" + (root / "store").string() + "'\ntype = 'backup_store'\ncustomer = 'Initech'\n") != std::string::npos);
    CHECK(toml.find("delete '" + (root / demo.tree.worth_losing).string()) != std::string::npos);
    for (const char* table : {"[agent]", "[api]", "[scan]"}) CHECK(toml.find(table) == std::string::npos);
    const auto again = make_demo(options).tree;
    CHECK(folders_toml(again, "/x") == folders_toml(demo.tree, "/x"));
    for (std::size_t k = 0; k < again.directories.size(); ++k) {
        const auto alike = [](const File& a, const File& b) {
            return a.name == b.name && a.content == b.content && a.bytes == b.bytes && a.written == b.written;
        };
        CHECK(std::equal(again.directories[k].files.begin(), again.directories[k].files.end(), demo.tree.directories[k].files.begin(),
                         demo.tree.directories[k].files.end(), alike));
    }
}

TEST_CASE("a directory that somebody else filled is refused and left as it is, one's own is made anew") {
    const Temporary temporary;
    const auto foreign = temporary.path() / "foreign";
    fs::create_directories(foreign);
    std::ofstream(foreign / "precious.txt") << "x";
    CHECK_THROWS_WITH(claim(foreign, now_then), Catch::Contains(foreign.string()) && Catch::Contains("not empty"));
    CHECK(content(foreign / "precious.txt") == "x");
    CHECK_THROWS_WITH(claim(foreign / "precious.txt", now_then), Catch::Contains("not a directory"));
    const auto own = claim(temporary.path() / "own/", now_then);
    CHECK(own == temporary.path() / "own");
    write_files(own / "a/b", std::vector<File>{{"C_VOL-b001.spf", {}, 1'000'000'000'000, now_then, 0}});
    CHECK(fs::file_size(own / "a/b/C_VOL-b001.spf") == 1'000'000'000'000);
    CHECK_THROWS_WITH(write_files(own / "a/b", std::vector<File>{{"C_VOL-b001.spf", {}, 1, now_then, 0}}),
                      Catch::Contains("C_VOL-b001.spf"));
    CHECK(claim(own, now_then) == own);
    CHECK(std::distance(fs::directory_iterator(own), fs::directory_iterator()) == 1);
}

TEST_CASE("paths with quotes and backslashes are still TOML") {
    Tree tree;
    tree.folders.push_back({"b", "normal", "O'Neil \"Ltd\"", "replica"});
    CHECK(folders_toml(tree, "/x").ends_with("path = '/x/b'\ncustomer = \"O'Neil \\\"Ltd\\\"\"\nprofile = 'replica'\n"));
    CHECK(folders_toml(tree, "/it's\\\n").find("path = \"/it's\\\\\\u000a/b\"\n") != std::string::npos);
}

TEST_CASE("a benchmark has exactly as many files or images as were asked for, in chains that are well") {
    const auto at = GENERATE(std::pair{10'007, false}, std::pair{3'001, true}, std::pair{61, false}, std::pair{7, true});
    BenchOptions options;
    options.now = now_then;
    options.folders = 7;
    options.total = static_cast<std::uint64_t>(at.first);
    options.count_images = at.second;
    std::uint64_t files = 0;
    std::uint64_t images = 0;
    std::set<std::string> paths;
    std::set<std::pair<spchain::UnixTime, std::int32_t>> times;
    const auto tree = make_bench(options, [&](const Directory& directory) {
        DemoOptions when;
        when.now = options.now;
        const auto report = analysed(entries_of(directory), when);
        INFO(directory.path);
        CHECK(codes_of(report).empty());
        CHECK(report.settling == 0);
        images += report.images;
        files += directory.files.size();
        CHECK(paths.insert(directory.path).second);
        std::set<std::string> names;
        for (const auto& file : directory.files) {
            REQUIRE(names.insert(file.name).second);
            REQUIRE(file.bytes > 0);
            times.emplace(file.written, file.nanoseconds);
        }
    });
    CHECK((options.count_images ? images : files) == options.total);
    CHECK(tree.folders.size() == 7);
    CHECK(times.size() + 20 > files);
    if (options.total > 10'000) CHECK(10 * images > 4 * files);
}

TEST_CASE("a long chain has exactly as many images as were asked for, up to about now") {
    const auto images = GENERATE(1U, 2U, 700U, 9'000U);
    BenchOptions options;
    options.now = now_then;
    const auto directory = make_long_chain(options, images);
    DemoOptions when;
    when.now = options.now;
    const auto report = analysed(entries_of(directory), when);
    CHECK(report.images == images);
    CHECK(codes_of(report).empty());
    REQUIRE(report.volumes.size() == 1);
    CHECK(report.volumes.front().chains.size() == 1);
    CHECK(report.volumes.front().newest_written <= options.now);
    CHECK(report.volumes.front().newest_written > options.now - 3 * day);
}
