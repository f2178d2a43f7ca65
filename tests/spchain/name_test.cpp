#include "spchain/name.hpp"

#include "spchain/folder.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <set>
#include <string>

using namespace spchain;

namespace {

// All that a name says, its stem apart: "image daily C_VOL b001-i005 -cd", "companion md5", "foreign".
std::string describe(const Name& name) {
    std::string text(to_string(name.type));
    if (name.type == NameType::image) (text += ' ') += to_string(name.kind);
    if (name.type == NameType::companion) (text += ' ') += to_string(name.companion);
    if (name.conventional) {
        ((text += ' ') += name.volume) += ' ';
        text += to_string(name.base, {name.differential, name.incremental});
    }
    if (!name.suffix.empty()) (text += ' ') += name.suffix;
    if (name.spanned) (text += " span ") += std::to_string(name.span);
    return text;
}

struct Row {
    std::string_view name;
    std::string_view says;
    std::string_view stem;
};

void check(const Row& row) {
    CAPTURE(row.name);
    const Name name = parse(row.name);
    CHECK(describe(name) == row.says);
    CHECK(name.stem == row.stem);
    CHECK(name.conventional == (name.base != 0));
    CHECK(name.conventional == !name.volume.empty());
}

std::string with_zeros(std::string_view text) {
    return std::string(text) + std::string("\0x\0", 3) + "-b001.spf";
}

}  // namespace

TEST_CASE("Conventional images say volume, base, numbers, kind and suffix") {
    const Row rows[] = {
        {"C_VOL-b001.spf", "image full C_VOL b001", "C_VOL-b001"},
        {"C_VOL-b001-d002.spi", "image differential C_VOL b001-d002", "C_VOL-b001-d002"},
        {"C_VOL-b001-d002-i000.spi", "image differential C_VOL b001-d002", "C_VOL-b001-d002-i000"},
        {"C_VOL-b001-d000-i003.spi", "image incremental C_VOL b001-i003", "C_VOL-b001-d000-i003"},
        {"C_VOL-b001-d002-i003.spi", "image incremental C_VOL b001-d002-i003", "C_VOL-b001-d002-i003"},
        {"C_VOL-b001-i003.spi", "image incremental C_VOL b001-i003", "C_VOL-b001-i003"},
        // relies on nothing
        {"C_VOL-b001-d000-i000.spf", "image full C_VOL b001", "C_VOL-b001-d000-i000"},
        {"C_VOL-b001-d000.spf", "image full C_VOL b001", "C_VOL-b001-d000"},
        {"C_VOL-b001-i0.spf", "image full C_VOL b001", "C_VOL-b001-i0"},
        {"C_VOL-b001-d000-i000.spi", "image incremental C_VOL b001", "C_VOL-b001-d000-i000"},
        {"C_VOL-b001.spi", "image incremental C_VOL b001", "C_VOL-b001"},
        // consolidations
        {"C_VOL-b001-i024-cd.spi", "image daily C_VOL b001-i024 -cd", "C_VOL-b001-i024-cd"},
        {"C_VOL-b001-i024-cw.spi", "image weekly C_VOL b001-i024 -cw", "C_VOL-b001-i024-cw"},
        {"C_VOL-b001-i024-cm.spi", "image monthly C_VOL b001-i024 -cm", "C_VOL-b001-i024-cm"},
        {"C_VOL-b001-i024-cr.spi", "image rolling C_VOL b001-i024 -cr", "C_VOL-b001-i024-cr"},
        {"C_VOL-b001-i024-cx.spi", "image consolidated C_VOL b001-i024 -cx", "C_VOL-b001-i024-cx"},
        {"C_VOL-b001-i024-cc.spi", "image consolidated C_VOL b001-i024 -cc", "C_VOL-b001-i024-cc"},
        {"C_VOL-b001-i024-cb.spi", "image consolidated C_VOL b001-i024 -cb", "C_VOL-b001-i024-cb"},
        {"C_VOL-b001-i024-cd-cw-cm.spi", "image monthly C_VOL b001-i024 -cd-cw-cm", "C_VOL-b001-i024-cd-cw-cm"},
        {"C_VOL-b001-i024-cm-cd.spi", "image daily C_VOL b001-i024 -cm-cd", "C_VOL-b001-i024-cm-cd"},
        {"C_VOL-b001-i024-cd-cz.spi", "image consolidated C_VOL b001-i024 -cd-cz", "C_VOL-b001-i024-cd-cz"},
        {"C_VOL-b001-d003-i024-cd.spi", "image daily C_VOL b001-d003-i024 -cd", "C_VOL-b001-d003-i024-cd"},
        {"C_VOL-b001-d003-cw.spi", "image weekly C_VOL b001-d003 -cw", "C_VOL-b001-d003-cw"},
        {"C_VOL-b001-cd.spi", "image daily C_VOL b001 -cd", "C_VOL-b001-cd"},
        {"C_VOL-b001-i000-cm.spi", "image monthly C_VOL b001 -cm", "C_VOL-b001-i000-cm"},
        // members of spanned sets
        {"C_VOL-b001.sp0", "image full C_VOL b001 span 0", "C_VOL-b001"},
        {"C_VOL-b001.sp1", "image full C_VOL b001 span 1", "C_VOL-b001"},
        {"C_VOL-b001-d000-i000.SP9", "image full C_VOL b001 span 9", "C_VOL-b001-d000-i000"},
        {"C_VOL-b001-i012.sp2", "image incremental C_VOL b001-i012 span 2", "C_VOL-b001-i012"},
        {"C_VOL-b001-d001.sp2", "image differential C_VOL b001-d001 span 2", "C_VOL-b001-d001"},
        {"C_VOL-b001-i012-cd-cw.sp3", "image weekly C_VOL b001-i012 -cd-cw span 3", "C_VOL-b001-i012-cd-cw"},
    };
    for (const Row& row : rows) check(row);
}

