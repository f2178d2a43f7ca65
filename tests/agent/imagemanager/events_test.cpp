#include "agent/host/files.hpp"
#include "agent/imagemanager/errors.hpp"
#include "agent/imagemanager/event_source.hpp"
#include "tests/agent/scan/temporary.hpp"
#include "tests/support/golden_file.hpp"

using namespace imc::imagemanager;
using imc::test::Temporary;

namespace {

constexpr std::string_view product = "StorageCraft ImageManager";

EventKind kind(std::uint32_t id, std::string_view version) {
    return meaning_of(product, id, version).kind;
}

std::string entry(const std::string& system, const std::string& data) {
    return "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>" + system + "</System><EventData>" + data +
           "</EventData></Event>";
}

std::string entry_of(const std::string& id, const std::string& time, const std::string& data = "<Data>words</Data>") {
    return entry("<Provider Name='StorageCraft ImageManager'/><EventID>" + id + "</EventID><TimeCreated SystemTime='" + time + "'/>", data);
}

EventReading all_of(const std::string& bytes) {
    EventFilter filter;
    filter.known_sources_only = false;
    return read_events(bytes, filter);
}

constexpr const char* noon = "2024-01-05T12:00:00Z";

}  // namespace

TEST_CASE("ImageManager's numbers have the meanings that the vendor gave") {
    CHECK(kind(0, "7.6.2") == EventKind::service_started);
    CHECK(kind(1100, "7.6.2") == EventKind::information);
    CHECK(kind(1119, "7.6.2") == EventKind::information);
    CHECK(kind(1120, "7.6.2") == EventKind::consolidated);
    CHECK(kind(1121, "7.6.2") == EventKind::consolidation_failed);
    CHECK(kind(1122, "7.6.2") == EventKind::reserved);
    CHECK(kind(1123, "7.6.2") == EventKind::verification_failed);
    CHECK(kind(1124, "7.6.2") == EventKind::incomplete_chain);
    CHECK(kind(1125, "7.6.2") == EventKind::processing_failed);
    CHECK(kind(1126, "7.6.2") == EventKind::replication_failed);
    CHECK(kind(1127, "7.6.2") == EventKind::headstart_failed);
    CHECK(kind(1128, "7.6.2") == EventKind::service_broken);
    CHECK(kind(1129, "7.6.2") == EventKind::will_retry);
    CHECK(kind(1130, "7.6.2") == EventKind::folder_inactive);
    for (const std::uint32_t other : {1U, 1099U, 1131U, 65535U}) CHECK(kind(other, "7.6.2") == EventKind::unknown);
}

TEST_CASE("Version 7.0.2 counts from 1125 one higher, and no other version does") {
    const std::string version = GENERATE("7.0.2", "7.0.2.0", "7.0.2.10512");
    CHECK(kind(1120, version) == EventKind::consolidated);
    CHECK(kind(1124, version) == EventKind::incomplete_chain);
    CHECK(kind(1125, version) == EventKind::unknown);
    CHECK(kind(1126, version) == EventKind::processing_failed);
    CHECK(kind(1127, version) == EventKind::replication_failed);
    CHECK(kind(1128, version) == EventKind::headstart_failed);
    CHECK(kind(1129, version) == EventKind::service_broken);
    CHECK(kind(1130, version) == EventKind::will_retry);
    CHECK(kind(1131, version) == EventKind::unknown);
    for (const auto* other : {"7.0.20", "7.0.3", "7.0.1", "17.0.2", "7.0"}) CHECK(kind(1126, other) == EventKind::replication_failed);
}

TEST_CASE("Where the version is not known both meanings are told, and the graver severity") {
    const auto shifted = meaning_of(product, 1129, "");
    CHECK(shifted.kind == EventKind::will_retry);
    CHECK(shifted.in_7_0_2 == EventKind::service_broken);
    CHECK(shifted.severity == EventSeverity::critical);
    CHECK(meaning_of(product, 1129, "7.6.2").severity == EventSeverity::warning);
    CHECK_FALSE(meaning_of(product, 1129, "7.6.2").in_7_0_2.has_value());
    CHECK(meaning_of(product, 1125, "").in_7_0_2 == EventKind::unknown);
    const auto sure = meaning_of(product, 1124, "");
    CHECK(sure.kind == EventKind::incomplete_chain);
    CHECK(sure.severity == EventSeverity::critical);
    CHECK_FALSE(sure.in_7_0_2.has_value());
}

