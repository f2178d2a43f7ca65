#include "agent/imagemanager/log_line.hpp"

#include "agent/imagemanager/month_names.hpp"
#include "agent/imagemanager/text_lines.hpp"
#include "tests/support/golden_file.hpp"

#include <span>
#include <vector>

using namespace imc::imagemanager;

namespace {

std::vector<std::string> lines_of(const std::string& name, CodePage code_page) {
    const auto content = support::golden_file("imagemanager-logs/" + name);
    const std::span bytes(reinterpret_cast<const std::uint8_t*>(content.data()), content.size());
    const auto mark = find_mark(bytes);
    LineSplitter splitter(mark.encoding, code_page);
    std::vector<std::string> lines;
    const auto keep = [&lines](const TextLine& line) { lines.emplace_back(line.text); };
    splitter.feed(bytes.subspan(mark.size), keep);
    splitter.finish(keep);
    return lines;
}

std::string time_in(const LogLine& line) {
    return line.time ? to_text(*line.time) : "";
}

LogMessage service(std::string_view line) {
    return parse_service_line(line).message;
}

LogMessage folder(std::string_view line) {
    return parse_folder_line(line).message;
}

}  // namespace

TEST_CASE("A service log gives each consolidated image with its path and civil time") {
    const auto lines = lines_of("ImageManager.log", CodePage::unknown);
    REQUIRE(lines.size() == 9);
    const auto first = parse_service_line(lines[0]);
    CHECK(first.message == LogMessage::consolidated);
    CHECK(first.file == R"(\\acme-nas\backups\server1\C_VOL-b001-i0097-cd.spi)");
    CHECK(first.stamp == "5-Jan-2024 23:58:01");
    CHECK(time_in(first) == "2024-01-05T23:58:01");
    CHECK(parse_service_line(lines[1]).file == R"(\\acme-nas\backups\server1\System Reserved_VOL-b001-i0097-cd.spi)");
    CHECK(parse_service_line(lines[2]).message == LogMessage::unknown);
    CHECK(parse_service_line(lines[2]).text.empty());
    CHECK(parse_service_line(lines[3]).file == R"(D:\Backups\Globex\C_VOL-b002-i014-cd-cw.SPI)");
    CHECK(time_in(parse_service_line(lines[4])) == "2024-05-31T09:05:00");
}

TEST_CASE("A day or month that does not exist is no time, and the image is told nevertheless") {
    const auto lines = lines_of("ImageManager.log", CodePage::unknown);
    for (const auto& line : {lines[5], lines[6]}) {
        const auto parsed = parse_service_line(line);
        CHECK(parsed.message == LogMessage::consolidated);
        CHECK_FALSE(parsed.time.has_value());
        CHECK_FALSE(parsed.stamp.empty());
    }
}

TEST_CASE("A line of the service log that nobody has described is unknown, with its text") {
    const auto lines = lines_of("ImageManager.log", CodePage::unknown);
    const auto other = parse_service_line(lines[7]);
    CHECK(other.message == LogMessage::unknown);
    CHECK(other.text == "7-Jan-2024 00:01:00 something that nobody has described");
    CHECK(time_in(other) == "2024-01-07T00:01:00");
    CHECK(other.file.empty());
    CHECK(service(lines[8]) == LogMessage::unknown);
    CHECK(service(R"(\\acme-nas\backups\C_VOL-b001-i001-cd.spi)") == LogMessage::unknown);
    CHECK(service(R"(5-Jan-2024 23:58:01 \\a\b\C.spi to \\a\b\D.spi)") == LogMessage::unknown);
    CHECK(service(R"(5-Jan-2024 23:58:01 C:\b\C.spi, D:\b\D.spi)") == LogMessage::unknown);
    CHECK(service("5-Jan-2024 23:58:01 C_VOL-b001-i001-cd.spi") == LogMessage::unknown);
    CHECK(service(R"(5-Jan-2024 23:58:01Z \\a\b\C.spi)") == LogMessage::unknown);
    CHECK(service(R"(5-Jan-24 23:58:01 \\a\b\C.spi)") == LogMessage::unknown);
    CHECK(service(R"(2024-01-05 23:58:01 \\a\b\C.spi)") == LogMessage::unknown);
    CHECK(service("") == LogMessage::unknown);
}

TEST_CASE("French months are understood in every encoding") {
    const std::string name = GENERATE("ImageManager.fr-utf8.log", "ImageManager.fr-utf16le.log", "ImageManager.fr-utf16be.log");
    const auto lines = lines_of(name, CodePage::unknown);
    REQUIRE(lines.size() == 4);
    CHECK(time_in(parse_service_line(lines[0])) == "2024-01-05T23:58:01");
    CHECK(time_in(parse_service_line(lines[1])) == "2024-02-29T00:12:44");
    CHECK(time_in(parse_service_line(lines[2])) == "2024-08-15T00:12:44");
    CHECK(time_in(parse_service_line(lines[3])) == "2024-12-31T00:12:44");
    CHECK(parse_service_line(lines[3]).file == "\\\\acme-nas\\sauvegardes\\Soci\u00e9t\u00e9\\C_VOL-b001-i0400-cd-cm.spi");
}