TEST_CASE("Case, digits and the spelling of the volume are free") {
    const Row rows[] = {
        {"c_vol-B001-D002-I003.SPI", "image incremental c_vol b001-d002-i003", "c_vol-B001-D002-I003"},
        {"C_Vol-b001-I005-Cd-cW.sPi", "image weekly C_Vol b001-i005 -Cd-cW", "C_Vol-b001-I005-Cd-cW"},
        {"C_VOL-b1-i2.spi", "image incremental C_VOL b001-i002", "C_VOL-b1-i2"},
        {"C_VOL-b0000000000001-i00000000000000000000000000000000012.spi", "image incremental C_VOL b001-i012",
         "C_VOL-b0000000000001-i00000000000000000000000000000000012"},
        {"C_VOL-b4294967294-d4294967294-i4294967294.spi", "image incremental C_VOL b4294967294-d4294967294-i4294967294",
         "C_VOL-b4294967294-d4294967294-i4294967294"},
        {"System Reserved_VOL-b001.spf", "image full System Reserved_VOL b001", "System Reserved_VOL-b001"},
        {"SRV-01_C_VOL-b002.spf", "image full SRV-01_C_VOL b002", "SRV-01_C_VOL-b002"},
        {"a-b1-x-b2.spf", "image full a-b1-x b002", "a-b1-x-b2"},
        {"C_VOL-b001-b002-i003.spi", "image incremental C_VOL-b001 b002-i003", "C_VOL-b001-b002-i003"},
        {"C_VOL-b001-i002-b003.spf", "image full C_VOL-b001-i002 b003", "C_VOL-b001-i002-b003"},
        {"C_VOL-b001-cd-b003.spf", "image full C_VOL-b001-cd b003", "C_VOL-b001-cd-b003"},
        {"C_VOL-i99999999999-b003.spf", "image full C_VOL-i99999999999 b003", "C_VOL-i99999999999-b003"},
        {"C_VOL-b001.spf-b001.spf", "image full C_VOL-b001.spf b001", "C_VOL-b001.spf-b001"},
        {" -b001.spf", "image full   b001", " -b001"},
        {"--b001.spf", "image full - b001", "--b001"},
        {"-b001-b002.spf", "image full -b001 b002", "-b001-b002"},
        {"O'Brien-b001.spf", "image full O'Brien b001", "O'Brien-b001"},
        {"\xC3\x9C"
         "ber_VOL-b001.spf",
         "image full \xC3\x9C"
         "ber_VOL b001",
         "\xC3\x9C"
         "ber_VOL-b001"},
        {"\xFF\x80-b001.spf", "image full \xFF\x80 b001", "\xFF\x80-b001"},
        {"a\n\t-b001.spf", "image full a\n\t b001", "a\n\t-b001"},
    };
    for (const Row& row : rows) check(row);
    const std::string zeros = with_zeros("C");
    CHECK(parse(zeros).volume == std::string_view(zeros).substr(0, 4));
}

