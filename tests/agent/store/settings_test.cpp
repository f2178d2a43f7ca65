#include "agent/store/settings.hpp"

#include "agent/store/migration.hpp"
#include "tests/agent/store/support.hpp"

#include <catch2/catch.hpp>
#include <fstream>

using namespace imc::store;
using imc::test::Temporary;

namespace {

TokenRecord token(const std::string& id, bool local = false) {
    TokenRecord out;
    out.id = id;
    out.name = "portal";
    out.scope = "read";
    out.sha256 = id + std::string(64 - id.size(), '0');
    out.created = 5;
    out.local = local;
    return out;
}

const AuditRecord by_hand{1, "local", "", "test", "", "{}"};

}  // namespace

TEST_CASE("tokens are added, listed, revoked once, and local ones dropped") {
    const Temporary here;
    auto settings = Settings::open(here.path("s.db")).value();
    REQUIRE(settings.add_token(token("t_1"), by_hand).has_value());
    REQUIRE(settings.add_token(token("t_2", true), by_hand).has_value());
    CHECK(settings.add_token(token("t_1"), by_hand).error() == errc::failed);
    auto expired = token("t_3");
    expired.expires = 10;
    REQUIRE(settings.add_token(expired, by_hand).has_value());
    CHECK(settings.revoke_token("t_1", 20, by_hand).value());
    CHECK_FALSE(settings.revoke_token("t_1", 30, by_hand).value());
    CHECK_FALSE(settings.revoke_token("t_3", 30, by_hand).value());
    CHECK_FALSE(settings.revoke_token("t_9", 30, by_hand).value());
    REQUIRE(settings.replace_local_tokens(token("t_4", true)).has_value());
    const auto all = settings.tokens().value();
    REQUIRE(all.size() == 3);
    CHECK(all[0].id == "t_1");
    CHECK(all[0].revoked == 20);
    CHECK(all[0].name == "portal");
    CHECK(all[1].expires == 10);
    CHECK(all[2].id == "t_4");
}

TEST_CASE("what changes something leaves a record, what does not leaves none, and neither is kept without the other") {
    const Temporary here;
    auto settings = Settings::open(here.path("s.db")).value();
    REQUIRE(settings.add_token(token("t_1"), by_hand).has_value());
    CHECK(settings.audit_log(10).value().size() == 1);
    CHECK(settings.add_token(token("t_1"), by_hand).has_error());
    CHECK_FALSE(settings.release("/srv/a", by_hand).value());
    CHECK_FALSE(settings.revoke_token("t_9", 30, by_hand).value());
    CHECK(settings.audit_log(10).value().size() == 1);
    auto database = Database::open(here.path("s.db"), Database::Mode::read_write).value();
    // As Settings has it: Windows does not delete a journal that another connection has open.
    database->execute(
        "PRAGMA journal_mode = TRUNCATE; CREATE TRIGGER refuse BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END");
    REQUIRE_FALSE(database->failed());
    CHECK(settings.add_token(token("t_2"), by_hand).has_error());
    CHECK(settings.revoke_token("t_1", 30, by_hand).has_error());
    const auto all = settings.tokens().value();
    REQUIRE(all.size() == 1);
    CHECK(all[0].revoked == 0);
}

TEST_CASE("a token of an unknown scope is refused") {
    const Temporary here;
    auto settings = Settings::open(here.path("s.db")).value();
    auto wrong = token("t_1");
    wrong.scope = "root";
    CHECK(settings.add_token(wrong, by_hand).has_error());
    CHECK(settings.tokens().value().empty());
}

TEST_CASE("folders are adopted, replaced by path, and released") {
    const Temporary here;
    auto settings = Settings::open(here.path("s.db")).value();
    REQUIRE(settings.adopt({"/srv/a", "normal", "Acme", "web01", true, 7}, by_hand).has_value());
    REQUIRE(settings.adopt({"/srv/a", "backup_store", "Globex", "", false, 8}, by_hand).has_value());
    const auto all = settings.adopted().value();
    REQUIRE(all.size() == 1);
    CHECK(all[0].type == "backup_store");
    CHECK(all[0].customer == "Globex");
    CHECK_FALSE(all[0].automatic);
    CHECK(all[0].since == 8);
    CHECK(settings.release("/srv/a", by_hand).value());
    CHECK_FALSE(settings.release("/srv/a", by_hand).value());
}