TEST_CASE("Letters of a code page are shown as bytes until somebody says which code page it is; the time is known either way") {
    const auto raw = lines_of("ImageManager.fr-1252.log", CodePage::unknown);
    const auto western = lines_of("ImageManager.fr-1252.log", CodePage::windows_1252);
    REQUIRE(raw.size() == 4);
    REQUIRE(western.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) CHECK(parse_service_line(raw[i]).time == parse_service_line(western[i]).time);
    CHECK(time_in(parse_service_line(raw[1])) == "2024-02-29T00:12:44");
    CHECK(time_in(parse_service_line(raw[2])) == "2024-08-15T00:12:44");
    CHECK(time_in(parse_service_line(raw[3])) == "2024-12-31T00:12:44");
    CHECK(parse_service_line(western[0]).file == "\\\\acme-nas\\sauvegardes\\Soci\u00e9t\u00e9\\C_VOL-b001-i0097-cd.spi");
    CHECK(parse_service_line(raw[0]).file == "\\\\acme-nas\\sauvegardes\\Soci\uFFFDE9t\uFFFDE9\\C_VOL-b001-i0097-cd.spi");
}

TEST_CASE("Months have a number in each known language, and no other word has one") {
    const std::vector<std::vector<std::string>> years = {
        {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
        {"janv.", "f\u00e9vr.", "mars", "avr.", "mai", "juin", "juil.", "ao\u00fbt", "sept.", "oct.", "nov.", "d\u00e9c."},
        {"Jan", "Feb", "Mrz", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"},
        {"Jan.", "Feb.", "M\u00e4rz", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."},
        {"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"},
        {"gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"},
        {"jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"},
        {"jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"},
    };
    for (const auto& year : years) {
        for (std::size_t i = 0; i < 12; ++i) CHECK(month_of(year[i]) == static_cast<int>(i) + 1);
    }
    for (const auto* word : {"", ".", "1", "01", "lis", "J", "January", "jan..", "mar t"}) CHECK(month_of(word) == 0);
}

TEST_CASE("A folder's log tells checks and test boots by their published words") {
    const auto lines = lines_of("[acme-nas%backups%server1]-1.log", CodePage::unknown);
    REQUIRE(lines.size() == 9);
    const auto good = parse_folder_line(lines[0]);
    CHECK(good.message == LogMessage::chkdsk_succeeded);
    CHECK(good.file == "C_VOL-b001-i0099-cd.spi");
    CHECK(good.detail == "No errors were found");
    CHECK(time_in(good) == "2024-01-08T02:00:00");
    const auto bad = parse_folder_line(lines[1]);
    CHECK(bad.message == LogMessage::chkdsk_failed);
    CHECK(bad.file == "System Reserved_VOL-b001-i0099-cd.spi");
    CHECK(folder(lines[3]) == LogMessage::generated_incrementals);
    CHECK(folder(lines[4]) == LogMessage::generated_disks);
    CHECK(folder(lines[5]) == LogMessage::took_screenshot);
    CHECK(parse_folder_line(lines[5]).stamp.empty());
    const auto boot = parse_folder_line(lines[6]);
    CHECK(boot.message == LogMessage::virtual_boot_exception);
    CHECK(boot.file == "C_VOL-b001-i0099-cd.spi");
    CHECK(boot.detail == "0x80004005");
    const auto machine = parse_folder_line(lines[7]);
    CHECK(machine.message == LogMessage::virtual_machine);
    CHECK(machine.file == "acme_C_VOL-b001-i0099-cd_VirtualBoot_VM");
}

TEST_CASE("Only a check that found no errors succeeded; words about no file are unknown") {
    const auto lines = lines_of("[acme-nas%backups%server1]-1.log", CodePage::unknown);
    CHECK(folder(lines[2]) == LogMessage::unknown);
    CHECK(folder(lines[8]) == LogMessage::unknown);
    CHECK(folder("Chkdsk verify succeeded: C_VOL-b001-i001.spi") == LogMessage::unknown);
    CHECK(folder("Chkdsk verify failed: C_VOL-b001-i001.spit") == LogMessage::unknown);
    CHECK(folder("Nobody Took screenshot") == LogMessage::unknown);
    CHECK(folder("_VirtualBoot_VM") == LogMessage::unknown);
}

TEST_CASE("Parts of a line lie inside it") {
    const std::string line = "  8-Jan-2024 02:10:00\tChkdsk verify failed: C_VOL-b001-i001.spi (why) \r";
    const auto parsed = parse_folder_line(line);
    for (const auto part : {parsed.text, parsed.stamp, parsed.file, parsed.detail}) {
        CHECK(part.data() >= line.data());
        CHECK(part.data() + part.size() <= line.data() + line.size());
    }
    CHECK(parsed.detail == "why");
}

TEST_CASE("A folder's log is found by the folder's path") {
    const auto name = parse_folder_log_name("[acme-nas%backups%server1]-1.log");
    REQUIRE(name.has_value());
    CHECK(name->folder == "acme-nas%backups%server1");
    CHECK(name->number == 1);
    CHECK(folder_log_key(R"(\\acme-nas\backups\server1)") == "acme-nas%backups%server1");
    CHECK(folder_log_key(R"(\\acme-nas\backups\server1\)") == "acme-nas%backups%server1");
    CHECK_FALSE(folder_log_key(R"(D:\Backups)").has_value());
    CHECK_FALSE(folder_log_key(R"(\\)").has_value());
    CHECK(parse_folder_log_name("[a]-x]-2]-0012.LOG")->folder == "a]-x]-2");
    for (const auto* other : {"ImageManager.log", "[]-1.log", "[a]-.log", "[a]-1.log.bak", "[a]-1x.log", "[a].log", "[]-.log",
                              "[a]-99999999999999999999.log"}) {
        CHECK_FALSE(parse_folder_log_name(other).has_value());
    }
}
