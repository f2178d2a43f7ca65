#include "agent/cli/commands.hpp"
#include "agent/cli/installer.hpp"
#include "agent/cli/shuttle.hpp"
#include "agent/cli/verbs.hpp"

#include <CLI/Validators.hpp>
#include <memory>

namespace imc::cli {
namespace {

constexpr std::int64_t most_days = 3650;
constexpr std::size_t longest_name = 100;

void add_run(const Commands& commands) {
    auto* verb = commands.verb("run", "Run the agent in the foreground; it logs to the terminal",
                               "imconnector run --config /etc/imconnector/imconnector.toml");
    const auto service = std::make_shared<bool>(false);
    verb->add_flag("--service", *service, "Under the service control manager, which alone says this")->group("");
    commands.does(verb, [&context = commands.context, service] { return run_agent(context, *service); });
}

// A verb whose only option is --json.
CLI::App* add_json(const Commands& commands, const char* name, const char* sentence, const char* example, int (*act)(const Context&, bool),
                   CLI::App* under = nullptr) {
    auto* verb = commands.verb(name, sentence, example, under);
    const auto json = std::make_shared<bool>(false);
    verb->add_flag("--json", *json, "One JSON document");
    commands.does(verb, [&context = commands.context, act, json] { return act(context, *json); });
    return verb;
}

CLI::Validator name_validator() {
    return {[](const std::string& text) {
                if (text.empty()) return std::string("a name is wanted");
                return text.size() > longest_name ? "is longer than " + std::to_string(longest_name) + " bytes" : std::string();
            },
            "NAME"};
}

void add_token(const Commands& commands) {
    auto* group = commands.group("token", "Tokens for callers of the API");
    auto* create = commands.verb("create", "Make a token; it alone is printed on standard output, once",
                                 "imconnector token create --name portal --scope read --days 365", group);
    const auto options = std::make_shared<NewTokenOptions>();
    create->add_option("--name", options->name, "Who will use it")->required()->check(name_validator());
    create->add_option("--scope", options->scope, "read, or operate to change things too")
        ->capture_default_str()
        ->check(CLI::IsMember({"read", "operate"}));
    create->add_option("--days", options->days, "Days until it expires; without: never")->check(CLI::Range(std::int64_t{1}, most_days));
    commands.does(create, [&context = commands.context, options] { return create_token(context, *options); });
    add_json(commands, "list", "All tokens, without their secrets", "imconnector token list", list_tokens, group);
    auto* revoke = commands.verb("revoke", "Refuse a token from now on", "imconnector token revoke t_1a2b3c4d", group);
    const auto id = std::make_shared<std::string>();
    revoke->add_option("id", *id, "Its id, as token list shows it")->type_name("ID")->required();
    commands.does(revoke, [&context = commands.context, id] { return revoke_token(context, *id); });
}

void add_share(const Commands& commands) {
    auto* group = commands.group("share", "Logins to shares that the service's own account may not read (Windows)");
    auto* set = commands.verb("set", "Store a login, encrypted for this computer; the password is asked for, or one line of standard input",
                              "imconnector share set \\\\nas01\\backups --account ACME\\backup", group);
    const auto options = std::make_shared<ShareOptions>();
    set->add_option("share", options->share, "The share")->type_name("\\\\SERVER\\SHARE")->required();
    set->add_option("--account", options->account, "Who logs in, as DOMAIN\\NAME or NAME@DOMAIN")->required()->check(name_validator());
    commands.does(set, [&context = commands.context, options] { return set_share(context, *options); });
    add_json(commands, "list", "Shares and accounts, without passwords", "imconnector share list", list_shares, group);
    auto* remove = commands.verb("remove", "Forget a login", "imconnector share remove \\\\nas01\\backups", group);
    const auto share = std::make_shared<std::string>();
    remove->add_option("share", *share, "The share")->type_name("\\\\SERVER\\SHARE")->required();
    commands.does(remove, [&context = commands.context, share] { return remove_share(context, *share); });
}

void add_certificate(const Commands& commands) {
    auto* group = commands.group("cert", "The certificate that the agent shows to callers");
    add_json(commands, "show", "Subject, names, validity and fingerprints", "imconnector cert show", show_certificate, group);
    auto* import = commands.verb("import", "Use a certificate of your own; it is checked first, and the old one is kept beside it",
                                 "imconnector cert import --certificate chain.pem --key key.pem", group);
    struct Pair {
        std::string certificate, key;
    };
    const auto pair = std::make_shared<Pair>();
    import->add_option("--certificate", pair->certificate, "PEM file: the certificate, then those above it")->type_name("FILE")->required();
    import->add_option("--key", pair->key, "PEM file: its private key")->type_name("FILE")->required();
    commands.does(import, [&context = commands.context, pair] { return import_certificate(context, pair->certificate, pair->key); });
    auto* csr = commands.verb("csr", "A request for a certificate authority, for the key in use",
                              "imconnector cert csr --name backup01.acme.example", group);
    const auto names = std::make_shared<std::vector<std::string>>();
    csr->add_option("--name", *names, "DNS name or address; may be said several times, the first becomes the subject")->type_name("NAME");
    commands.does(csr, [&context = commands.context, names] { return request_certificate(context, *names); });
    commands.does(commands.verb("renew", "A new self-signed certificate for the same key, so that pinned keys stay valid",
                                "imconnector cert renew", group),
                  [&context = commands.context] { return renew_certificate(context); });
}

void add_changes(const Commands& commands) {
    auto* again = commands.verb("rescan", "Let the running agent look now instead of at the next interval", "imconnector rescan");
    const auto folder = std::make_shared<std::string>();
    again->add_option("folder", *folder, "Id of one folder; without: all of them")->type_name("FOLDER-ID");
    commands.does(again, [&context = commands.context, folder] { return rescan(context, *folder); });
    auto* take =
        commands.verb("adopt", "Let the running agent watch a folder", "imconnector adopt /srv/backups/Globex/OLD1 --customer Globex");
    const auto options = std::make_shared<AdoptOptions>();
    take->add_option("path", options->path, "The folder")->type_name("PATH")->required();
    take->add_option("--type", options->type, "normal, or backup_store where its sub-folders hold the images")
        ->capture_default_str()
        ->check(CLI::IsMember({"normal", "backup_store"}));
    take->add_option("--customer", options->customer, "Whose it is; without: as the path template says");
    take->add_option("--machine", options->machine, "Which machine; without: as the path template says, else the folder's name");
    commands.does(take, [&context = commands.context, options] { return adopt(context, *options); });
    auto* leave =
        commands.verb("release", "Let the running agent watch an adopted folder no more", "imconnector release fld_0123456789abcdef");
    const auto id = std::make_shared<std::string>();
    leave->add_option("folder", *id, "Id of the folder, as imconnector folders shows it")->type_name("FOLDER-ID")->required();
    commands.does(leave, [&context = commands.context, id] { return release(context, *id); });
}

// For the installer of Windows alone, so not shown.
void add_installer(const Commands& commands, CLI::App* service) {
    auto* group = service->add_subcommand("installer", "Steps of the installer")->group("");
    group->require_subcommand(1);
    const auto step = [&](const char* name, int (*act)(const Context&)) {
        commands.does(commands.verb(name, "For the installer", "", group), [&context = commands.context, act] { return act(context); });
    };
    step("keep", installer_keep);
    step("join", installer_join);
    step("start", installer_start);
    step("stop", installer_stop);
    step("restore", installer_restore);
    step("forget", installer_forget);
    auto* configure = commands.verb("configure", "For the installer", "", group);
    const auto options = std::make_shared<InstallerOptions>();
    configure->add_option("--port", options->port);
    configure->add_option("--folders", options->folders);
    configure->add_option("--discovery-roots", options->discovery_roots);
    configure->add_option("--firewall", options->firewall);
    configure->add_option("--account", options->account);
    configure->add_flag("--first", options->first);
    commands.does(configure, [&context = commands.context, options] { return installer_configure(context, *options); });
    auto* remove = commands.verb("remove", "For the installer", "", group);
    const auto purge = std::make_shared<std::string>();
    remove->add_option("--purge", *purge);
    commands.does(remove, [&context = commands.context, purge] { return installer_remove(context, *purge == "1"); });
}

void add_service(const Commands& commands) {
    auto* group = commands.group("service", "The agent as a service of this computer");
    const auto with_options = [&](const char* name, const char* sentence, const char* example,
                                  int (*act)(const Context&, const ServiceOptions&)) {
        auto* verb = commands.verb(name, sentence, example, group);
        const auto options = std::make_shared<ServiceOptions>();
        verb->add_option("--account", options->account,
                         "virtual: an account of its own that owns nothing; system; or the name of an account that may read the folders, "
                         "such as a group managed one");
        verb->add_option("--firewall", options->firewall, "on lets callers in to the port of the API, off takes that back")
            ->check(CLI::IsMember({"on", "off"}));
        commands.does(verb, [&context = commands.context, options, act] { return act(context, *options); });
    };
    with_options("install", "Install it, to start with the computer", "imconnector service install", install_service);
    commands.does(commands.verb("uninstall", "Take it away; what the agent knows stays", "imconnector service uninstall", group),
                  [&context = commands.context] { return uninstall_service(context); });
    commands.does(commands.verb("start", "Start it, and wait until the API listens", "imconnector service start", group),
                  [&context = commands.context] { return start_service(context); });
    commands.does(commands.verb("stop", "Stop it, and wait until it has ended", "imconnector service stop", group),
                  [&context = commands.context] { return stop_service(context); });
    with_options("configure", "Set up what belongs to it (recovery, rights, event source), and let it read its configuration anew",
                 "imconnector service configure", configure_service);
    add_installer(commands, group);
}

void add_check_config(const Commands& commands) {
    auto* verb =
        commands.verb("check-config", "Whether a configuration file is well, else each problem with its line", "imconnector check-config");
    const auto file = std::make_shared<std::string>();
    verb->add_option("file", *file, "The file; without: the one of --config")->type_name("FILE");
    commands.does(verb, [&context = commands.context, file] { return check_config(context, *file); });
}

void add_explain(const Commands& commands) {
    auto* verb = commands.verb("explain", "Cause, consequence and remedy of a finding", "imconnector explain chain_doubtful");
    struct Options {
        std::string code;
        bool all = false, markdown = false;
    };
    const auto options = std::make_shared<Options>();
    auto* code = verb->add_option("code", options->code, "Its code")->type_name("CODE");
    verb->add_flag("--all", options->all, "Every finding there is")->excludes(code);
    verb->add_flag("--markdown", options->markdown, "Every finding, as the troubleshooting page")->excludes(code);
    commands.does(verb, [&context = commands.context, options] {
        if (options->all || options->markdown) return explain_all(context, options->markdown);
        if (options->code.empty()) return context.complain("explain: a code is wanted, or --all", exit_usage);
        return explain(context, options->code);
    });
}

void add_doctor(const Commands& commands) {
    auto* verb = commands.verb("doctor", "Whether everything the agent needs is there, and what to do where not", "imconnector doctor");
    struct Options {
        bool compatibility = false, json = false;
    };
    const auto options = std::make_shared<Options>();
    verb->add_flag("--compatibility", options->compatibility, "The checklist by which a new version of ImageManager is accepted");
    verb->add_flag("--json", options->json, "One JSON document");
    commands.does(verb, [&context = commands.context, options] { return doctor(context, options->compatibility, options->json); });
}

void add_shuttle(const Commands& commands) {
    auto* enroll_verb = commands.verb("enroll", "Join a relay, so that portals reach this agent through it; asks for the join code",
                                      "imconnector enroll < code.txt");
    const auto options = std::make_shared<EnrollOptions>();
    enroll_verb->add_option("code", options->code, "The join code; better not here, where others see it, but on standard input")
        ->type_name("CODE");
    enroll_verb->add_flag("--replace", options->replace, "Although this computer is enrolled already");
    enroll_verb->add_option("--proxy", options->proxy, "auto (environment, the system's settings), none, or http://host:port")
        ->capture_default_str();
    enroll_verb->add_option("--proxy-user", options->proxy_user, "User at the proxy; the password is the next line of standard input")
        ->type_name("NAME");
    enroll_verb->add_option("--ca-file", options->ca_file, "PEM file with authorities to trust besides the system's")->type_name("FILE");
    enroll_verb->add_flag("--refuse-interception", options->refuse_interception,
                          "Do without a tunnel where somebody opens the TLS on the way");
    commands.does(enroll_verb, [&context = commands.context, options] { return enroll(context, *options); });
    auto* group = commands.group("shuttle", "The tunnel to the relay");
    add_json(commands, "status", "Whether the tunnel is up, and the step that fails where not", "imconnector shuttle status",
             shuttle_status, group);
}

}  // namespace

void add_managing(const Commands& commands) {
    add_run(commands);
    add_json(commands, "scan-once", "One look at every folder into the history, without API", "imconnector scan-once", scan_once)
        ->group("");
    add_service(commands);
    add_changes(commands);
    add_token(commands);
    add_share(commands);
    add_certificate(commands);
    add_shuttle(commands);
    add_check_config(commands);
    add_explain(commands);
    add_doctor(commands);
    add_json(commands, "version", "Version of program and API", "imconnector version", show_version);
}

}  // namespace imc::cli
