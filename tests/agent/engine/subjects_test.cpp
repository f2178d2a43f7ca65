#include "agent/engine/subjects.hpp"

#include <catch2/catch.hpp>

using imc::engine::Subjects;

namespace {

Subjects subjects() {
    return {{{"fld_a", R"(D:\Backups\Acme\SRV1)", {"C_VOL", "System Reserved_VOL"}},
             {"fld_b", R"(D:\Backups\Acme\SRV1\Sub)", {"C_VOL"}},
             {"fld_c", "/mnt/nas/globex", {"E_VOL"}}},
            {{R"(\\globex-nas\backups)", "/mnt/nas"}}};
}

}  // namespace

TEST_CASE("a path of an image names its folder in any case, by any spelling, and no other") {
    const auto all = subjects();
    const auto found = all.of_path(R"(d:\backups\ACME\srv1\C_VOL-b001-i0097-cd.spi)");
    CHECK(found.folder_id == "fld_a");
    CHECK(found.volume == "C_VOL");
    CHECK(found.base == 1);
    CHECK(found.image == "C_VOL-b001-i0097-cd.spi");
    CHECK(all.of_path(R"(\\GLOBEX-NAS\backups\globex\E_VOL-b002.spf)").folder_id == "fld_c");
    CHECK(all.of_path("/mnt/nas/globex/E_VOL-b002.spf").folder_id == "fld_c");
    CHECK(all.of_path(R"(D:\Backups\Acme\SRV10\C_VOL-b001.spf)").folder_id.empty());
    CHECK(all.of_path(R"(D:\Backups\Acme\SRV1\Other\C_VOL-b001.spf)").folder_id.empty());
    CHECK(all.of_path("nothing").folder_id.empty());
}

TEST_CASE("a sentence names a folder by its path, the deepest that stands there as a whole") {
    const auto all = subjects();
    CHECK(all.of_text(R"(Could not process "D:\Backups\Acme\SRV1".)").folder_id == "fld_a");
    CHECK(all.of_text(R"(Could not process D:\Backups\Acme\SRV1\Sub today)").folder_id == "fld_b");
    CHECK(all.of_text(R"(Could not process D:\Backups\Acme\SRV10)").folder_id.empty());
    CHECK(all.of_text(R"(Could not process D:\Backups\Acme\SRV1\Else\x)").folder_id.empty());
    const auto found = all.of_text(R"(Missing: D:\Backups\Acme\SRV1\System Reserved_VOL-b003-i004.spi, stopped)");
    CHECK(found.folder_id == "fld_a");
    CHECK(found.image == "System Reserved_VOL-b003-i004.spi");
    CHECK(found.base == 3);
}

TEST_CASE("an image without a path is of the one folder that has such a volume, words before it apart") {
    const auto all = subjects();
    const auto found = all.of_text("R&D <server1> The image E_VOL-b001-i099.spi is missing");
    CHECK(found.folder_id == "fld_c");
    CHECK(found.image == "E_VOL-b001-i099.spi");
    const auto either = all.of_text("C_VOL-b001-i099.spi");
    CHECK(either.folder_id.empty());
    CHECK(either.image == "C_VOL-b001-i099.spi");
    CHECK(all.of_text("X_VOL-b001-i099.spi").image.empty());
    CHECK(all.of_text("").folder_id.empty());
}

TEST_CASE("a folder with one volume can mean no other, one with several is told alone") {
    const auto all = subjects();
    CHECK(all.of_text(R"(incomplete: \\globex-nas\backups\globex)").volume == "e_vol");
    CHECK(all.of_text(R"(incomplete: D:\Backups\Acme\SRV1)").volume.empty());
}

TEST_CASE("the log of a folder on a share is known by its name") {
    const auto all = subjects();
    CHECK(all.folder_of_log("globex-nas%backups%Globex") == "fld_c");
    CHECK(all.folder_of_log("globex-nas%backups").empty());
}