TEST_CASE("settings of a volume are kept until they say nothing") {
    const Temporary here;
    auto settings = Settings::open(here.path("s.db")).value();
    REQUIRE(settings.set_volume_settings("vol_1", {0, "nightly \u00fc", "{\"daily\":7}"}, by_hand).has_value());
    REQUIRE(settings.set_volume_settings("vol_2", {std::nullopt, "x", ""}, by_hand).has_value());
    auto all = settings.volume_settings().value();
    CHECK(all.at("vol_1").grace_days == 0);
    CHECK(all.at("vol_1").notes == "nightly \u00fc");
    CHECK_FALSE(all.at("vol_2").grace_days);
    REQUIRE(settings.set_volume_settings("vol_2", {}, by_hand).has_value());
    CHECK(settings.volume_settings().value().size() == 1);
}

TEST_CASE("the audit log gives its newest lines first and keeps 100,000") {
    const Temporary here;
    auto settings = Settings::open(here.path("s.db")).value();
    REQUIRE(settings.audit({1, "t_1", "192.0.2.1", "folder.adopt", "/srv/a", "{}"}).has_value());
    REQUIRE(settings.audit({2, "local", "", "token.create", "t_1", "{}"}).has_value());
    const auto all = settings.audit_log(10).value();
    REQUIRE(all.size() == 2);
    CHECK(all[0].action == "token.create");
    CHECK(all[1].from == "192.0.2.1");
    CHECK(settings.audit_log(1).value().size() == 1);
    auto database = Database::open(here.path("s.db"), Database::Mode::read_write).value();
    // As settings have it: Windows lets nobody delete the journal that the other connection keeps open.
    database->execute("PRAGMA journal_mode = TRUNCATE");
    database->execute(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
        "INSERT INTO audit (at, who, \"from\", action, subject, detail) SELECT i, '', '', 'x', '', '' FROM n");
    INFO(database->failure().message());
    REQUIRE_FALSE(database->failed());
    REQUIRE(settings.audit({3, "local", "", "last", "", "{}"}).has_value());
    CHECK(database->number("SELECT count(*) FROM audit") == 100'000);
    CHECK(settings.audit_log(1).value()[0].action == "last");
}

TEST_CASE("another connection's writing shows, one's own does not") {
    const Temporary here;
    auto service = Settings::open(here.path("s.db")).value();
    auto command = Settings::open(here.path("s.db")).value();
    const auto before = service.data_version().value();
    REQUIRE(service.add_token(token("t_1"), by_hand).has_value());
    CHECK(service.data_version().value() == before);
    REQUIRE(command.add_token(token("t_2"), by_hand).has_value());
    CHECK(service.data_version().value() != before);
    CHECK(service.tokens().value().size() == 2);
}

TEST_CASE("a damaged file of settings is an error and stays as it is") {
    const Temporary here;
    const auto content = [&] {
        std::ifstream in(here.path("s.db"), std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(in), {});
    };
    SECTION("garbage") {
        std::ofstream(here.path("s.db"), std::ios::binary) << std::string(8'192, 'x');
    }
    SECTION("cut short") {
        {
            auto settings = Settings::open(here.path("s.db")).value();
            REQUIRE(settings.add_token(token("t_1"), by_hand).has_value());
        }
        std::filesystem::resize_file(here.path("s.db"), std::filesystem::file_size(here.path("s.db")) - 4'096);
    }
    const std::string before = content();
    CHECK(Settings::open(here.path("s.db")).error() == errc::damaged);
    CHECK(content() == before);
}

TEST_CASE("settings of a newer version are refused and stay as they are") {
    const Temporary here;
    {
        auto database = Database::open(here.path("s.db"), Database::Mode::read_write).value();
        database->execute("CREATE TABLE tokens (x); PRAGMA user_version = 99");
    }
    CHECK(Settings::open(here.path("s.db")).error() == errc::too_new);
    auto database = Database::open(here.path("s.db"), Database::Mode::read_only).value();
    CHECK(database->number("PRAGMA user_version") == 99);
    CHECK(database->text("PRAGMA journal_mode") == "delete");
}

TEST_CASE("logins to shares are one a share, whatever its case, and each change leaves a record without the secret") {
    const Temporary here;
    auto settings = Settings::open(here.path("s.db")).value();
    REQUIRE(settings.set_share({R"(\\nas01\backups)", "ACME\\a", "00ff", 5}, by_hand).has_value());
    REQUIRE(settings.set_share({R"(\\NAS01\Backups)", "ACME\\b", "11ee", 6}, by_hand).has_value());
    const auto all = settings.shares().value();
    REQUIRE(all.size() == 1);
    CHECK(all[0].share == R"(\\NAS01\Backups)");
    CHECK(all[0].account == "ACME\\b");
    CHECK(all[0].secret == "11ee");
    CHECK(all[0].since == 6);
    CHECK_FALSE(settings.remove_share(R"(\\nas02\backups)", by_hand).value());
    CHECK(settings.remove_share(R"(\\nas01\backups)", by_hand).value());
    CHECK(settings.shares().value().empty());
    CHECK(settings.audit_log(10).value().size() == 3);
}
