// Verbs on the data directory: tokens, certificate, and what is said while no agent runs.
#include "agent/auth/token.hpp"
#include "tests/agent/cli/run.hpp"
#include "tests/support/local_paths.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <regex>

using imc::test::has;
using imc::test::Outcome;
using imc::test::Temporary;
using nlohmann::json;

namespace {

constexpr std::int64_t now = 1'772'366'400;  // 2026-03-01T12:00:00Z

struct Place {
    Temporary home;
    Place() {
        std::ofstream(home.path("c.toml")) << "[agent]\ndata_directory = '" << home.path("data")
                                           << "'\n\n[api]\nlisten = [\"127.0.0.1:0\"]\n";
    }
    [[nodiscard]] Outcome run(std::vector<std::string> words, std::int64_t at = now) const {
        words.insert(words.end(), {"--config", home.path("c.toml")});
        return imc::test::run(words, at);
    }
};

}  // namespace

TEST_CASE("A token is printed alone and once, listed without its secret, and revoked") {
    const Place server;
    const auto made = server.run({"token", "create", "--name", "portal", "--days", "30"});
    REQUIRE(made.code == 0);
    const std::string secret = made.out.substr(0, made.out.size() - 1);
    CHECK(imc::auth::well_formed(secret));
    CHECK(made.out == secret + "\n");
    CHECK_FALSE(has(made.err, secret));
    std::smatch id;
    REQUIRE(std::regex_search(made.err, id, std::regex("t_[0-9A-Za-z]+")));

    const auto list = server.run({"token", "list"});
    CHECK(list.code == 0);
    CHECK(has(list.out, id[0].str()));
    CHECK(has(list.out, "portal"));
    CHECK(has(list.out, "2026-03-31"));
    CHECK_FALSE(has(list.out, secret));
    const auto document = json::parse(server.run({"token", "list", "--json"}).out);
    CHECK(document["tokens"].at(0)["state"] == "valid");
    CHECK_FALSE(has(document.dump(), "sha256"));
    CHECK(json::parse(server.run({"token", "list", "--json"}, now + 31 * 86'400).out)["tokens"].at(0)["state"] == "expired");

    CHECK(server.run({"token", "revoke", id[0].str()}).code == 0);
    CHECK(has(server.run({"token", "list"}).out, "revoked"));
    CHECK(server.run({"token", "revoke", id[0].str()}).code == 1);
    CHECK(server.run({"token", "revoke", "t_nothing"}).code == 1);
}

TEST_CASE("A certificate is made, shown, requested, replaced and renewed with its key") {
    const Place server;
    const auto none = server.run({"cert", "show"});
    CHECK(none.code == 1);
    CHECK(has(none.err, "first start"));
    REQUIRE(server.run({"cert", "renew"}).code == 0);
    const auto first = json::parse(server.run({"cert", "show", "--json"}).out);
    CHECK(first["self_signed"] == true);
    const auto page = server.run({"cert", "show"});
    CHECK(page.code == 0);
    CHECK(has(page.out, first["sha256"].get<std::string>()));
    CHECK(has(page.out, first["spki_sha256"].get<std::string>()));
    CHECK(has(server.run({"cert", "show"}, now + 500 * 86'400).out, "expired"));

    REQUIRE(server.run({"cert", "renew"}, now + 86'400).code == 0);
    const auto second = json::parse(server.run({"cert", "show", "--json"}).out);
    CHECK(second["sha256"] != first["sha256"]);
    CHECK(second["spki_sha256"] == first["spki_sha256"]);

    const auto request = server.run({"cert", "csr", "--name", "backup01.acme.example"});
    CHECK(request.code == 0);
    CHECK(request.out.starts_with("-----BEGIN CERTIFICATE REQUEST-----"));
    CHECK_FALSE(has(request.out, "PRIVATE"));

    // Another server's pair: taken as it is; a key that does not fit is refused and changes nothing.
    const Place other;
    REQUIRE(other.run({"cert", "renew"}).code == 0);
    const auto file = [](const Place& of, const char* name) { return of.home.path(std::string("data/") + name); };
    const auto wrong =
        server.run({"cert", "import", "--certificate", file(other, "certificate.pem"), "--key", file(server, "certificate.key")});
    CHECK(wrong.code == 1);
    CHECK(json::parse(server.run({"cert", "show", "--json"}).out) == second);
    CHECK(server.run({"cert", "import", "--certificate", file(other, "certificate.pem"), "--key", file(other, "certificate.key")}).code ==
          0);
    const auto imported = json::parse(server.run({"cert", "show", "--json"}).out);
    CHECK(imported["sha256"] == json::parse(other.run({"cert", "show", "--json"}).out)["sha256"]);
    CHECK(server.run({"cert", "import", "--certificate", "/nothing.pem", "--key", "/nothing.key"}).code == 1);
}

TEST_CASE("Verbs that ask the agent say that it does not run") {
    const Place server;
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{"folders"},
                                                                                       {"volumes", "--json"},
                                                                                       {"findings"},
                                                                                       {"unmanaged"},
                                                                                       {"rescan"},
                                                                                       {"adopt", support::local("/srv/x")},
                                                                                       {"release", "fld_0123456789abcdef"},
                                                                                       {"chain", "vol_0123456789abcdef"}}) {
        INFO(words.front());
        const auto told = server.run(words);
        CHECK(told.code == 1);
        CHECK(told.out.empty());
        CHECK(has(told.err, "not running"));
    }
}

TEST_CASE("Status without an agent and without a past could not look") {
    const Place server;
    const auto told = server.run({"status"});
    CHECK(told.code == 3);
    CHECK(has(told.err, "not running"));
    const auto document = server.run({"status", "--json"});
    CHECK(document.code == 3);
    const auto parsed = json::parse(document.out);
    CHECK(parsed["running"] == false);
    CHECK(parsed["health"] == "unknown");
    CHECK(parsed["agent"].is_null());
    CHECK(parsed["volumes"].empty());
}

TEST_CASE("Status without an agent shows what the history has, and still could not look") {
    const Place server;
    const auto chain = notation::chain("md5 b1 i1..i20 !i12");
    imc::test::write(server.home, "SRV1", chain);
    std::ofstream(server.home.path("c.toml"), std::ios::app) << "\n[[folder]]\npath = '" << server.home.path("SRV1") << "'\n";
    const auto once = server.run({"scan-once", "--json"});
    REQUIRE(once.code == 0);
    CHECK(json::parse(once.out)["images"] == 20);
    const auto told = server.run({"status"});
    CHECK(told.code == 3);
    CHECK(has(told.err, "not running"));
    CHECK(has(told.out, "NOT RUNNING"));
    CHECK(has(told.out, "SRV1 / C_VOL"));
    const auto document = json::parse(server.run({"status", "--json"}).out);
    CHECK(document["health"] == "unknown");
    CHECK(document["volumes"].at(0)["volume"] == "C_VOL");
    CHECK(has(document["findings"].dump(), "chain_broken"));
}

TEST_CASE("The doctor looks at everything and says what to do") {
    const Place server;
    const auto told = server.run({"doctor"});
    CHECK(told.code == 2);  // nobody watches
    for (const char* name : {"clock", "configuration", "data directory", "folders", "agent"}) CHECK(has(told.out, name));
    CHECK(has(told.out, "-> Start it"));
    std::ofstream(server.home.path("c.toml"), std::ios::app) << "\n[[folder]]\npath = '" << server.home.path("gone") << "'\n";
    REQUIRE(server.run({"cert", "renew"}).code == 0);
    REQUIRE(server.run({"token", "list"}).code == 0);
    const auto document = json::parse(server.run({"doctor", "--json"}).out);
    const auto result_of = [&document](const std::string& name) {
        for (const auto& check : document["checks"]) {
            if (check["name"] == name) return check["result"].get<std::string>();
        }
        return std::string("absent");
    };
    CHECK(result_of("folder") == "critical");
    CHECK(result_of("certificate") == "ok");
    CHECK(result_of("settings") == "ok");
    CHECK(result_of("data directory") == "ok");
    CHECK(std::filesystem::exists(server.home.path("data/.doctor")) == false);
    CHECK(has(server.run({"doctor"}, 1'000'000'000).out, "CRITICAL  clock"));
}
