// Any bytes as a log, as exported events and as a sidecar: parts lie inside their line, pieces of any size give the same lines,
// what is read is bounded.
#include "agent/imagemanager/event_export.hpp"
#include "agent/imagemanager/log_line.hpp"
#include "agent/imagemanager/sidecar.hpp"
#include "agent/imagemanager/text_lines.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

using namespace imc::imagemanager;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void check(std::string_view line, const LogLine& parsed) {
    for (const auto part : {parsed.text, parsed.stamp, parsed.file, parsed.detail}) {
        const bool inside = part.empty() || (part.data() >= line.data() && part.data() + part.size() <= line.data() + line.size());
        require(inside);
    }
    require(!parsed.time || (!parsed.stamp.empty() && to_text(*parsed.time).size() == 19));
}

std::vector<std::string> lines_of(std::span<const std::uint8_t> bytes, std::size_t piece, CodePage code_page) {
    const auto mark = find_mark(bytes);
    bytes = bytes.subspan(mark.size);
    LineSplitter splitter(mark.encoding, code_page);
    std::vector<std::string> lines;
    const auto keep = [&lines](const TextLine& line) { lines.emplace_back(line.text); };
    const auto size = bytes.size();
    while (!bytes.empty()) {
        const auto now = std::min(piece, bytes.size());
        splitter.feed(bytes.first(now), keep);
        bytes = bytes.subspan(now);
    }
    splitter.finish(keep);
    require(splitter.whole() == size);
    return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span bytes(data, size);
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto lines = lines_of(bytes, std::max<std::size_t>(size, 1), CodePage::unknown);
    require(lines == lines_of(bytes, 1 + size / 7, CodePage::unknown));
    for (const auto& line : lines_of(bytes, size + 1, CodePage::windows_1252)) check(line, parse_service_line(line));
    for (const auto& line : lines) check(line, parse_folder_line(line));
    if (const auto name = parse_folder_log_name(text)) require(name->folder.size() < size);
    const auto reading = read_events(text, {});
    for (const auto& event : reading.events) {
        require(event.id <= 0xFFFF && is_known_source(event.source) && !event.source.empty());
        static_cast<void>(meaning_of(event.source, event.id, ""));
    }
    static_cast<void>(is_empty_export(text));
    if (const auto sidecar = parse_sidecar(text)) {
        for (const auto& entry : sidecar->entries) require(parse_md5(to_text(entry.digest)) == entry.digest && !entry.name.empty());
    }
    return 0;
}
