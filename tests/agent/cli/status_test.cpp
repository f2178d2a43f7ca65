#include "agent/cli/exit_code.hpp"
#include "agent/cli/status_document.hpp"
#include "agent/cli/status_page.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

using namespace imc::cli;
using nlohmann::json;

namespace {

constexpr std::int64_t day = 86'400;

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

json folder(const std::string& path, const std::string& severity) {
    return {{"id", "fld_0123456789abcdef"},
            {"path", path},
            {"type", "normal"},
            {"state", "ok"},
            {"error", nullptr},
            {"images", 812U},
            {"image_bytes", 1'200'000'000'000U},
            {"free_bytes", 240'000'000'000U},
            {"total_bytes", 2'000'000'000'000U},
            {"severity", severity},
            {"last_good_scan", "2026-03-01T11:50:00Z"}};
}

json volume(const std::string& machine, const std::string& severity, std::int64_t age, const std::string& verdict) {
    return {{"id", "vol_0123456789abcdef"},
            {"customer", "Acme"},
            {"machine", machine},
            {"volume", "C_VOL"},
            {"severity", severity},
            {"age_seconds", age},
            {"grace_days", 3U},
            {"verdict", verdict},
            {"usage_bytes", 120'000'000'000U},
            {"retention_bytes", 1'000'000'000U},
            {"data_stale", false},
            {"vanished", nullptr}};
}

json finding(const std::string& code, const std::string& severity) {
    return {{"code", code},
            {"severity", severity},
            {"says", "C_VOL of SRV1 has lost something, so that much cannot be restored from it."},
            {"remedy", "Bring back the file that is missing."}};
}

json server(std::size_t well, std::size_t ill) {
    json document = {{"running", true},
                     {"health", ill > 0 ? "critical" : "ok"},
                     {"folders", json::array()},
                     {"volumes", json::array()},
                     {"findings", json::array()}};
    document["agent"] = {{"state", "running"},
                         {"host", "backup01"},
                         {"version", "0.1.0"},
                         {"uptime_seconds", 3 * day + 4 * 3600},
                         {"now", "2026-03-01T12:00:00Z"},
                         {"last_scan", {{"finished", "2026-03-01T11:58:00Z"}, {"folders_scanning", 0U}}},
                         {"listening", {"127.0.0.1:8443"}},
                         {"certificate", {{"sha256", "AB:CD:EF:01:23:45:67:89:AB:CD:EF:01"}}},
                         {"counts", {{"unmanaged_folders", 2U}}},
                         {"config", {{"problem", nullptr}}}};
    document["folders"].push_back(folder("/srv/backups/Acme/SRV1", "ok"));
    if (ill > 0) document["folders"].push_back(folder("/srv/backups/Globex/a/path/that/is/rather/long/for/one/line/SRV2", "critical"));
    for (std::size_t i = 0; i < well; ++i) document["volumes"].push_back(volume("WELL" + std::to_string(i), "ok", 3600, "certain"));
    for (std::size_t i = 0; i < ill; ++i) {
        document["volumes"].push_back(volume("ILL" + std::to_string(i), "critical", 9 * day, "broken"));
        document["findings"].push_back(finding("chain_broken", "critical"));
    }
    return document;
}

std::string page(const json& document, std::size_t width = 100, bool full = false) {
    PageOptions options;
    options.style.width = width;
    options.full = full;
    return status_page(document, options);
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("A page says what is wrong first, and what to do") {
    const auto text = page(server(3, 1));
    CHECK(has(text, "CRITICAL  backup01  imconnector 0.1.0, up 3 days 4 h, last scan 2 min ago\n"));
    CHECK(text.find("ILL0") < text.find("WELL0"));
    CHECK(text.find("/SRV2") < text.find("/srv/backups/Acme/SRV1"));
    CHECK(has(text, "chain_broken"));
    CHECK(has(text, "-> Bring back the file that is missing.\n"));
    CHECK(has(text, "2 folders hold images and are managed by nobody: imconnector unmanaged"));
    CHECK(has(text, "https://127.0.0.1:8443"));
    CHECK(has(text, "67:89:AB:CD:EF:01"));
}

TEST_CASE("No line of a page is wider than the terminal, and nothing in it moves the cursor") {
    json document = server(40, 20);
    document["volumes"][0]["machine"] = "a\x1B[31m\xE2\x80\xAE" + std::string(90, 'm');
    document["folders"][0]["state"] = "stale";
    document["folders"][0]["error"] = "access_denied";
    document["findings"][0]["says"] = "/" + std::string(300, 'p') + "\n\x07";
    for (const std::size_t width : {40U, 60U, 80U, 100U, 160U}) {
        for (const bool full : {false, true}) {
            for (const auto& line : lines_of(page(document, width, full))) {
                INFO(width << ": " << line);
                CHECK(columns(line) <= width);
                CHECK(visible(line) == line);
                CHECK((line.empty() || line.back() != ' '));
            }
        }
    }
}

TEST_CASE("Hundreds of volumes are cut to the worst, and the rest is counted") {
    CHECK(has(page(server(249, 0)), "and 234 more that are well"));
    CHECK(has(page(server(249, 3)), "and 237 more that are well"));
    CHECK(has(page(server(10, 20)), "and 15 more, 5 of them not well"));
    CHECK(has(page(server(0, 20)), "and 5 more that are not well"));
    CHECK(has(page(server(0, 20)), "and 15 more: imconnector findings"));
    const auto full = page(server(249, 20), 100, true);
    CHECK(has(full, "WELL248"));
    CHECK_FALSE(has(full, "more"));
}

TEST_CASE("A server without findings is told so in one word") {
    const auto text = page(server(3, 0));
    CHECK(has(text, "OK  backup01"));
    CHECK(has(text, "no findings; 1 folder, 3 volumes"));
    CHECK_FALSE(has(text, "\nFindings"));
}

TEST_CASE("Notes do not crowd out what matters") {
    json document = server(1, 0);
    document["findings"].push_back(finding("new_base", "info"));
    CHECK(has(page(document), "1 note"));
    CHECK_FALSE(has(page(document), "new_base"));
    CHECK(has(page(document, 100, true), "new_base"));
}

TEST_CASE("An agent that watches nothing does not look well") {
    json document = server(0, 0);
    document["folders"] = json::array();
    CHECK(has(page(document), "No folder is managed"));
}

TEST_CASE("Last known data never passes for the present") {
    json document = server(2, 0);
    document["running"] = false;
    document["agent"] = nullptr;
    document["health"] = "unknown";
    PageOptions options;
    options.now = 1'772'366'400;  // 2026-03-01T12:00:00Z
    const auto text = status_page(document, options);
    CHECK(has(text, "NOT RUNNING  last known data, of 10 min ago"));
    CHECK_FALSE(has(text, "OK  "));
    CHECK(status_exit_code(document) == exit_unknown);
}

TEST_CASE("A tunnel that is down is said with the step that fails, and none is nothing to say") {
    json document = server(1, 0);
    CHECK_FALSE(has(page(document), "unnel"));
    document["agent"]["tunnel"] = nullptr;
    CHECK_FALSE(has(page(document), "unnel"));
    json tunnel = {{"state", "connected"}, {"relay", "Globex relay"}, {"since", "2026-03-01T09:00:00Z"}, {"intercepted_by", nullptr}};
    document["agent"]["tunnel"] = tunnel;
    CHECK(has(page(document), "Tunnel to Globex relay for 3 h\n"));
    document["agent"]["tunnel"]["intercepted_by"] = "CN=Initech Web Guard";
    CHECK(has(page(document), "Tunnel to Globex relay for 3 h; the TLS is opened by CN=Initech Web Guard\n"));
    tunnel["state"] = "waiting";
    tunnel["step"] = "TCP";
    tunnel["problem"] = "connection refused";
    document["agent"]["tunnel"] = tunnel;
    CHECK(has(page(document), "NO TUNNEL to Globex relay for 3 h, TCP: connection refused;"));
    document["agent"]["tunnel"] = {{"state", "unusable"}, {"relay", nullptr}, {"problem", "shuttle.key is damaged"}};
    CHECK(has(page(document), "Tunnel: the enrolment cannot be used: shuttle.key is damaged"));
}

TEST_CASE("The exit code is that of a monitoring plugin") {
    CHECK(status_exit_code(server(1, 0)) == exit_ok);
    CHECK(status_exit_code(server(1, 1)) == exit_critical);
    json warning = server(1, 0);
    warning["health"] = "warning";
    CHECK(status_exit_code(warning) == exit_warning);
    json noted = server(1, 0);
    noted["health"] = "info";
    CHECK(status_exit_code(noted) == exit_ok);
    json starting = server(1, 1);
    starting["agent"]["state"] = "starting";
    CHECK(status_exit_code(starting) == exit_unknown);
    CHECK(has(page(starting), "STARTING"));
    CHECK(status_exit_code(json::object()) == exit_unknown);
}

TEST_CASE("Answers of another shape give an empty page, never a crash") {
    for (const char* text : {"{}", "[]", "null", "3", R"({"running":true,"agent":[],"folders":{},"volumes":[1,null,"x"],"findings":[{}]})",
                             R"({"running":true,"folders":[{"free_bytes":-1,"path":7}],"volumes":[{"age_seconds":"old"}]})"}) {
        CHECK_FALSE(page(json::parse(text)).empty());
    }
}
