// The reading of ImageManager's logs and events, from files as a server has them.
#include "agent/engine/diary.hpp"

#include "tests/agent/scan/temporary.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

using namespace imc;
using engine::DiaryPlaces;
using engine::DiaryReading;

namespace {

constexpr store::UnixTime now = 1'704'672'000;  // 2024-01-08T00:00:00Z
constexpr std::uint64_t everything = UINT64_MAX;

struct Server : test::Temporary {
    engine::Subjects subjects{{{"fld_srv1", R"(\\acme-nas\backups\server1)", {"C_VOL", "System Reserved_VOL"}}}, {}};
    DiaryPlaces places{path("Logs"), {}, false, "7.6.2"};
    std::vector<store::Position> positions;

    Server() { directory("Logs"); }
    void append(const std::string& name, const std::string& text) const {
        std::ofstream(path(name), std::ios::binary | std::ios::app) << text;
    }
    void write(const std::string& name, const std::string& text) const { std::ofstream(path(name), std::ios::binary) << text; }

    DiaryReading read(std::uint64_t most = everything) {
        engine::DiaryLimits limits;
        limits.bytes = most;
        return read(limits);
    }
    DiaryReading read(engine::DiaryLimits limits) {
        auto reading = engine::read_diary(places, subjects, positions, {}, now, limits, {});
        for (const auto& position : reading.change.positions) {
            std::erase_if(positions, [&](const auto& known) { return known.source == position.source; });
            positions.push_back(position);
        }
        return reading;
    }
};

std::uint64_t times(const DiaryReading& reading, const std::string& kind, const std::string& folder = "fld_srv1") {
    std::uint64_t sum = 0;
    for (const auto& count : reading.change.counts) {
        if (count.kind == kind && count.folder_id == folder) sum += count.times;
    }
    return sum;
}

const std::string line = "5-Jan-2024 23:58:01 \\\\acme-nas\\backups\\server1\\C_VOL-b001-i0097-cd.spi\r\n";
const std::string other = "6-Jan-2024 23:58:01 \\\\acme-nas\\backups\\server1\\C_VOL-b001-i0120-cd.spi\r\n";

std::string event(int record, int id, const std::string& time, const std::string& text) {
    return "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='StorageCraft "
           "ImageManager'/><EventID>" +
           std::to_string(id) + "</EventID><Level>2</Level><TimeCreated SystemTime='" + time + "'/><EventRecordID>" +
           std::to_string(record) + "</EventRecordID><Computer>B1</Computer></System><EventData><Data>" + text +
           "</Data></EventData></Event>\n";
}

}  // namespace