TEST_CASE("An image extension makes an image, even of a name that follows no convention") {
    const Row rows[] = {
        {"INCOMPLETE.SPF", "image full", "INCOMPLETE"},
        {"foo.spi", "image incremental", "foo"},
        {"foo.sp4", "image full span 4", "foo"},
        {"foo bar .spi", "image incremental", "foo bar "},
        {"C_VOL-b001-i001.spi.spi", "image incremental", "C_VOL-b001-i001.spi"},
        {"C_VOL-b001.md5.spf", "image full", "C_VOL-b001.md5"},
        // the volume or the base number is missing
        {"-b001.spi", "image incremental", "-b001"},
        {"b001.spf", "image full", "b001"},
        {"C_VOL.spf", "image full", "C_VOL"},
        {"C_VOL-b.spf", "image full", "C_VOL-b"},
        {"C_VOL-i001.spi", "image incremental", "C_VOL-i001"},
        {"C_VOL-b000.spf", "image full", "C_VOL-b000"},
        {"C_VOL-b000-i001.spi", "image incremental", "C_VOL-b000-i001"},
        // wrong order, doubled or empty parts
        {"C_VOL-b001-i001-d001.spi", "image incremental", "C_VOL-b001-i001-d001"},
        {"C_VOL-b001-i001-i002.spi", "image incremental", "C_VOL-b001-i001-i002"},
        {"C_VOL-b001-d001-d002.spi", "image incremental", "C_VOL-b001-d001-d002"},
        {"C_VOL-b001-i.spi", "image incremental", "C_VOL-b001-i"},
        {"C_VOL-b001-d-i001.spi", "image incremental", "C_VOL-b001-d-i001"},
        {"C_VOL-b001-cd-i001.spi", "image incremental", "C_VOL-b001-cd-i001"},
        {"C_VOL-b001-i001-c.spi", "image incremental", "C_VOL-b001-i001-c"},
        {"C_VOL-b001-i001-c1.spi", "image incremental", "C_VOL-b001-i001-c1"},
        {"C_VOL-b001-i001-cdw.spi", "image incremental", "C_VOL-b001-i001-cdw"},
        {"C_VOL-b001-i001cd.spi", "image incremental", "C_VOL-b001-i001cd"},
        {"C_VOL-b001i001.spi", "image incremental", "C_VOL-b001i001"},
        {"C_VOL_b001.spf", "image full", "C_VOL_b001"},
        {"C_VOL-b_001.spf", "image full", "C_VOL-b_001"},
        {"C_VOL-b-001.spf", "image full", "C_VOL-b-001"},
        {"C_VOL-b001 .spf", "image full", "C_VOL-b001 "},
        {"C_VOL-b001-i0x1.spi", "image incremental", "C_VOL-b001-i0x1"},
        // numbers that are too large
        {"C_VOL-b4294967295.spf", "image full", "C_VOL-b4294967295"},
        {"C_VOL-b001-i4294967295.spi", "image incremental", "C_VOL-b001-i4294967295"},
        {"C_VOL-b001-d99999999999999999999999999.spi", "image incremental", "C_VOL-b001-d99999999999999999999999999"},
        {"C_VOL-b001-i18446744073709551617-cd.spi", "image incremental", "C_VOL-b001-i18446744073709551617-cd"},
        // a full image that relies on another contradicts itself
        {"C_VOL-b001-d001.spf", "image full", "C_VOL-b001-d001"},
        {"C_VOL-b001-i001.spf", "image full", "C_VOL-b001-i001"},
        {"C_VOL-b001-d000-i001.spf", "image full", "C_VOL-b001-d000-i001"},
        {"C_VOL-b001-cd.spf", "image full", "C_VOL-b001-cd"},
        {"C_VOL-b001-i001-cd.spf", "image full", "C_VOL-b001-i001-cd"},
    };
    for (const Row& row : rows) check(row);
}

