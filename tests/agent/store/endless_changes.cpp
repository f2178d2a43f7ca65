#include "tests/agent/store/endless_changes.hpp"

#include "tests/agent/store/support.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>

namespace imc::test {
namespace {

constexpr int images = 400;

}  // namespace

void apply_for_ever(const std::string& path, std::uint64_t mark, const std::function<void()>& begun) {
    auto opened = store::History::open(path, store::History::Mode::read_write, 1);
    if (!opened || !opened->set_aside.empty()) std::_Exit(3);
    for (const auto first = mark;; ++mark) {
        auto given = change("/srv/a", images + static_cast<int>(mark % 7), mark);
        given.findings = {finding("scan:" + given.folder.id + ":", "mark" + std::to_string(mark), given.folder.id)};
        if (!opened->history.apply(given, static_cast<store::UnixTime>(mark))) std::_Exit(4);
        if (mark == first) begun();
    }
}

std::uint64_t check_whole(const std::string& path) {
    auto opened = store::History::open(path, store::History::Mode::read_write, 1);
    REQUIRE(opened.has_value());
    CHECK(opened->set_aside.empty());
    const auto folders = opened->history.folders().value();
    REQUIRE(folders.size() == 1);
    const std::uint64_t mark = folders[0].image_bytes;
    for (const auto& volume : opened->history.volumes().value()) CHECK(volume.usage_bytes == mark);
    const auto memory = opened->history.memory(folders[0].id).value();
    CHECK(memory.size() == images + mark % 7);
    CHECK(memory.size() == folders[0].images);
    for (const auto& image : memory) {
        if (image.bytes != mark) FAIL("an image of another change");
    }
    const auto findings = opened->history.findings(false).value();
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].code == "mark" + std::to_string(mark));
    return mark;
}

}  // namespace imc::test
