// Asks for everything there is and writes the answers down where IMC_RECORD says, for tests/e2e/validate_api.py to
// hold them against openapi.json.
#include "fixed_backend.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace imc;
using fixed::ask;
using nlohmann::json;

namespace {

class Recorder {
public:
    std::shared_ptr<fixed::Backend> backend = std::make_shared<fixed::Backend>();

    void call(const std::string& method, const std::string& target, const std::string& body = {}, const fixed::Caller& caller = {}) {
        const auto response = ask(handler_, method, target, body, caller);
        json headers = json::object();
        for (const auto& [name, value] : response.headers) headers[name] = value;
        if (!response.etag.empty()) headers["ETag"] = response.etag;
        answers_.push_back({{"method", method},
                            {"target", target},
                            {"status", response.status},
                            {"content_type", response.body || response.feed ? response.content_type : ""},
                            {"headers", headers},
                            {"body", response.body ? *response.body : ""}});
        last_tag_ = response.etag;
    }
    void get(const std::string& target) {
        call("GET", target);
        if (!last_tag_.empty()) call("GET", target, {}, {api::Scope::read, last_tag_, false, ""});
        call("GET", target + (target.find('?') == std::string::npos ? "?" : "&") + "no_such_parameter=1");
        call("GET", target, {}, {api::Scope::none, "", false, ""});
        call("PUT", target, "{}");
    }
    [[nodiscard]] const json& answers() const { return answers_; }

private:
    api::Handler handler_ = api::make_api(backend);
    json answers_ = json::array();
    std::string last_tag_;
};

}  // namespace

TEST_CASE("every resource answers, and the answers are written down for the validator") {
    Recorder recorder;
    for (const auto* target : {"/", "/page/main.js", "/page/style.css", "/page/icon.svg", "/page/about.json", "/page/nothing.js",
                               "/openapi.json", "/metrics", "/v1/health", "/v1/agent", "/v1/sync", "/v1/folders", "/v1/volumes",
                               "/v1/findings?state=all", "/v1/unmanaged-folders", "/v1/catalogue", "/v1/events", "/v1/volumes?limit=1"}) {
        recorder.get(target);
    }
    const auto connected = recorder.backend->agent.tunnel;
    for (const auto* state : {"", "connecting", "waiting", "unusable"}) {
        recorder.backend->agent.tunnel = {};
        recorder.backend->agent.tunnel.state = state;
        recorder.backend->agent.tunnel.problem = "no answer";
        recorder.get("/v1/agent");
        recorder.get("/metrics");
    }
    recorder.backend->agent.tunnel = connected;
    const auto snapshot = recorder.backend->published;
    for (const auto& folder : snapshot->folders) {
        recorder.get("/v1/folders/" + folder.id);
        recorder.get("/v1/folders/" + folder.id + "/samples");
    }
    for (const auto& volume : snapshot->volumes) {
        const auto base = "/v1/volumes/" + volume.id;
        for (const auto* part : {"", "/images?limit=1000", "/points?limit=1000&restore_sets=true", "/points", "/chain", "/chain.svg",
                                 "/chain.dot", "/chain.svg?base=1&point=b001-i010&width=360&axis=time&blast_radius=true&theme=dark",
                                 "/chain.svg?width=1", "/chain.dot?point=b001-i999", "/chain.dot?point=x", "/points/b001/restore-set",
                                 "/points/b001-i048/restore-set", "/points/b009/restore-set"}) {
            recorder.get(base + part);
        }
        for (const auto* body :
             {R"({"lose":["C_VOL-b001-i024-cd.spi"]})", R"({"lose":["C_VOL-b001.spf","C_VOL-b001-i020.spi"],"base":1})",
              R"({"retention":{}})", R"({"retention":{"daily_days":1,"weekly_days":null},"when":"2027-06-01T00:00:00Z"})",
              R"({"within_bytes":0})", R"({"within_bytes":9000000000000})", R"({"lose":["no such file"]})", R"({"lose":[]})", "{}",
              R"({"retention":{"daily_days":0}})", R"({"retention":{"days":1}})", R"({"within_bytes":1,"when":"2027-06-01T00:00:00Z"})",
              R"({"lose":["x"],"within_bytes":1})", R"({"within_bytes":1,"base":9})", "x"}) {
            recorder.call("POST", base + "/simulate", body);
            recorder.call("POST", base + "/simulate", body, {api::Scope::read, "", false, "application/json"});
        }
        recorder.call("POST", base + "/simulate", "{}", {api::Scope::none, "", false, "application/json"});
    }
    for (const auto* target : {"/v1/folders/x", "/v1/volumes/x", "/v1/volumes/x/chain", "/v1/nothing"}) recorder.get(target);
    recorder.call("POST", "/v1/folders", R"({"path":"/srv/new","type":"backup_store"})");
    recorder.call("POST", "/v1/folders", R"({"path":"/srv/new"})");
    recorder.call("POST", "/v1/folders", "{}");
    recorder.call("POST", "/v1/folders", "x", {api::Scope::operate, "", false, "text/plain"});
    recorder.call("POST", "/v1/folders", "{}", {api::Scope::read, "", false, "application/json"});
    recorder.call("DELETE", "/v1/folders/" + store::folder_id("/srv/new"));
    recorder.call("DELETE", "/v1/folders/" + store::folder_id("/srv/Acme/SRV1"));
    recorder.call("PATCH", "/v1/volumes/" + snapshot->volumes[1].id, R"({"grace_days":5,"expected_retention":{"a":1},"notes":"x"})");
    recorder.call("PATCH", "/v1/volumes/" + snapshot->volumes[1].id, R"({"grace_days":"x"})");
    for (const auto* target : {"/v1/reports", "/v1/reports/2026-11-21", "/v1/reports/2026-02-30", "/v1/logs", "/v1/logs?kind=folder",
                               "/v1/logs/log_0123456789abcdef", "/v1/logs/log_0123456789abcdef?last=true", "/v1/logs/x", "/v1/verify"}) {
        recorder.get(target);
    }
    recorder.call("GET", "/v1/logs/log_0123456789abcdef?cursor=x");
    recorder.call("DELETE", "/v1/verify");
    recorder.call("POST", "/v1/verify", R"({"volume_id":"vol_ffffffffffffffff"})");
    recorder.call("POST", "/v1/verify", R"({"volume_id":")" + snapshot->volumes[0].id + R"("})");
    recorder.call("POST", "/v1/verify");
    recorder.get("/v1/verify");
    recorder.call("DELETE", "/v1/verify");
    recorder.call("POST", "/v1/rescan");
    recorder.call("POST", "/v1/rescan", R"({"folder_id":"fld_none"})");
    recorder.backend->publish(recorder.backend->copy());
    recorder.backend->removed.tombstones = {{"folder", "fld_1", 11}};
    recorder.get("/v1/sync?since=e1.10");
    recorder.backend->unavailable = true;
    recorder.call("GET", "/v1/volumes/" + snapshot->volumes[2].id + "/chain");

    for (const auto& answer : recorder.answers()) CHECK(answer["status"].get<int>() != 500);
    if (const char* path = std::getenv("IMC_RECORD")) {
        std::ofstream file(path, std::ios::binary);
        file << recorder.answers().dump(1) << '\n';
        REQUIRE(file.good());
    }
}