TEST_CASE("Companions name the image they belong to") {
    const Row rows[] = {
        {"C_VOL-b001.md5", "companion md5 C_VOL b001", "C_VOL-b001"},
        {"C_VOL-b001-d002-i003-CD.MD5", "companion md5 C_VOL b001-d002-i003 -CD", "C_VOL-b001-d002-i003-CD"},
        {"C_VOL-b001-i003.spi.md5", "companion md5 C_VOL b001-i003", "C_VOL-b001-i003"},
        {"C_VOL-b001-i003.bitmap", "companion bitmap C_VOL b001-i003", "C_VOL-b001-i003"},
        {"C_VOL-b001.spk", "companion spk C_VOL b001", "C_VOL-b001"},
        {"C_VOL-b001-i003.spi.SPWB", "companion spwb C_VOL b001-i003", "C_VOL-b001-i003"},
        {"C_VOL-b001.sp1.md5", "companion md5 C_VOL b001", "C_VOL-b001"},
        // any stem will do for these four
        {"INCOMPLETE.md5", "companion md5", "INCOMPLETE"},
        {"INCOMPLETE.SPF.md5", "companion md5", "INCOMPLETE"},
        {"customer key.spk", "companion spk", "customer key"},
        {"x.bitmap", "companion bitmap", "x"},
        {"x.spwb", "companion spwb", "x"},
        {"C_VOL-b001-i001.spf.md5", "companion md5", "C_VOL-b001-i001"},
        {"C_VOL-b000.md5", "companion md5", "C_VOL-b000"},
        {"-b001.md5", "companion md5", "-b001"},
        {"x.md5.md5", "companion md5", "x.md5"},
        // being written
        {"C_VOL-b001.tmp", "companion tmp C_VOL b001", "C_VOL-b001"},
        {"C_VOL-b001.spf.tmp", "companion tmp C_VOL b001", "C_VOL-b001"},
        {"C_VOL-b001-i003.SPI.TMP", "companion tmp C_VOL b001-i003", "C_VOL-b001-i003"},
        {"C_VOL-b001-i003-cd-cw.tmp", "companion tmp C_VOL b001-i003 -cd-cw", "C_VOL-b001-i003-cd-cw"},
        // verification failures
        {"C_VOL-b001bad.log", "companion badlog C_VOL b001", "C_VOL-b001"},
        {"C_VOL-b001.spfbad.log", "companion badlog C_VOL b001", "C_VOL-b001"},
        {"C_VOL-b001 bad.log", "companion badlog C_VOL b001", "C_VOL-b001"},
        {"C_VOL-b001_bad.log", "companion badlog C_VOL b001", "C_VOL-b001"},
        {"C_VOL-b001-bad.log", "companion badlog C_VOL b001", "C_VOL-b001"},
        {"C_VOL-b001.bad.log", "companion badlog C_VOL b001", "C_VOL-b001"},
        {"C_VOL-b001-i003.spi_BAD.LOG", "companion badlog C_VOL b001-i003", "C_VOL-b001-i003"},
        {"C_VOL-b001-i003-cdbad.log", "companion badlog C_VOL b001-i003 -cd", "C_VOL-b001-i003-cd"},
    };
    for (const Row& row : rows) check(row);
}

TEST_CASE("Anything else is foreign and says nothing") {
    const std::string_view names[] = {
        "",
        ".",
        "..",
        ".spi",
        ".spf",
        ".sp1",
        ".md5",
        ".spi.md5",
        ".spk",
        ".bitmap",
        ".spwb",
        ".tmp",
        ".spi.tmp",
        "bad.log",
        ".bad.log",
        "spi",
        "spf",
        "C_VOL-b001",
        "C_VOL-b001-d001.i000",
        "C_VOL-b001.spf ",
        "C_VOL-b001.spf.",
        "C_VOL-b001.spf:stream",
        "C_VOL-b001.sp",
        "C_VOL-b001.spa",
        "C_VOL-b001.spx",
        "C_VOL-b001.sp10",
        "C_VOL-b001.spff",
        "C_VOL-b001.png",
        "C_VOL-b001.md5x",
        "C_VOL-b001spf",
        "C_VOL-b001.\xF3pf",
        ".fuse_hidden0016c1d600000001",
        "Thumbs.db",
        "readme.txt",
        // anybody may write one of these
        "foo.tmp",
        "foo.spi.tmp",
        "C_VOL.tmp",
        "-b001.tmp",
        "C_VOL-b000.tmp",
        "C_VOL-b001-i001.spf.tmp",
        "C_VOL-b001.md5.tmp",
        "foobad.log",
        "foo.spfbad.log",
        "C_VOLbad.log",
        "C_VOL-b001__bad.log",
        "C_VOL-b001+bad.log",
        "C_VOL-b001bad.log.txt",
        "C_VOL-b001-cbad.log",
        "C_VOL-b4294967295bad.log",
        // a directory, not a file
        "C_VOL-b001.spf/",
        "D:\\backup\\",
    };
    for (const std::string_view text : names) check({text, "foreign", ""});
}

