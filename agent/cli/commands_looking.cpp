#include "agent/cli/commands.hpp"
#include "agent/cli/verbs.hpp"
#include "agent/monitor/words.hpp"

#include <CLI/Validators.hpp>
#include <memory>

namespace imc::cli {
namespace {

CLI::Validator time_validator() {
    return {[](const std::string& text) {
                return monitor::parse_rfc3339(text) ? std::string() : "\"" + text + "\" is no time such as 2026-11-21T09:30:00Z";
            },
            "TIME"};
}

void add_now(CLI::App* verb, std::string& now) {
    verb->add_option("--now", now, "Judge as of this time instead of the clock's, such as 2026-11-21T09:30:00Z")->check(time_validator());
}

void add_status(const Commands& commands) {
    auto* verb =
        commands.verb("status", "Health, folders, volumes and the worst findings, from the running agent", "imconnector status --full");
    struct Options {
        bool json = false, full = false;
    };
    const auto options = std::make_shared<Options>();
    auto* json = verb->add_flag("--json", options->json, "One JSON document");
    verb->add_flag("--full", options->full, "Everything instead of the worst")->excludes(json);
    commands.does(verb, [&context = commands.context, options] { return status(context, options->json, options->full); });
}

void add_list(const Commands& commands, const char* what, const char* sentence, const char* example) {
    auto* verb = commands.verb(what, sentence, example);
    const auto json = std::make_shared<bool>(false);
    verb->add_flag("--json", *json, "One JSON document");
    commands.does(verb, [&context = commands.context, what, json] { return list(context, what, *json); });
}

void add_chain(const Commands& commands) {
    auto* verb = commands.verb("chain", "A chain of images as a picture, and the files that give a restore point back",
                               "imconnector chain /srv/backups/Acme/SRV1 --volume C_VOL");
    const auto options = std::make_shared<ChainOptions>();
    struct Forms {
        bool text = false, dot = false, json = false, svg = false;
    };
    const auto forms = std::make_shared<Forms>();
    verb->add_option("place", options->place, "A directory, which is read now, or a volume id of the running agent")
        ->type_name("DIR|VOLUME-ID")
        ->required();
    verb->add_option("--volume", options->volume, "Which volume, where the directory holds several")->type_name("NAME");
    verb->add_option("--base", options->base, "Which base instead of the newest")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{4'294'967'294}));
    verb->add_option("--point", options->point, "Which restore point instead of the newest, such as b001-i012")->type_name("POINT");
    add_now(verb, options->now);
    auto* text = verb->add_flag("--text", forms->text, "A picture for the terminal (default)");
    auto* svg = verb->add_flag("--svg", forms->svg, "The same picture as SVG")->excludes(text);
    auto* dot = verb->add_flag("--dot", forms->dot, "The restore set as a graph for Graphviz")->excludes(text)->excludes(svg);
    verb->add_flag("--json", forms->json, "One JSON document: the volume with its chains")->excludes(text)->excludes(svg)->excludes(dot);
    verb->add_option("--axis", options->axis, "From left to right: the numbers (sequence), or the times of the files (time)")
        ->check(CLI::IsMember({"sequence", "time"}));
    verb->add_flag("--blast-radius", options->blast, "Also how many restore points hang on each file");
    verb->add_option("--width", options->width, "Columns of the text (20 to 1000) or pixels of the SVG (280 to 4000)")
        ->check(CLI::Range(std::int64_t{20}, std::int64_t{4'000}));
    verb->add_option("--theme", options->theme, "Of the SVG: auto follows the reader's preference")
        ->check(CLI::IsMember({"auto", "light", "dark"}));
    auto* plain = verb->add_flag("--plain", options->plain, "ASCII without colour, whatever the terminal is");
    verb->add_flag("--unicode", options->unicode, "Unicode, whatever the terminal is")->excludes(plain);
    commands.does(verb, [&context = commands.context, options, forms] {
        options->form = forms->dot ? ChainForm::dot : forms->svg ? ChainForm::svg : forms->json ? ChainForm::json : ChainForm::text;
        return chain(context, *options);
    });
}

void add_scan(const Commands& commands) {
    auto* verb = commands.verb("scan", "Analyse a folder without agent, configuration or network; nothing in it is changed",
                               "imconnector scan /srv/backups/Acme/SRV1 --json");
    struct Options {
        ScanOptions scan;
        bool store = false, json = false;
    };
    const auto options = std::make_shared<Options>();
    verb->add_option("folder", options->scan.directory, "The folder")->type_name("DIR")->required();
    verb->add_flag("--store", options->store, "The folder is a backup store: its sub-folders are analysed");
    add_now(verb, options->scan.now);
    verb->add_option("--profile", options->scan.profile, "primary, or replica where only base and daily images are expected")
        ->check(CLI::IsMember({"primary", "replica"}));
    verb->add_flag("--json", options->json, "One JSON document");
    commands.does(verb, [&context = commands.context, options] { return scan(context, options->scan, options->store, options->json); });
}

void add_restore_set(const Commands& commands) {
    auto* verb = commands.verb("restore-set", "The files that give a restore point back, one a line, base first",
                               "imconnector restore-set /srv/backups/Acme/SRV1 b001-i0412 --volume C_VOL");
    const auto options = std::make_shared<RestoreSetOptions>();
    verb->add_option("place", options->place, "A directory, which is read now, or a volume id of the running agent")
        ->type_name("DIR|VOLUME-ID")
        ->required();
    verb->add_option("point", options->point, "The restore point, such as b001-i012")->type_name("POINT")->required();
    verb->add_option("--volume", options->volume, "Which volume, where the directory holds several")->type_name("NAME");
    verb->add_flag("--json", options->json, "One JSON document");
    commands.does(verb, [&context = commands.context, options] { return restore_set(context, *options); });
}

void add_verify(const Commands& commands) {
    auto* verb = commands.verb(
        "verify", "Let the running agent read images and compare them with their .md5 files; Ctrl-C ends it, what was done is kept",
        "imconnector verify vol_0123456789abcdef");
    struct Options {
        std::string volume;
        bool json = false;
    };
    const auto options = std::make_shared<Options>();
    verb->add_option("volume", options->volume, "Id of a volume, as imconnector volumes shows it; without: what a night would do")
        ->type_name("VOLUME-ID");
    verb->add_flag("--json", options->json, "One JSON document at the end");
    commands.does(verb, [&context = commands.context, options] { return verify(context, options->volume, options->json); });
}

void add_report(const Commands& commands) {
    auto* verb = commands.verb("report", "What happened on one day in each folder, from the running agent",
                               "imconnector report --date 2026-11-21 --html > report.html");
    struct Options {
        ReportOptions report;
        bool json = false, html = false;
    };
    const auto options = std::make_shared<Options>();
    verb->add_option("--date", options->report.date, "The day, such as 2026-11-21; without: the newest of which anything is known")
        ->type_name("DATE");
    auto* json = verb->add_flag("--json", options->json, "One JSON document");
    verb->add_flag("--html", options->html, "One HTML document that can be sent by mail")->excludes(json);
    commands.does(verb, [&context = commands.context, options] {
        options->report.form = options->json ? ReportForm::json : options->html ? ReportForm::html : ReportForm::text;
        return report(context, options->report);
    });
}

void add_logs(const Commands& commands) {
    auto* verb = commands.verb("logs", "ImageManager's own logs, or the end of one of them, from the running agent",
                               "imconnector logs log_0123456789abcdef --lines 200");
    struct Options {
        std::string id;
        std::int64_t lines = 50;
        bool json = false;
    };
    const auto options = std::make_shared<Options>();
    verb->add_option("log", options->id, "Id of a log; without: which logs there are")->type_name("LOG-ID");
    verb->add_option("--lines", options->lines, "How many of its last lines")
        ->capture_default_str()
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{1000}));
    verb->add_flag("--json", options->json, "One JSON document");
    commands.does(verb, [&context = commands.context, options] {
        return options->id.empty() ? list_logs(context, options->json) : show_log(context, options->id, options->lines, options->json);
    });
}

void add_simulate(const Commands& commands) {
    auto* verb = commands.verb("simulate", "What a loss, a retention policy or a limit of bytes would do to a chain; nothing is changed",
                               "imconnector simulate /srv/backups/Acme/SRV1 --volume C_VOL --lose C_VOL-b001-i0412-cd.spi");
    const auto options = std::make_shared<SimulateOptions>();
    verb->add_option("place", options->place, "A directory, which is read now, or a volume id of the running agent")
        ->type_name("DIR|VOLUME-ID")
        ->required();
    verb->add_option("--volume", options->volume, "Which volume, where the directory holds several")->type_name("NAME");
    verb->add_option("--base", options->base, "Which base instead of the newest")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{4'294'967'294}));
    add_now(verb, options->now);
    auto* lose = verb->add_option("--lose", options->lose, "Images of that chain, by their names or paths")->type_name("FILE");
    const auto keep = [verb, lose](const char* name, std::optional<std::int64_t>& length, const char* unit, const char* what,
                                   std::int64_t most) {
        verb->add_option(name, length, std::string("How long ") + what + " would be kept, 0 for ever; else as configured")
            ->type_name(unit)
            ->check(CLI::Range(std::int64_t{0}, most))
            ->excludes(lose);
    };
    keep("--keep-intra", options->intra, "DAYS", "increments that a daily holds", 36'500);
    keep("--keep-daily", options->daily, "DAYS", "dailies", 36'500);
    keep("--keep-weekly", options->weekly, "DAYS", "weeklies", 36'500);
    keep("--keep-monthly", options->monthly, "MONTHS", "monthlies", 1'200);
    verb->add_option("--when", options->when, "Apply the policy at this time instead of now")->check(time_validator());
    verb->add_option("--within", options->within, "The bytes that the chain may take, such as 500GB")->type_name("BYTES")->excludes(lose);
    verb->add_flag("--json", options->json, "One JSON document");
    commands.does(verb, [&context = commands.context, options] { return simulate(context, *options); });
}

void add_parse(const Commands& commands) {
    auto* verb = commands.verb("parse", "What the names of files on standard input mean, a line each",
                               "ls /srv/backups/Acme/SRV1 | imconnector parse --json");
    const auto json = std::make_shared<bool>(false);
    verb->add_flag("--json", *json, "One JSON object a line");
    commands.does(verb, [&context = commands.context, json] { return parse(context, *json); });
}

void add_records(const Commands& commands) {
    auto* verb = commands.verb("records", "What ImageManager's own database says, without the agent; it is only read",
                               "imconnector records --database ImageManager.mdb --json");
    struct Options {
        std::string database;
        bool json = false;
    };
    const auto options = std::make_shared<Options>();
    verb->add_option("--database", options->database, "The file, or a copy of it; the configuration's where none is given")
        ->type_name("FILE");
    verb->add_flag("--json", options->json, "One JSON document");
    commands.does(verb, [&context = commands.context, options] { return records(context, options->database, options->json); });
}

}  // namespace

void add_looking(const Commands& commands) {
    add_status(commands);
    add_list(commands, "folders", "The managed folders with their ids, from the running agent", "imconnector folders");
    add_list(commands, "volumes", "The volumes with their ids, ages and verdicts, from the running agent", "imconnector volumes --json");
    add_list(commands, "findings", "All open findings with what to do, from the running agent", "imconnector findings");
    add_list(commands, "unmanaged", "Folders that hold images and that nobody manages, from the running agent", "imconnector unmanaged");
    add_chain(commands);
    add_restore_set(commands);
    add_simulate(commands);
    add_scan(commands);
    add_records(commands);
    add_verify(commands);
    add_report(commands);
    add_logs(commands);
    add_parse(commands);
}

}  // namespace imc::cli