TEST_CASE("ShadowProtect's and SPX' numbers are their own; what sources contradict each other about is not decided") {
    CHECK(meaning_of("shadowprotectsvc", 1120, "").kind == EventKind::backup_succeeded);
    CHECK(meaning_of("ShadowProtectSvc", 1121, "").kind == EventKind::backup_failed_or_aborted);
    CHECK(meaning_of("ShadowProtectSvc", 1122, "").kind == EventKind::backup_failed_or_aborted);
    CHECK(meaning_of("ShadowProtectSvc", 1124, "").kind == EventKind::unknown);
    CHECK(meaning_of("ShadowProtectSPX", 3, "").kind == EventKind::backup_succeeded);
    CHECK(meaning_of("ShadowProtectSPX", 4, "").kind == EventKind::backup_aborted);
    CHECK(meaning_of("ShadowProtectSPX", 5, "").kind == EventKind::backup_failed);
    CHECK(meaning_of("Initech", 1120, "").kind == EventKind::unknown);
    CHECK(meaning_of("Initech", 1120, "").severity == EventSeverity::unknown);
}

TEST_CASE("An exported log gives the entries of known sources, in UTF-8 and UTF-16, and counts the others") {
    const std::string name = GENERATE("events.xml", "events-utf16.xml");
    const auto reading = read_events(support::golden_file("imagemanager-logs/" + name), {});
    CHECK(reading.others == 1);
    CHECK(reading.malformed == 1);
    CHECK_FALSE(reading.more);
    REQUIRE(reading.events.size() == 7);
    const auto& made = reading.events[1];
    CHECK(made.source == product);
    CHECK(made.id == 1120);
    CHECK(made.time == 1704495481);
    CHECK(made.level == EventSeverity::information);
    CHECK(made.record == 1003);
    CHECK(made.computer == "ACME-BACKUP1");
    CHECK(made.text == R"(\\acme-nas\backups\server1\C_VOL-b001-i0097-cd.spi)");
    CHECK(reading.events[2].text == "R&D <server1> C_VOL-b001-i0099.spi");
    CHECK(reading.events[2].level == EventSeverity::error);
    CHECK(reading.events[4].text == "Code\nStartTime");
    CHECK(reading.events[5].text == "La sauvegarde a \u00e9chou\u00e9");
    CHECK(tells_unreadable_folder(reading.events[6].text));
    CHECK_FALSE(tells_unreadable_folder(made.text));
}

TEST_CASE("A filter leaves out what was seen, what is old and what is too much") {
    const auto bytes = support::golden_file("imagemanager-logs/events.xml");
    EventFilter filter;
    filter.after_record = 1006;
    CHECK(read_events(bytes, filter).events.size() == 2);
    filter = {};
    filter.since = 1704585481;
    CHECK(read_events(bytes, filter).events.size() == 4);
    filter = {};
    filter.most = 3;
    const auto cut = read_events(bytes, filter);
    CHECK(cut.events.size() == 3);
    CHECK(cut.more);
}

TEST_CASE("A log that was cleared shows numbers below the last one that was read") {
    const auto bytes = support::golden_file("imagemanager-logs/events.xml");
    EventFilter filter;
    filter.after_record = 1008;
    const auto same = read_events(bytes, filter);
    CHECK(same.events.empty());
    CHECK(same.last_record == 1008);
    filter.after_record = 5000;
    const auto cleared = read_events(bytes, filter);
    CHECK(cleared.events.empty());
    CHECK(cleared.last_record < filter.after_record);
    CHECK_FALSE(read_events("", filter).last_record.has_value());
}