TEST_CASE("Directories are passed over") {
    check({"/srv/x-b7/C_VOL-b001.spf", "image full C_VOL b001", "C_VOL-b001"});
    check({"E:\\backup\\C_VOL-b001.spf", "image full C_VOL b001", "C_VOL-b001"});
    check({"a\\b/C_VOL-b001.md5", "companion md5 C_VOL b001", "C_VOL-b001"});
    check({"a/b\\C_VOL-b001bad.log", "companion badlog C_VOL b001", "C_VOL-b001"});
    check({"C_VOL-b001/x.spf", "image full", "x"});
    check({"C_VOL/-b001.spf", "image full", "-b001"});
    check({"C_VOL-b001.spf/.md5", "foreign", ""});
}

TEST_CASE("Every published name is understood") {
    const std::map<std::string, std::string, std::less<>> meanings = {
        {"C_Vol-b001.spf", "image full C_Vol b001"},
        {"C_Vol-b001-d001-i000.spi", "image differential C_Vol b001-d001"},
        {"C_Vol-b001-d001.spi", "image differential C_Vol b001-d001"},
        {"C_Vol-b001-d000-i000.spi", "image incremental C_Vol b001"},
        {"C_Vol-b001-i001.spi", "image incremental C_Vol b001-i001"},
        {"C_Vol-b001-d001-i001.spi", "image incremental C_Vol b001-d001-i001"},
        {"C_Vol-b001-d001.i000", "foreign"},
        {"D_VOL-b001-i005-cd.spi", "image daily D_VOL b001-i005 -cd"},
        {"D_VOL-b001-i026-cw.spi", "image weekly D_VOL b001-i026 -cw"},
        {"D_VOL-b001-i097-cm.spi", "image monthly D_VOL b001-i097 -cm"},
        {"D_VOL-b001-i097-cd-cm-cr.spi", "image rolling D_VOL b001-i097 -cd-cm-cr"},
        {"C_VOL-b001-i001-cd-cw.spi", "image weekly C_VOL b001-i001 -cd-cw"},
        {"D_VOL-b001-i1971-cd-cw.spi", "image weekly D_VOL b001-i1971 -cd-cw"},
        {"C_VOL-b002-i002.spi", "image incremental C_VOL b002-i002"},
        {"System Reserved_VOL-b001.spf", "image full System Reserved_VOL b001"},
        {"C_VOL-S300-b001.spf", "image full C_VOL-S300 b001"},
        {"INCOMPLETE.SPF", "image full"},
        {"COMPLETE.spf", "image full"},
    };
    std::ifstream file(IMC_GOLDEN "/filenames.txt");
    REQUIRE(file);
    std::set<std::string> seen;
    int names = 0;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.front() == '#') continue;
        CAPTURE(line);
        const std::string last = line.substr(line.find_last_of("/\\") + 1);
        const auto meaning = meanings.find(last);
        REQUIRE(meaning != meanings.end());
        CHECK(describe(parse(line)) == meaning->second);
        seen.insert(last);
        ++names;
    }
    CHECK(names == 22);
    CHECK(seen.size() == meanings.size());
}

TEST_CASE("The canonical name has three digits, lower-case tags and no zero parts") {
    const auto canonical = [](std::string_view text) { return format(parse(text)); };
    CHECK(canonical("C_Vol-B1.SPF") == "C_Vol-b001.spf");
    CHECK(canonical("C_Vol-b001-d000-i000.spf") == "C_Vol-b001.spf");
    CHECK(canonical("C_Vol-b001-d000-i000.spi") == "C_Vol-b001.spi");
    CHECK(canonical("/x/C_VOL-b001-D01-I000.spi") == "C_VOL-b001-d001.spi");
    CHECK(canonical("C_VOL-b00001-i01971-CD-Cw.SPI") == "C_VOL-b001-i1971-cd-cw.spi");
    CHECK(canonical("C_VOL-b1-i4294967294.sp7") == "C_VOL-b001-i4294967294.sp7");
    CHECK(canonical("INCOMPLETE.SPF").empty());
    CHECK(canonical("C_VOL-b001.md5").empty());
    CHECK(canonical("readme.txt").empty());
    CHECK(format(Name{}).empty());
}
