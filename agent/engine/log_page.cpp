#include "agent/engine/diary.hpp"
#include "agent/imagemanager/log_line.hpp"
#include "agent/imagemanager/shared_file.hpp"
#include "agent/imagemanager/text_lines.hpp"

#include <algorithm>
#include <array>

namespace imc::engine {
namespace {

constexpr std::uint64_t most_bytes = 1 << 20;
constexpr std::uint64_t last_bytes = 256 << 10;

api::LogLine line_of(const LogFile& log, const imagemanager::TextLine& text, std::uint64_t begin) {
    const auto parsed = log.kind == "folder" ? imagemanager::parse_folder_line(text.text) : imagemanager::parse_service_line(text.text);
    api::LogLine line;
    line.offset = begin + text.offset;
    line.text = std::string(text.text);
    line.cut = text.cut;
    if (log.kind == "other") return line;
    if (parsed.time) line.time = imagemanager::to_text(*parsed.time);
    line.message = std::string(imagemanager::to_string(parsed.message));
    line.file = std::string(parsed.file);
    return line;
}

}  // namespace

boost::system::result<api::LogPage> read_log_page(const LogFile& log, std::uint64_t offset, bool last, std::size_t lines) {
    const auto file = imagemanager::SharedFile::open(log.path);
    if (!file) return file.error();
    const auto stamp = file->stamp();
    if (!stamp) return stamp.error();
    std::array<std::uint8_t, 3> head{};
    const auto got_head = file->read(0, head);
    if (!got_head) return got_head.error();
    const auto mark = imagemanager::find_mark(std::span<const std::uint8_t>(head).first(*got_head));
    std::uint64_t begin = std::max<std::uint64_t>(offset, mark.size);
    const bool inside = last && stamp->bytes > mark.size + last_bytes;
    // Characters of UTF-16 begin at even places.
    if (last) begin = inside ? stamp->bytes - last_bytes - (stamp->bytes - last_bytes - mark.size) % 2 : mark.size;
    api::LogPage page;
    page.next = std::min(begin, stamp->bytes);
    page.end = true;
    if (begin >= stamp->bytes) return page;
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(std::min(most_bytes, stamp->bytes - begin)));
    const auto got = file->read(begin, bytes);
    if (!got) return got.error();
    imagemanager::LineSplitter splitter(mark.encoding, imagemanager::CodePage::unknown);
    bool partial = inside;  // the first line began before
    const auto sink = [&](const imagemanager::TextLine& text) {
        if (std::exchange(partial, false)) return;
        page.lines.push_back(line_of(log, text, begin));
    };
    splitter.feed(std::span<const std::uint8_t>(bytes).first(*got), sink);
    const bool at_end = begin + *got >= stamp->bytes;
    const auto whole = begin + splitter.whole();
    if (at_end) splitter.finish(sink);
    page.next = at_end ? stamp->bytes : whole;
    page.end = at_end;
    if (page.lines.size() > lines && last) {
        page.lines.erase(page.lines.begin(), page.lines.end() - static_cast<std::ptrdiff_t>(lines));
    } else if (page.lines.size() > lines) {
        page.next = page.lines[lines].offset;
        page.end = false;
        page.lines.resize(lines);
    }
    return page;
}

}  // namespace imc::engine
