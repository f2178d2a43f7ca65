#include "tests/agent/store/support.hpp"

#include <catch2/catch.hpp>

using namespace imc::store;
using namespace imc::test;

namespace {

struct Ledger {
    Temporary here;
    Opened opened = open_history(here.path("h.db"));
    History& history = opened.history;
    FolderChange given = change("/srv/a", 3, 100);

    Ledger() { REQUIRE(history.apply(given, 100).has_value()); }

    CheckRecord check(int number, CheckResult result, spchain::UnixTime at) const {
        CheckRecord out;
        out.folder_id = given.folder.id;
        out.volume_id = volume_id("/srv/a", "C_VOL");
        out.name = image_name(0, number);
        out.bytes = 100;
        out.written = 1'600'000'000 + number;
        out.at = at;
        out.result = result;
        return out;
    }
    VolumeRecord volume() const {
        for (auto& one : *history.volumes()) {
            if (one.volume == "C_VOL") return one;
        }
        FAIL("no volume");
        return {};
    }
};

}  // namespace

TEST_CASE("every check is kept, and volumes show the newest of each image") {
    Ledger ledger;
    const auto cursor = *ledger.history.cursor();
    REQUIRE(ledger.history
                .add_checks({ledger.check(0, CheckResult::good, 200), ledger.check(1, CheckResult::mismatch, 210),
                             ledger.check(2, CheckResult::no_sidecar, 220)})
                .has_value());
    const auto volume = ledger.volume();
    CHECK(volume.checks.good == 1);
    CHECK(volume.checks.failed == 1);
    CHECK(volume.checks.others == 1);
    CHECK(volume.checks.oldest == 200);
    CHECK(volume.checks.newest == 220);
    CHECK(volume.seq > cursor);
    const auto checks = ledger.history.newest_checks(ledger.given.folder.id).value();
    REQUIRE(checks.size() == 3);
    CHECK(checks[1].result == CheckResult::mismatch);
    CHECK(checks[1].written == 1'600'000'001);
    CHECK(ledger.history.bytes_checked(205).value() == 100);
}

TEST_CASE("a damaged image is said of, until it was compared again and agrees") {
    Ledger ledger;
    const auto& id = ledger.given.folder.id;
    REQUIRE(ledger.history.add_checks({ledger.check(1, CheckResult::mismatch, 200)}).has_value());
    CHECK(ledger.history.folders()->front().digest == 0);
    const auto said = ledger.history.statements(id).value();
    REQUIRE(said.list.size() == 1);
    CHECK(said.list[0].said == spchain::Said::damaged);
    CHECK(said.list[0].bytes == 100);
    // Not having been able to look takes no word back.
    REQUIRE(ledger.history.add_checks({ledger.check(1, CheckResult::unreadable, 300)}).has_value());
    CHECK(ledger.history.statements(id)->list.size() == 1);
    REQUIRE(ledger.history.add_checks({ledger.check(1, CheckResult::good, 400)}).has_value());
    CHECK(ledger.history.statements(id)->list.empty());
}

TEST_CASE("a look that finds an image gone takes it out of the volume's facts, and facts survive looks") {
    Ledger ledger;
    REQUIRE(ledger.history.add_checks({ledger.check(0, CheckResult::good, 200), ledger.check(1, CheckResult::good, 210)}).has_value());
    REQUIRE(ledger.history.apply(ledger.given, 300).has_value());
    CHECK(ledger.volume().checks.good == 2);
    ledger.given.memory[1].vanished = 350;
    REQUIRE(ledger.history.apply(ledger.given, 400).has_value());
    CHECK(ledger.volume().checks.good == 1);
}

TEST_CASE("checks of folders that nobody knows are passed over, and a removed folder takes its checks along") {
    Ledger ledger;
    auto stray = ledger.check(0, CheckResult::good, 200);
    stray.folder_id = "fld_ffffffffffffffff";
    REQUIRE(ledger.history.add_checks({stray, ledger.check(1, CheckResult::good, 210)}).has_value());
    CHECK(ledger.history.bytes_checked(0).value() == 100);
    REQUIRE(ledger.history.remove_folder(ledger.given.folder.id, 300).has_value());
    CHECK(ledger.history.bytes_checked(0).value() == 0);
}

TEST_CASE("tidying keeps the newest check of an image that is remembered") {
    Ledger ledger;
    REQUIRE(ledger.history.add_checks({ledger.check(0, CheckResult::good, 200), ledger.check(0, CheckResult::good, 300)}).has_value());
    REQUIRE(ledger.history.tidy(0, 1'000).has_value());
    CHECK(ledger.history.bytes_checked(0).value() == 100);
    CHECK(ledger.history.newest_checks(ledger.given.folder.id)->size() == 1);
}