TEST_CASE("An entry without number, source or a real time is malformed, never half an entry") {
    CHECK(parse_event(entry_of("1120", noon)).has_value());
    for (const auto* id : {"", "x", "-1", "1120x", "99999999999"}) CHECK_FALSE(parse_event(entry_of(id, noon)).has_value());
    for (const auto* time : {"", "2024-01-05", "2024-01-05T12:00:00", "2024-02-30T12:00:00Z", "2024-01-05T24:00:00Z",
                             "2024-01-05T12:00:00.xZ", "2024-01-05 12:00:00Z", "20x4-01-05T12:00:00Z", "2024-01-05T12:00:00+01:00Z"}) {
        CHECK_FALSE(parse_event(entry_of("1120", time)).has_value());
    }
    CHECK_FALSE(parse_event(entry("<EventID>1</EventID><TimeCreated SystemTime='2024-01-05T12:00:00Z'/>", "")).has_value());
    CHECK(parse_event(entry_of("1120", "1969-12-31T23:59:59.9Z"))->time == -1);
}

TEST_CASE("Torn, nested and foreign XML is counted or left out, and the entries around it are read") {
    const auto good = entry_of("1120", noon);
    CHECK(all_of(good + good.substr(0, good.size() / 2) + good).events.size() == 2);
    CHECK(all_of(good + good.substr(0, good.size() / 2) + good).malformed == 1);
    CHECK(all_of("<Events>" + good + "<EventData/><EventID>5</EventID>" + good + "</Events>").events.size() == 2);
    CHECK(all_of("no XML at all").malformed == 0);
    CHECK(all_of("<Event ").malformed == 1);
    CHECK(all_of("<Event></Event>").malformed == 1);
    std::string many;
    for (int i = 0; i < 20'000; ++i) many += "<Event>";
    CHECK(all_of(many).malformed == 20'000);
}

TEST_CASE("Depth, length and entities of an entry are bounded") {
    std::string deep;
    for (int i = 0; i < 100'000 / 3; ++i) deep += "<a>";
    CHECK_FALSE(parse_event("<Event>" + deep).has_value());
    std::string disguised;
    for (int i = 0; i < 10'000; ++i) disguised += "<a x='/>'>";
    CHECK_FALSE(parse_event("<Event>" + disguised).has_value());
    CHECK_FALSE(parse_event(entry_of("1120", noon, "<Data>" + std::string(longest_event, 'x') + "</Data>")).has_value());
    const auto cut = parse_event(entry_of("1120", noon, "<Data>" + std::string(2 * longest_text, 'x') + "</Data>"));
    REQUIRE(cut.has_value());
    CHECK(cut->text.size() == longest_text);
    const auto odd = parse_event(entry_of("1120", noon, "<Data>&own; &#65; &amp;&#xD800;</Data>"));
    if (odd) CHECK(odd->text.starts_with("&own; A &"));
    const std::string laughs = "<!DOCTYPE a [<!ENTITY x 'ha'><!ENTITY y '&x;&x;'>]>" + entry_of("1120", noon, "<Data>&y;</Data>");
    const auto read = all_of(laughs);
    REQUIRE(read.events.size() == 1);
    CHECK(read.events[0].text == "&y;");
}

TEST_CASE("An exported file is read, an empty one holds no events, and another file is none") {
    const Temporary folder;
    const auto read = [&folder](const std::string& content) {
        std::ofstream(folder.path("events.xml"), std::ios::binary | std::ios::trunc) << content;
        return read_exported_events(folder.path("events.xml"), {});
    };
    CHECK(read(entry_of("1120", noon))->events.size() == 1);
    CHECK(read("")->events.empty());
    CHECK(read("\r\n<Events>\r\n</Events>\r\n")->events.empty());
    CHECK(read("<?xml version='1.0'?><Events/>")->events.empty());
    CHECK(read("Level,Date and Time,Source,Event ID\r\n").error() == make_error_code(errc::not_events));
    CHECK(read_exported_events(folder.path("none.xml"), {}).has_error());
    CHECK(read_exported_events(folder.path(), {}).has_error());
    std::filesystem::resize_file(folder.path("events.xml"), largest_export + 1);
    CHECK(read_exported_events(folder.path("events.xml"), {}).error() == make_error_code(errc::too_large));
}

TEST_CASE("The system's own log is read, or the system says that it has none") {
    EventFilter filter;
    filter.most = 5;
    const auto reading = read_system_events(filter, {});
    if (reading) {
        CHECK(reading->events.size() <= 5);
    } else {
        CHECK(reading.error() == make_error_code(errc::unsupported));
    }
}
