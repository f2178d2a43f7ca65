#include "agent/imagemanager/sidecar.hpp"

#include "agent/host/files.hpp"
#include "agent/imagemanager/errors.hpp"
#include "tests/support/golden_file.hpp"

using namespace imc::imagemanager;

namespace {

constexpr const char* fox = "9e107d9d372bb6826bd81d3542a419d6";

Sidecar parsed(const std::string& bytes) {
    auto sidecar = parse_sidecar(bytes);
    REQUIRE(sidecar.has_value());
    return *sidecar;
}

Sidecar golden(const std::string& name) {
    return parsed(support::golden_file("imagemanager-logs/" + name));
}

void refuses(const std::string& bytes, errc why) {
    const auto sidecar = parse_sidecar(bytes);
    REQUIRE(sidecar.has_error());
    CHECK(sidecar.error() == make_error_code(why));
}

}  // namespace

TEST_CASE("A sidecar gives digest, name with blanks, GUID and date") {
    const auto sidecar = golden("with-guid.md5");
    REQUIRE(sidecar.entries.size() == 1);
    CHECK(to_text(sidecar.entries[0].digest) == fox);
    CHECK(sidecar.entries[0].name == "System Reserved_VOL-b001.spf");
    CHECK(sidecar.guid == "694A6C72-21D0-4A98-B7B8-79F553E460CC");
    CHECK(sidecar.date == "2014/05/26");
}

TEST_CASE("A sidecar without GUID, in upper case, with a mark, or in md5sum's form is read alike") {
    const std::string name = GENERATE("without-guid.md5", "upper-case.md5", "two-blanks.md5", "bom.md5");
    const auto sidecar = golden(name);
    REQUIRE(sidecar.entries.size() == 1);
    CHECK(to_text(sidecar.entries[0].digest) == fox);
    CHECK(sidecar.entries[0].name == (name == "bom.md5" ? "Donn\u00e9es_VOL-b001.spf" : "C_VOL-b001-i001.spi"));
    CHECK_FALSE(sidecar.guid.has_value());
    CHECK_FALSE(sidecar.date.has_value());
}

TEST_CASE("A sidecar of two images says for each what is its own, and nothing of a third") {
    const auto sidecar = golden("shared.md5");
    REQUIRE(sidecar.entries.size() == 2);
    CHECK(to_text(sidecar.entry_of("c_vol-B001.SPF")->digest) == fox);
    CHECK(to_text(sidecar.entry_of(R"(\\acme-nas\backups\C_VOL-b001.spi)")->digest) == std::string(32, '0'));
    CHECK(sidecar.entry_of("C_VOL-b002.spf") == nullptr);
}

TEST_CASE("Two digests for one image are none") {
    const auto zero = std::string(32, '0');
    CHECK(parsed(zero + " *A.spf\n" + fox + " *a.spf\n").entry_of("A.spf") == nullptr);
    CHECK(parsed(zero + " *A.spf\n" + zero + " *a.spf\n").entry_of("A.spf") != nullptr);
    CHECK(to_text(parsed(zero + " *D:\\old\\A.spf\n").entry_of("A.spf")->digest) == zero);
}

TEST_CASE("What is no sidecar is refused, never half understood") {
    refuses(support::golden_file("imagemanager-logs/empty.md5"), errc::not_a_sidecar);
    refuses(support::golden_file("imagemanager-logs/name-missing.md5"), errc::not_a_sidecar);
    refuses(std::string(fox) + " *", errc::not_a_sidecar);
    refuses(std::string(fox) + " * \r\n", errc::not_a_sidecar);
    refuses(std::string(fox) + "0 *A.spf", errc::not_a_sidecar);
    refuses(std::string(fox).substr(1) + " *A.spf", errc::not_a_sidecar);
    refuses("ge107d9d372bb6826bd81d3542a419d6 *A.spf", errc::not_a_sidecar);
    refuses(std::string(fox) + "*A.spf", errc::not_a_sidecar);
    refuses(";GUID;2014/05/26\r\n", errc::not_a_sidecar);
    refuses(std::string(largest_sidecar + 1, ' '), errc::too_large);
}

TEST_CASE("Lines of other kinds are skipped") {
    const auto sidecar =
        parsed("; made by hand\r\n\r\n;;\r\n;x;14/05/26\r\n" + std::string(fox) + " *A.spf\r\n;first;2014/05/26\r\n;second;2015/05/26\r\n");
    CHECK(sidecar.entries.size() == 1);
    CHECK(sidecar.guid == "first");
    CHECK(sidecar.date == "2014/05/26");
}

TEST_CASE("A sidecar's name replaces the image's ending") {
    CHECK(sidecar_name("C_VOL-b001.spf") == "C_VOL-b001.md5");
    CHECK(sidecar_name("System Reserved_VOL-b001-i001.SPI") == "System Reserved_VOL-b001-i001.md5");
    CHECK(sidecar_name("C_VOL-b001.sp12") == "C_VOL-b001.md5");
    for (const auto* other :
         {"C_VOL-b001.spk", "C_VOL-b001.spwb", "C_VOL-b001.sp", "C_VOL-b001.s", "C_VOL-b001", ".spf", "a.md5", "a.sp1x", ""}) {
        CHECK_FALSE(sidecar_name(other).has_value());
    }
}

TEST_CASE("A sidecar is read from its file") {
    const auto sidecar = read_sidecar(std::string(IMC_GOLDEN) + "/imagemanager-logs/with-guid.md5");
    REQUIRE(sidecar.has_value());
    CHECK(sidecar->entries.size() == 1);
    CHECK(read_sidecar(std::string(IMC_GOLDEN) + "/imagemanager-logs/none.md5").has_error());
    CHECK(read_sidecar(std::string(IMC_GOLDEN) + "/imagemanager-logs").has_error());
}
