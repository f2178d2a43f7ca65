// A volume as the API gives it: images, points, restore sets and the chain.
#include "agent/api/views_chain.hpp"
#include "fixed_server.hpp"

using namespace imc;
using fixed::ask;
using fixed::column;
using fixed::header;
using fixed::Server;

TEST_CASE("images and points of a volume come in the order of the chain") {
    const Server server;
    const auto base = "/v1/volumes/" + server.volume_id("DC01", "C_VOL");
    const auto points = server.get(base + "/points?limit=1000");
    CHECK(points["items"][0]["point"] == "b001");
    CHECK(points["items"][10]["point"] == "b001-i010");
    CHECK_FALSE(points["items"][0].contains("restore_set"));
    const auto broken = server.get(base + "/points?verdict=broken&limit=1000&restore_sets=true");
    CHECK(broken["total"] > 0);
    for (const auto& point : broken["items"]) {
        CHECK(point["restore_set"].empty());
        CHECK(point["restore_set_bytes"] == 0);
    }
    CHECK(server.get(base + "/points?base=2")["total"] == 0);
    const auto daily = server.get(base + "/images?kind=daily");
    CHECK(column(daily, "name") == std::vector<std::string>{"C_VOL-b001-i024-cd.spi", "C_VOL-b001-i048-cd.spi", "C_VOL-b001-i096-cd.spi"});
    CHECK(server.get(base + "/images?limit=1")["items"][0]["tail"].is_null());
    CHECK(column(server.get(base + "/images?sort=-head&limit=1"), "head") == std::vector<std::string>{"b001-i096"});
    CHECK(server.get(base + "/images?base=x", 400)["detail"].get<std::string>().find("base") == 0);
}

TEST_CASE("a restore set names every file once, base first") {
    const Server server;
    const auto base = "/v1/volumes/" + server.volume_id("SRV1", "C_VOL") + "/points/";
    const auto set = server.get(base + "b001-i030/restore-set");
    std::vector<std::string> names;
    for (const auto& file : set["files"]) names.push_back(file["name"].get<std::string>());
    REQUIRE(names.size() == 31);  // raw increments are certain, which counts before size
    CHECK(names[0] == "C_VOL-b001.spf");
    CHECK(names[1] == "C_VOL-b001-i001.spi");
    CHECK(names.back() == "C_VOL-b001-i030.spi");
    CHECK(server.get(base + "B1-I30/restore-set")["point"] == "b001-i030");
    server.get(base + "b001-i999/restore-set", 404);
    server.get(base + "nonsense/restore-set", 404);
    server.get("/v1/volumes/vol_0000000000000000/points/b001/restore-set", 404);
}

TEST_CASE("a chain has the shape of a scan, and long lists of names give way to null") {
    const Server server;
    const auto chain = server.get("/v1/volumes/" + server.volume_id("SRV1", "C_VOL") + "/chain");
    CHECK(chain["volume"] == "C_VOL");
    const auto& points = chain["chains"][0]["points"];
    CHECK(points.back()["restore_set"].size() == points.back()["restore_set_files"].get<std::size_t>());
    CHECK_FALSE(
        server.get("/v1/volumes/" + server.volume_id("SRV1", "C_VOL") + "/chain?restore_sets=false")["chains"][0]["points"][0].contains(
            "restore_set"));

    const auto entries = fixed::hourly("C_VOL", 2, fixed::today);
    spchain::FolderInput input;
    input.entries = entries;
    input.now = fixed::today + 3'600;
    const auto report = spchain::analyse(input);
    const auto short_lists = api::volume_json(report.volumes[0], entries, {}, {true, 60})["chains"][0]["points"];
    CHECK(short_lists.front()["restore_set"].is_null());
    CHECK_FALSE(short_lists.back()["restore_set"].is_null());
    const auto scan = api::scan_json({"/srv/x", fixed::today, 5, {}}, report, entries);
    CHECK(scan["folder"] == "/srv/x");
    CHECK(scan["incrementals_bytes"] == 5);
    CHECK(scan["companions"] == report.companions);
    CHECK(scan["volumes"][0]["chains"][0]["newest_point"] == "b001-i048");
}

TEST_CASE("an analysis that takes too long is told as such") {
    const Server server;
    server.backend->unavailable = true;
    const auto response = ask(server.handler, "GET", "/v1/volumes/" + server.volume_id("SRV1", "C_VOL") + "/chain");
    CHECK(response.status == 503);
    CHECK_FALSE(header(response, "Retry-After").empty());
    server.backend->unavailable = false;
    CHECK(ask(server.handler, "GET", "/v1/volumes/" + server.volume_id("SRV1", "C_VOL") + "/chain").status == 200);
}
