#include "tools/generator/bench.hpp"
#include "tools/generator/demo.hpp"
#include "tools/generator/demo_database.hpp"
#include "tools/generator/demo_digests.hpp"
#include "tools/generator/files.hpp"
#include "tools/generator/local_time.hpp"
#include "tools/generator/time_text.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>

namespace {

using namespace generator;

constexpr int usage_error = 64;

struct Options {
    std::string directory;
    std::string now;
    std::uint64_t seed = 1;
    std::uint64_t folders = 1;
    std::uint64_t files = 0;
    std::uint64_t images = 0;
};

void say(const std::string& text) {
    std::fputs((text + "\n").c_str(), stderr);
}

void run_demo(const Options& options, spchain::UnixTime now) {
    auto demo = make_demo({now, options.seed, local_calendar(now)});
    add_database(demo.tree, now);
    add_digests(demo.tree);
    const auto root = claim(options.directory, now);
    write_tree(demo.tree, root, now);
    for (const auto& line : demo.summary) say(line);
    say("As of " + time_text(now) + " UTC, in " + root.string() + "; to be appended to a configuration: folders.toml");
    if (!demo.tree.worth_losing.empty()) {
        say("Worth a try: delete the weekly image that the newest point cannot do without, and look again:");
        say((root / demo.tree.worth_losing).string());
    }
}

void run_bench(const Options& options, spchain::UnixTime now) {
    const auto root = claim(options.directory, now);
    const bool by_images = options.images > 0;
    const BenchOptions bench{now,      options.seed, local_calendar(now), options.folders, by_images ? options.images : options.files,
                             by_images};
    std::uint64_t files = 0;
    const auto tree = make_bench(bench, [&](const Directory& directory) {
        write_files(root / directory.path, directory.files);
        files += directory.files.size();
    });
    write_folders_toml(tree, root, now);
    say(std::to_string(files) + " files in " + std::to_string(tree.folders.size()) + " folders, in " + root.string());
}

void run_chain(const Options& options, spchain::UnixTime now) {
    const auto root = claim(options.directory, now);
    const auto directory = make_long_chain({now, options.seed, local_calendar(now)}, options.images);
    write_files(root, directory.files);
    say(std::to_string(options.images) + " images of one chain, in " + root.string());
}

void common(CLI::App& command, Options& options) {
    command.add_option("DIR", options.directory, "Where: a new or empty directory, or one that this program made")->required();
    command.add_option("--now", options.now, "The instant that the tree shows, in RFC 3339 (default: now)");
    command.add_option("--seed", options.seed, "Another number makes another tree of the same kind")->capture_default_str();
}

int run(int argc, char** argv) {
    CLI::App app("Makes folders of backup images to try and to measure the agent with. Files are sparse: large to look at, small on disk.");
    app.name("imc-generate");
    app.require_subcommand(1);
    Options options;
    auto* demo = app.add_subcommand("demo", "A backup server of three customers with some defects");
    common(*demo, options);
    auto* bench = app.add_subcommand("bench", "Many files in many folders");
    common(*bench, options);
    const CLI::Range folders(std::uint64_t{1}, std::uint64_t{40'000});
    const CLI::Range many(std::uint64_t{1}, std::uint64_t{100'000'000});
    bench->add_option("--folders", options.folders, "How many folders")->required()->check(folders);
    auto* files = bench->add_option("--files", options.files, "How many files, all kinds together")->check(many);
    auto* images =
        bench->add_option("--images", options.images, "Instead: how many images, not counting what lies beside them")->check(many);
    files->excludes(images);
    auto* chain = app.add_subcommand("chain", "One chain that has kept all of its images, in DIR itself");
    common(*chain, options);
    chain->add_option("--images", options.images, "How many images")
        ->required()
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{2'000'000}));
    spchain::UnixTime now = clock_now();
    try {
        app.parse(argc, argv);
        if (bench->parsed() && files->count() + images->count() == 0) throw CLI::RequiredError("--files or --images");
        const auto given = options.now.empty() ? now : parse_time(options.now);
        if (!given) throw CLI::ValidationError("--now", "not a time such as 2026-03-01T12:00:00Z: " + options.now);
        now = *given;
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : usage_error;
    }
    if (demo->parsed()) run_demo(options, now);
    if (bench->parsed()) run_bench(options, now);
    if (chain->parsed()) run_chain(options, now);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        say("imc-generate: " + std::string(error.what()));
        return 1;
    }
}
