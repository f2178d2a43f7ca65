#include "agent/api/simulation.hpp"

#include "tests/support/chain_notation.hpp"

#include <catch2/catch.hpp>

using imc::api::Question;
using nlohmann::json;

namespace {

struct Asked {
    explicit Asked(const std::string& words) : chain(notation::chain(words)) {}

    [[nodiscard]] imc::api::Answer<json> ask(const Question& question) const {
        const imc::api::Simulated subject{chain.report.volumes.at(0), chain.entries, chain.report.memory, chain.rules.calendar, chain.now};
        return imc::api::simulate(subject, question);
    }
    [[nodiscard]] json lose(const std::vector<std::string>& names) const {
        Question question;
        question.lose = names;
        return told(question);
    }
    [[nodiscard]] json told(const Question& question) const {
        auto answer = ask(question);
        REQUIRE(answer.has_value());
        return std::move(*answer);
    }

    notation::Chain chain;
};

std::vector<std::string> names(const json& files) {
    std::vector<std::string> all;
    for (const auto& file : files) all.push_back(file["name"].get<std::string>());
    return all;
}

}  // namespace

TEST_CASE("a loss is told with the points that would be lost and what would lie there for nothing") {
    const Asked asked("b1 i1..i9");
    const auto answer = asked.lose({"C_VOL-b001-i004.spi"});
    CHECK(answer["question"] == "lose");
    CHECK(answer["points_lost"] == 6);
    CHECK(answer["points"].size() == 6);
    CHECK(answer["points"][0]["point"] == "b001-i004");
    CHECK(answer["points"][0]["before"] == "certain");
    CHECK(answer["points"][0]["after"] == "broken");
    CHECK(answer["newest_before"] == "b001-i009");
    CHECK(answer["newest_after"] == "b001-i003");
    CHECK(answer["stranded"].size() == 5);
    CHECK(answer["points_left"] == json({{"total", 10}, {"certain", 4}, {"presumed", 0}, {"doubtful", 0}, {"broken", 6}}));
    CHECK(answer["files_bytes"] == 1'000);
    CHECK(answer["bytes_before"].get<int>() - answer["bytes_after"].get<int>() == 1'000);
    CHECK(answer["mend"]["count"] == 1);
    CHECK(names(answer["mend"]["files"]) == std::vector<std::string>{"C_VOL-b001-i004.spi"});
    for (const auto* key : {"retention", "when", "fates", "expiry", "fits"}) CHECK(answer[key].is_null());
}

TEST_CASE("what would have to come back is the least of what would be lost, consolidations included") {
    const Asked asked("day=8 b1 cd@8 cd@16 cd@24 i25..i30");
    const auto answer = asked.lose({"C_VOL-b001-i016-cd.spi", "C_VOL-b001-i024-cd.spi", "C_VOL-b001-i026.spi"});
    CHECK(answer["mend"]["point"] == "b001-i030");
    CHECK(answer["mend"]["count"] == 3);
    const auto files = names(answer["mend"]["files"]);
    CHECK(std::count(files.begin(), files.end(), "C_VOL-b001-i016-cd.spi") == 1);
    CHECK(std::count(files.begin(), files.end(), "C_VOL-b001-i026.spi") == 1);
    const auto spare = asked.lose({"C_VOL-b001-i030.spi", "C_VOL-b001-i030.spi"});
    CHECK(spare["files"].size() == 1);
    CHECK(spare["points_lost"] == 1);
}

TEST_CASE("a loss that costs nothing says so") {
    const Asked asked("b1 i1..i4 cd@4 day=4");
    const auto answer = asked.lose({"C_VOL-b001-i004-cd.spi"});
    CHECK(answer["points_lost"] == 0);
    CHECK(answer["mend"].is_null());
    CHECK(answer["says"].dump().find("still could be") != std::string::npos);
}

TEST_CASE("a policy is applied to the files that are there, and every one that would stay has a reason") {
    const Asked asked("day=2 b1 i1..i40 cd@2 cd@4 cd@6 cd@8 cd@10 cd@12 cd@14 cd@16 cd@18 cd@20 cd@22 cd@24");
    Question question;
    question.retention = spchain::Retention{1, 0, 0, 0};
    const auto answer = asked.told(question);
    CHECK(answer["retention"] ==
          json({{"intra_daily_days", 1}, {"daily_days", nullptr}, {"weekly_days", nullptr}, {"monthly_months", nullptr}}));
    CHECK(answer["fates"].size() == asked.chain.only().images.size());
    CHECK(answer["expiry"].size() == asked.chain.only().points.size());
    std::size_t going = 0;
    for (const auto& fate : answer["fates"]) {
        going += fate["would_go"].get<bool>() ? 1 : 0;
        CHECK(fate["would_go"].get<bool>() == fate["reasons"].empty());
    }
    CHECK(going > 0);
    CHECK(going == answer["files"].size());
    CHECK(answer["newest_after"] == answer["newest_before"]);
}

TEST_CASE("a limit is kept or said not to be") {
    const Asked asked("b1 i1..i20 cd@10 cd@20 day=10");
    Question question;
    question.within = 0;
    CHECK(asked.told(question)["fits"] == false);
    question.within = 1'012'000;
    const auto answer = asked.told(question);
    CHECK(answer["fits"] == true);
    CHECK(answer["bytes_after"].get<std::uint64_t>() <= 1'012'000);
    question.within = 1'000'000'000;
    CHECK(asked.told(question)["files"].empty());
}

TEST_CASE("what is not there is refused") {
    const Asked asked("b1 i1..i4");
    Question question;
    question.lose = {"C_VOL-b001-i009.spi"};
    CHECK(asked.ask(question).error().status == 400);
    CHECK(asked.ask(question).error().detail.find("C_VOL-b001-i009.spi") != std::string::npos);
    question.base = 7;
    CHECK(asked.ask(question).error().status == 404);
}

TEST_CASE("no sentence sounds as if anything had been done") {
    const Asked asked("day=8 b1 cd@8 cd@16 cd@24 i25..i30");
    Question policy, small, large;
    policy.retention = spchain::Retention{1, 1, 1, 1};
    small.within = 1;
    large.within = 1'000'000'000;
    for (const auto& answer : {asked.lose({"C_VOL-b001.spf"}), asked.lose({"C_VOL-b001-i016-cd.spi"}), asked.told(policy),
                               asked.told(small), asked.told(large)}) {
        REQUIRE_FALSE(answer["says"].empty());
        for (const auto& sentence : answer["says"]) {
            const auto text = sentence.get<std::string>();
            INFO(text);
            CHECK(text.ends_with("."));
            for (const auto* word : {"deleted", "removed", "was ", "were gone", " has "}) CHECK(text.find(word) == std::string::npos);
        }
    }
}
