#include "agent/picture/dot.hpp"
#include "agent/picture/svg_text.hpp"
#include "tests/support/chain_notation.hpp"
#include "tests/support/drawn_chains.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace imc::picture;

namespace {

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
    return count;
}

std::size_t elements(const std::string& svg) {
    return count_of(svg, "<") - count_of(svg, "</");
}

std::string svg(const drawn::Chain& chain, const SvgOptions& options) {
    const drawn::Prepared prepared(chain);
    return svg_of(prepared.view, options);
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("Pictures and restore sets are drawn as they are kept") {
    for (const auto& chain : drawn::chains()) {
        const drawn::Prepared prepared(chain);
        CHECK(drawn::difference(chain.name + ".svg", svg_of(prepared.view, chain.svg)) == "");
        CHECK(drawn::difference(chain.name + ".dot", dot_of(prepared.view)) == "");
    }
}

TEST_CASE("The number of elements is bounded by the width, not by files") {
    for (const int width : {280, 360, 1200, 1920}) {
        for (const int days : {30, 400, 1500}) {
            const drawn::Chain chain{"", drawn::years(days), {}, {}, {}};
            auto copy = chain;
            spchain::FolderInput input;
            input.entries = copy.entries;
            input.now = copy.entries.back().written + 7200;
            copy.report = spchain::analyse(input);
            const auto text = svg(copy, {width, Axis::sequence, true, Theme::automatic});
            INFO(copy.entries.size() << " files on " << width << " pixels");
            CHECK(elements(text) < static_cast<std::size_t>(width) + 300);
            CHECK(text.size() < static_cast<std::size_t>(width) * 40 + 16'000);
        }
    }
}

TEST_CASE("Five thousand increments with all consolidations take at most 40 kB, a hundred thousand 80 kB") {
    for (const auto& [increments, most] : {std::pair{5'000, 40'000}, {100'000, 80'000}}) {
        std::string words = "day=14 b1 i1..i" + std::to_string(increments);
        for (int day = 1; day * 14 <= increments; ++day) words += " cd@" + std::to_string(day * 14);
        for (int week = 1; week * 98 <= increments; ++week) words += " cw@" + std::to_string(week * 98);
        for (int month = 1; month * 420 <= increments; ++month) words += " cm@" + std::to_string(month * 420);
        auto noted = notation::chain(words);
        const drawn::Chain chain{"", std::move(noted.entries), std::move(noted.report), {}, {}};
        const auto text = svg(chain, {1200, Axis::sequence, true, Theme::automatic});
        INFO(increments);
        CHECK(text.size() <= static_cast<std::size_t>(most));
        CHECK(elements(text) < 1000);
    }
}

TEST_CASE("What is seen is told to those who do not see it") {
    const auto text = svg(drawn::chain("hole"), {});
    CHECK(has(text, "role=\"img\" aria-labelledby=\"chain-title chain-text\""));
    CHECK(has(text, "<title id=\"chain-title\">C_VOL b001</title>"));
    CHECK(has(text, "9 restore points: 4 certain, 5 broken."));
    CHECK(has(text, "5 broken. Missing: C_VOL-b001-i004.spi.</text>"));
    CHECK(has(text, "<title>missing: C_VOL-b001-i004.spi</title>"));
    CHECK(has(text, "orphan: nothing leads to its beginning"));
}

TEST_CASE("Patterns double what colours say, and the legend tells what is there and nothing else") {
    const auto hole = svg(drawn::chain("hole"), {});
    for (const auto* word : {">orphan<", ">missing, or point broken<", ">point certain<"}) CHECK(has(hole, word));
    for (const auto* word : {">beginning inferred<", ">still being written<", ">point presumed<"}) CHECK_FALSE(has(hole, word));
    const auto settling = svg(drawn::chain("settling"), {});
    CHECK(has(settling, ">still being written<"));
    CHECK(has(settling, "class=\"s\""));
    const auto dailies = svg(drawn::chain("dailies"), {});
    CHECK(has(dailies, ">beginning inferred<"));
    CHECK(has(dailies, "class=\"k5 i\""));
}

TEST_CASE("Light and dark follow the reader, or are fixed") {
    const auto& chain = drawn::chain("few");
    const auto both = svg(chain, {1200, Axis::sequence, false, Theme::automatic});
    const auto light = svg(chain, {1200, Axis::sequence, false, Theme::light});
    const auto dark = svg(chain, {1200, Axis::sequence, false, Theme::dark});
    CHECK(has(both, "@media(prefers-color-scheme:dark)"));
    CHECK_FALSE(has(light, "@media"));
    CHECK_FALSE(has(dark, "@media"));
    CHECK(has(light, ".bg{fill:#fff}"));
    CHECK_FALSE(has(dark, ".bg{fill:#fff}"));
}

TEST_CASE("Nothing is fetched and nothing runs") {
    for (const auto& chain : drawn::chains()) {
        const auto text = svg(chain, chain.svg);
        for (const auto* word : {"<script", "<image", "<use", "href", "@import", "onload", "javascript", "http://www.w3.org/1999"}) {
            CHECK_FALSE(has(text, word));
        }
    }
}

TEST_CASE("Names are escaped, and bytes that XML does not know are replaced") {
    CHECK(xml("a<b>&\"c\"") == "a&lt;b&gt;&amp;&quot;c&quot;");
    CHECK(xml(std::string("x\x01y\x7F", 4)) == "x\xEF\xBF\xBDy\xEF\xBF\xBD");
    CHECK(xml("\xEF\xBF\xBE|\xEF\xBF\xBF|\xEF\xBF\xBD") == "\xEF\xBF\xBD|\xEF\xBF\xBD|\xEF\xBF\xBD");
    CHECK(xml("\xEF\xBF") != "\xEF\xBF");
    const auto text = svg(drawn::chain("strange-name"), {});
    CHECK(has(text, "A&amp;B &lt;&quot;'&gt;"));
}

TEST_CASE("Numbers have one decimal where they need it") {
    CHECK(number_text(12) == "12");
    CHECK(number_text(12.25) == "12.3");
    CHECK(number_text(-0.04) == "0");
    CHECK(number_text(-7.5) == "-7.5");
    CHECK(number_text(1e300) == "1000000000");
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(1'000) == "1,000");
    CHECK(grouped(1'234'567) == "1,234,567");
}

TEST_CASE("An empty chain is a picture too") {
    const spchain::Chain chain;
    const auto geometry = geometry_of(chain, {});
    const View view{chain, geometry, {}, {}, "C_VOL", -1, {}};
    const auto text = svg_of(view, {1200, Axis::time, true, Theme::automatic});
    CHECK(has(text, "0 restore points."));
    CHECK(text.ends_with("</svg>\n"));
    CHECK(dot_of(view).ends_with("}\n"));
}
