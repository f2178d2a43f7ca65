#include "agent/imagemanager/log_tail.hpp"

#include "agent/host/files.hpp"
#include "agent/imagemanager/errors.hpp"
#include "tests/agent/scan/temporary.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <vector>

using namespace imc::imagemanager;
using imc::test::Temporary;

namespace {

struct Given {
    std::vector<std::string> lines;
    std::vector<std::uint64_t> offsets;
    std::vector<bool> cut;
    LogReading reading;
};

class Log {
public:
    [[nodiscard]] std::string path() const { return folder_.path("ImageManager.log"); }
    void write(const std::string& bytes) const { std::ofstream(path(), std::ios::binary | std::ios::trunc) << bytes; }
    void append(const std::string& bytes) const { std::ofstream(path(), std::ios::binary | std::ios::app) << bytes; }

    [[nodiscard]] Given read(const std::optional<LogPosition>& from, const LogOptions& options = {}) const {
        Given given;
        auto reading = read_log(path(), from, options, {}, [&given](const TextLine& line) {
            given.lines.emplace_back(line.text);
            given.offsets.push_back(line.offset);
            given.cut.push_back(line.cut);
        });
        REQUIRE(reading.has_value());
        given.reading = *reading;
        return given;
    }

private:
    Temporary folder_;
};

using Lines = std::vector<std::string>;

std::string wide(const std::string& text) {
    std::string bytes;
    for (const char c : text) bytes += {c, '\0'};
    return bytes;
}

}  // namespace

TEST_CASE("A log is read on from where the last reading stopped") {
    const Log log;
    log.write("one\r\ntwo\r\n");
    const auto first = log.read(std::nullopt);
    CHECK(first.lines == Lines{"one", "two"});
    CHECK(first.offsets == std::vector<std::uint64_t>{0, 5});
    CHECK(first.reading.change == LogChange::first);
    CHECK(first.reading.position.offset == 10);
    CHECK(first.reading.position.digest.size() == 64);

    const auto nothing = log.read(first.reading.position);
    CHECK(nothing.lines.empty());
    CHECK(nothing.reading.change == LogChange::none);
    CHECK(nothing.reading.position == first.reading.position);

    log.append("three\r\n");
    const auto more = log.read(nothing.reading.position);
    CHECK(more.lines == Lines{"three"});
    CHECK(more.offsets == std::vector<std::uint64_t>{10});
    CHECK(more.reading.change == LogChange::grown);
    CHECK(more.reading.bytes == 7);
}

TEST_CASE("A line without an end waits until it has one") {
    const Log log;
    log.write("one\ntw");
    const auto first = log.read(std::nullopt);
    CHECK(first.lines == Lines{"one"});
    CHECK(first.reading.position.offset == 4);
    log.append("o\n");
    CHECK(log.read(first.reading.position).lines == Lines{"two"});
}

TEST_CASE("A shorter log was truncated and is read from its beginning") {
    const Log log;
    log.write("one\ntwo\n");
    const auto first = log.read(std::nullopt);
    log.write("new\n");
    const auto again = log.read(first.reading.position);
    CHECK(again.lines == Lines{"new"});
    CHECK(again.reading.change == LogChange::truncated);
}