TEST_CASE("a log is counted by day and folder, once, and read on from where it ended") {
    Server server;
    server.append("Logs/ImageManager.log", line + line + other);
    const auto first = server.read();
    CHECK(times(first, "log.consolidated") == 3);
    REQUIRE(first.change.counts.size() == 2);
    CHECK(first.change.counts[0].times == 2);
    CHECK(first.change.counts[0].day == 19'727);  // 2024-01-05
    CHECK(first.change.successes.size() == 1);
    CHECK(first.change.successes[0].image == "C_VOL-b001-i0120-cd.spi");

    CHECK(server.read().change.counts.empty());
    server.append("Logs/ImageManager.log", other.substr(0, 20));
    CHECK(times(server.read(), "log.consolidated") == 0);
    server.append("Logs/ImageManager.log", other.substr(20));
    CHECK(times(server.read(), "log.consolidated") == 1);
}

TEST_CASE("a log that was begun anew is read from its beginning, one that is shorter as well") {
    Server server;
    server.append("Logs/ImageManager.log", line + line + other);
    (void)server.read();
    server.write("Logs/ImageManager.log", other);
    CHECK(times(server.read(), "log.consolidated") == 1);
    server.write("Logs/ImageManager.log", line + line + line + line);
    CHECK(times(server.read(), "log.consolidated") == 4);
}

TEST_CASE("a limit stops a reading, and the next one goes on without a line lost or counted twice") {
    Server server;
    std::string text;
    for (int n = 0; n < 5'000; ++n) text += line;
    server.append("Logs/ImageManager.log", text);
    std::uint64_t sum = 0;
    int readings = 0;
    for (bool more = true; more && readings < 100; ++readings) {
        const auto reading = server.read(150'000);
        sum += times(reading, "log.consolidated");
        more = reading.more;
    }
    CHECK(sum == 5'000);
    CHECK(readings > 1);
}

TEST_CASE("the log of a folder tells of file systems and test boots") {
    Server server;
    server.append("Logs/[acme-nas%backups%server1]-1.log",
                  "7-Jan-2024 02:00:00 Chkdsk verify succeeded: C_VOL-b001-i0099-cd.spi (No errors were found)\r\n"
                  "7-Jan-2024 02:10:00 Chkdsk verify failed: System Reserved_VOL-b001-i0099-cd.spi\r\n"
                  "Took screenshot\r\n"
                  "7-Jan-2024 02:30:00 virtual boot exception: C_VOL-b001-i0099-cd.spi (0x80004005)\r\n");
    const auto reading = server.read();
    CHECK(times(reading, "log.chkdsk_succeeded") == 1);
    CHECK(times(reading, "log.chkdsk_failed") == 1);
    CHECK(times(reading, "log.took_screenshot") == 1);
    REQUIRE(reading.change.troubles.size() == 2);
    CHECK(reading.change.troubles[0].volume == "System Reserved_VOL");
    REQUIRE(reading.change.successes.size() == 1);
    CHECK(reading.change.successes[0].image == "C_VOL-b001-i0099-cd.spi");
    CHECK(reading.to_judge == std::vector<std::string>{"fld_srv1"});
    REQUIRE(reading.logs.size() == 1);
    CHECK(reading.logs[0].kind == "folder");
    CHECK(reading.logs[0].folder_id == "fld_srv1");
}

TEST_CASE("events become counts, entries and troubles; what is not known is told as it is") {
    Server server;
    server.places.events = server.path("events.xml");
    server.write("events.xml", event(1, 1120, "2024-01-06T22:58:01Z", R"(\\acme-nas\backups\server1\C_VOL-b001-i0097-cd.spi)") +
                                   event(2, 1124, "2024-01-06T23:00:00Z", R"(\\acme-nas\backups\server1\C_VOL-b001-i0099.spi)") +
                                   event(3, 1177, "2024-01-06T23:01:00Z", "something else"));
    const auto reading = server.read();
    CHECK(times(reading, "event.consolidated") == 1);
    CHECK(times(reading, "event.incomplete_chain") == 1);
    REQUIRE(reading.change.troubles.size() == 2);
    const auto& incomplete = reading.change.troubles[0];
    CHECK(incomplete.kind == "incomplete_chain");
    CHECK(incomplete.folder_id == "fld_srv1");
    CHECK(incomplete.image == "C_VOL-b001-i0099.spi");
    CHECK(incomplete.base == 1);
    CHECK(reading.change.troubles[1].kind == "unknown");
    CHECK(reading.change.troubles[1].text == "something else");
    CHECK(reading.change.entries.size() == 3);  // all were told as errors
    CHECK(reading.to_judge == std::vector<std::string>{"fld_srv1"});
    CHECK(server.read().change.counts.empty());
}

TEST_CASE("events that are added are read once, and a cleared event log is noticed") {
    Server server;
    server.places.events = server.path("events.xml");
    const auto first = event(101, 1126, "2024-01-06T10:00:00Z", "ftp");
    server.write("events.xml", first);
    CHECK(times(server.read(), "event.replication_failed", "") == 1);
    server.append("events.xml", event(102, 1126, "2024-01-06T11:00:00Z", "ftp"));
    CHECK(times(server.read(), "event.replication_failed", "") == 1);
    // Numbers begin anew; what was seen already is older than the newest of it.
    server.write("events.xml", event(1, 1126, "2024-01-06T10:00:00Z", "ftp") + event(2, 1126, "2024-01-06T12:00:00Z", "ftp again"));
    CHECK(times(server.read(), "event.replication_failed", "") == 1);
}

TEST_CASE("what cannot be read is told, and the rest is read all the same") {
    Server server;
    server.places.events = server.path("none.xml");
    server.append("Logs/ImageManager.log", line);
    const auto reading = server.read();
    CHECK(times(reading, "log.consolidated") == 1);
    REQUIRE(reading.problems.size() == 1);
    CHECK(reading.problems[0].find("none.xml") != std::string::npos);
    server.places.logs = server.path("nowhere");
    CHECK(server.read().problems.size() == 2);
}

TEST_CASE("pages of a log follow each other without a line lost, and its end can be had alone") {
    Server server;
    std::string text;
    for (int n = 0; n < 250; ++n) text += "line " + std::to_string(n) + "\r\n";
    server.append("Logs/else.log", text + "unfinished");
    const auto log = server.read().logs.at(0);
    CHECK(log.kind == "other");
    std::vector<std::string> seen;
    std::uint64_t offset = 0;
    for (int pages = 0; pages < 10; ++pages) {
        const auto page = engine::read_log_page(log, offset, false, 100).value();
        for (const auto& one : page.lines) seen.push_back(one.text);
        offset = page.next;
        if (page.end) break;
    }
    REQUIRE(seen.size() == 251);
    CHECK(seen[0] == "line 0");
    CHECK(seen[249] == "line 249");
    CHECK(seen[250] == "unfinished");
    const auto last = engine::read_log_page(log, 0, true, 3).value();
    REQUIRE(last.lines.size() == 3);
    CHECK(last.lines[0].text == "line 248");
    CHECK(last.end);
    CHECK(engine::read_log_page(log, 1U << 30U, false, 10)->lines.empty());
}

TEST_CASE("a reading that runs out of time keeps what it read, and the next ones go on to the end") {
    Server server;
    std::string much;
    while (much.size() < (std::size_t{1} << 20)) much += line;
    const auto lines = much.size() / line.size();
    server.write("Logs/ImageManager.log", much);
    server.write("Logs/server1.log", much);
    server.places.events = server.path("events.xml");
    server.write("events.xml", "<Events>" + event(7, 1123, "2024-01-07T10:00:00Z", "text") + "</Events>");
    engine::DiaryLimits late;
    late.until = std::chrono::steady_clock::now();
    const auto first = server.read(late);
    CHECK(first.more);
    CHECK(first.problems.empty());
    CHECK_FALSE(first.change.troubles.empty());  // events are not kept waiting by logs
    std::uint64_t seen = 0;
    std::uint64_t offset = 0;
    const auto add = [&](const DiaryReading& reading) {
        for (const auto& count : reading.change.counts) seen += count.kind == "log.consolidated" ? count.times : 0;
        std::uint64_t now_at = 0;
        for (const auto& position : server.positions) now_at += position.source.starts_with("log:") ? position.offset : 0;
        const bool further = now_at > offset;
        offset = now_at;
        return further;
    };
    CHECK(add(first));
    for (bool more = true; more;) {
        const auto next = server.read(late);
        more = next.more;
        REQUIRE((add(next) || !more));
    }
    CHECK(offset == 2 * much.size());
    CHECK(seen == 2 * lines);
}

TEST_CASE("more logs than are read are told, and the newest are read") {
    Server server;
    for (int n = 0; n < 1'001; ++n) server.write("Logs/other" + std::to_string(n) + ".log", "");
    const auto when = std::filesystem::last_write_time(server.path("Logs/other0.log"));
    std::filesystem::last_write_time(server.path("Logs/other500.log"), when - std::chrono::hours(48));
    const auto reading = server.read();
    CHECK(reading.logs.size() == 1'000);
    const auto has = [&](const std::string& name) {
        return std::any_of(reading.logs.begin(), reading.logs.end(), [&](const auto& log) { return log.name == name; });
    };
    CHECK_FALSE(has("other500.log"));
    CHECK(has("other999.log"));
    REQUIRE(reading.problems.size() == 1);
    CHECK(reading.problems.front().find("1001") != std::string::npos);
}
