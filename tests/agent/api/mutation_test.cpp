// Thousands of requests that nobody should send: every one gets an answer that is described, none does harm.
#include "agent/api/target.hpp"
#include "fixed_backend.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

using namespace imc;
using fixed::ask;

namespace {

std::string mutated(std::string text, std::mt19937& random) {
    static const std::string pieces[] = {"\"",      "{",
                                         "}",       "[",
                                         "]",       ":",
                                         ",",       "null",
                                         "-1",      "1e999",
                                         "\\u0000", "\\ud800",
                                         "\xff",    "&limit=0",
                                         "%00",     "%2e%2e",
                                         "/",       "?",
                                         "&",       "=",
                                         "%",       "9999999999999999999999",
                                         "true",    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    const auto at = [&] { return text.empty() ? 0 : std::uniform_int_distribution<std::size_t>(0, text.size() - 1)(random); };
    for (int change = std::uniform_int_distribution<int>(1, 4)(random); change > 0; --change) {
        switch (std::uniform_int_distribution<int>(0, 3)(random)) {
            case 0:
                text.insert(at(), pieces[std::uniform_int_distribution<std::size_t>(0, std::size(pieces) - 1)(random)]);
                break;
            case 1:
                text.erase(at(), std::uniform_int_distribution<std::size_t>(1, 5)(random));
                break;
            case 2:
                if (!text.empty()) text[at()] = static_cast<char>(std::uniform_int_distribution<int>(0, 255)(random));
                break;
            default:
                text += text.substr(at());
        }
        text.resize(std::min<std::size_t>(text.size(), 4'000));
    }
    return text;
}

}  // namespace

TEST_CASE("mutated targets get an answer that is described") {
    const auto backend = std::make_shared<fixed::Backend>();
    const auto handler = api::make_api(backend);
    const auto id = backend->published->volumes[0].id;
    const auto cursor = nlohmann::json::parse(*ask(handler, "GET", "/v1/volumes?limit=1").body)["next_cursor"].get<std::string>();
    const std::vector<std::string> seeds = {"/v1/volumes?limit=5&sort=-age&customer=Acme&stale=true&q=c_vol",
                                            "/v1/volumes?limit=1&cursor=" + cursor,
                                            "/v1/volumes/" + id + "/points?base=1&restore_sets=true",
                                            "/v1/sync?since=e1.10.0123456789abcdef",
                                            "/v1/volumes/" + id + "/points/b001-i012/restore-set",
                                            "/v1/findings?state=all&severity=critical",
                                            "/v1/folders/" + store::folder_id("/srv/Acme/SRV1") + "/samples"};
    const std::set<unsigned> described = {200, 400, 404, 405};
    std::mt19937 random(7);
    std::size_t asked = 0;
    for (int i = 0; i < 6'000; ++i) {
        const auto target = mutated(seeds[static_cast<std::size_t>(i) % seeds.size()], random);
        if (!api::parse_target(target)) continue;  // the server refuses it
        ++asked;
        const auto response = ask(handler, "GET", target);
        if (!described.contains(response.status)) FAIL(response.status << " for " << target);
    }
    CHECK(asked > 1'000);
}

TEST_CASE("mutated bodies change nothing unless they are right") {
    const auto backend = std::make_shared<fixed::Backend>();
    const auto handler = api::make_api(backend);
    const auto id = backend->published->volumes[0].id;
    const std::vector<std::array<std::string, 3>> seeds = {
        {"POST", "/v1/folders", R"({"path":"/srv/new","type":"backup_store","customer":"Acme","machine":"SRV9"})"},
        {"PATCH", "/v1/volumes/" + id, R"({"grace_days":5,"expected_retention":{"daily":[1,2,{"x":null}]},"notes":"text"})"},
        {"POST", "/v1/rescan", R"({"folder_id":")" + store::folder_id("/srv/Acme/SRV1") + "\"}"}};
    const std::set<unsigned> described = {200, 201, 202, 400, 404, 409};
    std::mt19937 random(11);
    for (int i = 0; i < 6'000; ++i) {
        const auto& seed = seeds[static_cast<std::size_t>(i) % seeds.size()];
        const auto response = ask(handler, seed[0], seed[1], mutated(seed[2], random));
        if (!described.contains(response.status)) FAIL(response.status << " for " << seed[1]);
        if (response.status == 400) CHECK(nlohmann::json::parse(*response.body)["detail"].get<std::string>().size() > 5);
    }
    for (const auto& [volume, settings] : backend->published->settings) {
        if (settings.grace_days) CHECK((*settings.grace_days >= 0 && *settings.grace_days <= 3650));
    }
}