TEST_CASE("Another log under the same name is noticed, even when it is longer") {
    const Log log;
    const std::string tail(10'000, 't');
    SECTION("rotated") {
        log.write("one\ntwo\n");
        const auto first = log.read(std::nullopt);
        log.write("uno\ntwo\nthree\n");
        const auto again = log.read(first.reading.position);
        CHECK(again.lines == Lines{"uno", "two", "three"});
        CHECK(again.reading.change == LogChange::replaced);
    }
    SECTION("the same beginning, other lines before the position") {
        log.write("head\n" + tail + "\none\n");
        const auto first = log.read(std::nullopt);
        log.write("head\n" + tail + "\ntwo\nmore\n");
        const auto again = log.read(first.reading.position);
        CHECK(again.lines.size() == 4);
        CHECK(again.reading.change == LogChange::replaced);
    }
    SECTION("another beginning, the same lines before the position") {
        log.write("head\n" + tail + "\none\n");
        const auto first = log.read(std::nullopt);
        log.write("Head\n" + tail + "\none\nmore\n");
        CHECK(log.read(first.reading.position).reading.change == LogChange::replaced);
    }
}

TEST_CASE("Chunks and limits change nothing but the number of readings") {
    const Log log;
    std::string bytes;
    Lines expected;
    for (int i = 0; i < 12'000; ++i) {
        expected.push_back("line " + std::to_string(i) + " " + std::string(static_cast<std::size_t>(i % 37), 'x'));
        bytes += expected.back() + "\r\n";
    }
    log.write(bytes);
    LogOptions options;
    options.chunk = GENERATE(1, 5000, 1 << 20);
    options.most_bytes = 1;
    std::optional<LogPosition> position;
    Lines lines;
    int readings = 0;
    for (bool more = true; more; ++readings) {
        const auto part = log.read(position, options);
        lines.insert(lines.end(), part.lines.begin(), part.lines.end());
        position = part.reading.position;
        more = part.reading.more;
    }
    CHECK(lines == expected);
    CHECK(readings > 2);
    CHECK(position->offset == bytes.size());
}

TEST_CASE("A line that is too long is given once, cut, and the log goes on after it") {
    const Log log;
    const std::string endless(5 * LineSplitter::longest, 'x');
    log.write("before\n" + endless);
    LogOptions options;
    options.chunk = 4096;
    options.most_bytes = 1;
    const auto first = log.read(std::nullopt, options);
    REQUIRE(first.lines.size() == 2);
    CHECK(first.lines[1].size() == LineSplitter::longest);
    CHECK(first.cut == std::vector<bool>{false, true});
    CHECK(first.reading.position.in_long_line);
    log.append("\nafter\n");
    std::optional<LogPosition> position = first.reading.position;
    Lines lines;
    for (bool more = true; more;) {
        const auto part = log.read(position, options);
        lines.insert(lines.end(), part.lines.begin(), part.lines.end());
        position = part.reading.position;
        more = part.reading.more;
    }
    CHECK(lines == Lines{"after"});
}

TEST_CASE("A cut line ends with a whole character") {
    const Log log;
    std::string line(LineSplitter::longest - 1, 'x');
    line += "\xC3\xA9";
    log.write(line + "\n");
    const auto given = log.read(std::nullopt);
    REQUIRE(given.lines.size() == 1);
    CHECK(given.lines[0] == std::string(LineSplitter::longest - 1, 'x'));
}

TEST_CASE("A log in UTF-16 is read on in UTF-16, and a character is never taken for a line's end") {
    const Log log;
    // U+0A0D and U+0D0A have the bytes of line ends.
    const std::string odd(
        "\x0A\x0D"
        "\x0D\x0A",
        4);
    log.write("\xFF\xFE" + wide("one\r\n") + odd + wide("\r\n"));
    LogOptions options;
    options.chunk = 4096;
    const auto first = log.read(std::nullopt, options);
    CHECK(first.lines == Lines{"one", "\xE0\xB4\x8A\xE0\xA8\x8D"});
    CHECK(first.offsets == std::vector<std::uint64_t>{2, 12});
    log.append(wide("two\r\nth"));
    const auto more = log.read(first.reading.position, options);
    CHECK(more.lines == Lines{"two"});
    CHECK(more.reading.change == LogChange::grown);
}

TEST_CASE("An empty log, and one with nothing but a mark, have a position from which they are read on") {
    const Log log;
    const std::string beginning = GENERATE("", "\xEF\xBB\xBF");
    log.write(beginning);
    const auto empty = log.read(std::nullopt);
    CHECK(empty.lines.empty());
    CHECK(empty.reading.position.offset == 0);
    log.append("one\n");
    CHECK(log.read(empty.reading.position).lines == Lines{"one"});
}

TEST_CASE("What is no log gives an error, and a reading can be cancelled") {
    const Temporary folder;
    const auto ignore = [](const TextLine&) {};
    CHECK(read_log(folder.path("none.log"), std::nullopt, {}, {}, ignore).has_error());
    CHECK(read_log(folder.path(), std::nullopt, {}, {}, ignore).has_error());
    std::ofstream(folder.path("some.log")) << "one\n";
    std::stop_source source;
    source.request_stop();
    const auto stopped = read_log(folder.path("some.log"), std::nullopt, {}, source.get_token(), ignore);
    REQUIRE(stopped.has_error());
    CHECK(stopped.error() == make_error_code(errc::cancelled));
}

TEST_CASE("A log can be renamed, removed and written while it is read") {
    const Log log;
    log.write(std::string(20'000, 'a') + "\nlast\n");
    std::size_t lines = 0;
    LogOptions options;
    options.chunk = 4096;
    const auto reading = read_log(log.path(), std::nullopt, options, {}, [&](const TextLine&) {
        if (lines++ != 0) return;
        log.append("more\n");
        std::filesystem::rename(log.path(), log.path() + ".1");
    });
    REQUIRE(reading.has_value());
    CHECK(lines == 2);
}
