// imshuttle: words to a verb, a verb to an exit code. What it is not: the verbs (verbs.hpp).
#include "shuttle/relay/verbs.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <exception>
#include <functional>
#include <iostream>

namespace {

using namespace shuttle::relay;

constexpr int usage = 64;

class CommandLine {
public:
    CommandLine() {
        app_.require_subcommand(1);
        app_.footer("\nimshuttle VERB --help tells more. Exit codes: 0 done, 1 failed, 64 wrong usage.");
        does(verb("run", "Run the relay in the foreground; it logs to standard error"), [](const Config& c) { return run(c); });
        with_json(verb("status", "Whether the relay runs, where it listens, and how many tunnels it has"), status);
        auto* join = group("join-code", "Codes that let one agent join");
        auto* create = verb("create", "Make a code; it alone is printed on standard output, once", join);
        create->add_option("--group", join_.group, "The group of the agent that joins with it")->capture_default_str();
        create->add_option("--hours", join_.hours, "Hours until it expires")
            ->check(CLI::Range(std::int64_t{1}, std::int64_t{720}))
            ->capture_default_str();
        does(create, [this](const Config& c) { return create_join(c, join_); });
        auto* agents = group("agents", "The agents of this relay");
        with_json(verb("list", "All agents, and which have a tunnel", agents), list_agents);
        auto* limit = verb("limit", "Set what one agent may; without options: what the configuration says of all", agents);
        limit->add_option("id", id_, "Its id, as agents list shows it")->type_name("AGENT")->required();
        limits(limit, allowance_);
        does(limit, [this](const Config& c) { return limit_agent(c, id_, allowance_); });
        auto* revoke = verb("revoke", "Refuse an agent from now on, and end its tunnel at once");
        revoke->add_option("id", id_, "Its id, as agents list shows it")->type_name("AGENT")->required();
        does(revoke, [this](const Config& c) { return revoke_agent(c, id_); });
        does(verb("drain", "Have the running relay send its agents away and end"), [](const Config& c) { return drain(c); });
        tokens();
        webhooks();
        auto* check = verb("check-config", "Say what is wrong with a configuration file");
        check->add_option("file", file_, "The file; without: the one of --config")->type_name("FILE");
        does(check, [](const Config&) {
            std::cout << "well\n";
            return 0;
        });
        app_.add_subcommand("version", "The version of this program")->callback([this] { version_ = true; });
    }

    int execute(int argc, char** argv) {
        try {
            app_.parse(argc, argv);
        } catch (const CLI::ParseError& stopped) {
            if (stopped.get_exit_code() == 0) return app_.exit(stopped);
            std::cerr << "imshuttle: " << stopped.what() << "\n";
            return usage;
        }
        if (version_) {
            std::cout << "imshuttle " << version() << "\n";
            return 0;
        }
        const auto loaded = load(file_.empty() ? default_config_file() : file_);
        for (const auto& problem : loaded.problems) std::cerr << problem << "\n";
        return loaded.problems.empty() && action_ ? action_(loaded.config) : 1;
    }

private:
    using Action = std::function<int(const Config&)>;

    CLI::App* verb(const char* name, const char* sentence, CLI::App* under = nullptr) {
        auto* made = (under ? under : &app_)->add_subcommand(name, sentence);
        made->add_option("--config", file_, "Configuration file; " + default_config_file() + " where none is given")->type_name("FILE");
        return made;
    }
    CLI::App* group(const char* name, const char* sentence) {
        auto* made = app_.add_subcommand(name, sentence);
        made->require_subcommand(1);
        return made;
    }
    void does(CLI::App* made, Action action) {
        made->callback([this, action = std::move(action)] { action_ = action; });
    }
    void with_json(CLI::App* made, int (*act)(const Config&, bool)) {
        made->add_flag("--json", json_, "One JSON document");
        does(made, [this, act](const Config& c) { return act(c, json_); });
    }
    void tokens() {
        auto* token = group("token", "Tokens for portals");
        auto* create = verb("create", "Make a token; it alone is printed on standard output, once", token);
        create->add_option("--name", token_.name, "Who will use it")->required();
        create->add_option("--group", token_.groups, "A group of agents that it reaches; may be repeated. Without: all");
        create->add_option("--days", token_.days, "Days until it expires; without: never")
            ->check(CLI::Range(std::int64_t{1}, std::int64_t{3650}));
        limits(create, token_.allowance);
        does(create, [this](const Config& c) { return create_token(c, token_); });
        with_json(verb("list", "All tokens, without their secrets", token), list_tokens);
        auto* revoke = verb("revoke", "Refuse a token from now on", token);
        revoke->add_option("id", id_, "Its id, as token list shows it")->type_name("TOKEN-ID")->required();
        does(revoke, [this](const Config& c) { return revoke_token(c, id_); });
        auto* limit = verb("limit", "Set what one token may; without options: what the configuration says of all", token);
        limit->add_option("id", id_, "Its id, as token list shows it")->type_name("TOKEN-ID")->required();
        limits(limit, allowance_);
        does(limit, [this](const Config& c) { return limit_token(c, id_, allowance_); });
    }
    void webhooks() {
        auto* hook = group("webhook", "Where events of agents are posted to: online, offline, flapping");
        auto* add = verb("add", "Post events to a URL; the secret to sign with comes from standard input", hook);
        add->add_option("url", hook_.url, "https://..., or http:// on this computer")->type_name("URL")->required();
        add->add_option("--event", hook_.events, "online, offline or flapping; may be repeated. Without: all");
        does(add, [this](const Config& c) { return add_hook(c, hook_); });
        with_json(verb("list", "All webhooks, what waits for them and how the last try went", hook), list_hooks);
        const auto one = [&](const char* name, const char* sentence, int (*act)(const Config&, const std::string&)) {
            auto* made = verb(name, sentence, hook);
            made->add_option("id", id_, "Its id, as webhook list shows it")->type_name("WEBHOOK")->required();
            does(made, [this, act](const Config& c) { return act(c, id_); });
        };
        one("remove", "Send nothing there any more", remove_hook);
        one("test", "Send a message of no meaning there", test_hook);
        auto* log = verb("log", "What was sent, and what became of it; newest first", hook);
        log->add_option("id", id_, "Of one webhook only")->type_name("WEBHOOK");
        log->add_flag("--json", json_, "One JSON document");
        does(log, [this](const Config& c) { return log_hooks(c, id_, json_); });
    }
    static void limits(CLI::App* made, Allowance& allowance) {
        constexpr std::int64_t most = 100'000'000'000;
        made->add_option("--streams", allowance.streams, "Connections open at once")
            ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000}));
        made->add_option("--connects", allowance.connects, "New connections in a second")
            ->check(CLI::Range(std::int64_t{1}, std::int64_t{100'000}));
        made->add_option("--bytes", allowance.bytes, "Bytes a second, each way")->check(CLI::Range(std::int64_t{65'536}, most));
    }

    CLI::App app_{"The relay: agents dial out to it, portals reach them through it.", "imshuttle"};
    std::string file_, id_;
    NewJoin join_;
    NewToken token_;
    Allowance allowance_;
    NewHook hook_;
    bool json_ = false, version_ = false;
    Action action_;
};

}  // namespace

int main(int argc, char** argv) {
    try {
        return CommandLine().execute(argc, argv);
    } catch (const std::exception& failed) {
        std::cerr << "imshuttle: " << failed.what() << "\n";
        return 1;
    }
}
