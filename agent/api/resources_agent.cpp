// The calls about the agent itself: /v1/health, /v1/agent, /metrics and /openapi.json.
#include "agent/api/metrics.hpp"
#include "agent/api/openapi_document.hpp"
#include "agent/api/resources.hpp"
#include "agent/api/response.hpp"
#include "agent/api/views.hpp"
#include "agent/api/views_records.hpp"
#include "agent/api/views_tunnel.hpp"
#include "agent/monitor/evaluate.hpp"
#include "agent/monitor/words.hpp"

#include <algorithm>

namespace imc::api {

using nlohmann::json;

namespace {

json certificate_json(const auth::CertificateFacts& certificate) {
    return {{"subject", certificate.subject},
            {"issuer", certificate.issuer},
            {"names", certificate.names},
            {"not_before", time_json(certificate.not_before)},
            {"not_after", time_json(certificate.not_after)},
            {"sha256", certificate.sha256},
            {"spki_sha256", certificate.spki_sha256},
            {"self_signed", certificate.self_signed}};
}

json watched_json(const Index& index, store::UnixTime now) {
    const auto& snapshot = index.snapshot();
    std::uint64_t images = 0, bytes = 0, stale_folders = 0, pending = 0, volumes = 0, stale_volumes = 0;
    for (const auto& folder : snapshot.folders) {
        images += folder.images;
        bytes += folder.image_bytes;
        stale_folders += folder.state == "stale" ? 1 : 0;
        pending += folder.state == "pending" ? 1 : 0;
    }
    json verdicts = {{"certain", 0}, {"presumed", 0}, {"doubtful", 0}, {"broken", 0}};
    for (const auto& volume : snapshot.volumes) {
        if (volume.vanished != 0) continue;
        ++volumes;
        stale_volumes += past_grace(volume, index.settings(volume.id), index.config(), now) ? 1 : 0;
        if (auto count = verdicts.find(volume.verdict); count != verdicts.end()) *count = count->get<std::uint64_t>() + 1;
    }
    return {{"folders", snapshot.folders.size()},
            {"folders_stale", stale_folders},
            {"folders_pending", pending},
            {"volumes", volumes},
            {"volumes_stale", stale_volumes},
            {"verdicts", std::move(verdicts)},
            {"images", images},
            {"image_bytes", bytes},
            {"unmanaged_folders", snapshot.unmanaged.folders.size()},
            {"findings", counts_json(index.all_counts())}};
}

std::string_view scope_word(Scope scope) {
    return scope == Scope::operate ? "operate" : "read";
}

}  // namespace

Response get_health(State&, const Call& call) {
    if (auto problem = Query(call.request).finish()) return std::move(*problem);
    return json_answer({{"status", "ok"}});
}

Response get_agent(State& state, const Call& call) {
    if (auto problem = Query(call.request).finish()) return std::move(*problem);
    const auto facts = state.backend().facts();
    const auto now = state.backend().now();
    const auto& config = call.index->config();
    const auto& snapshot = call.index->snapshot();
    return json_answer({{"product", config.brand.product},
                        {"support", word_json(config.brand.support)},
                        {"version", facts.version},
                        {"api_version", api_version},
                        {"host", facts.host},
                        {"os", facts.os},
                        {"state", facts.state},
                        {"health", monitor::health_of(snapshot.findings)},
                        {"started", time_json(facts.started)},
                        {"now", monitor::rfc3339(now)},
                        {"uptime_seconds", facts.started == 0 ? 0 : std::max<std::int64_t>(0, now - facts.started)},
                        {"config",
                         {{"file", word_json(facts.config_file)},
                          {"loaded", time_json(facts.config_loaded)},
                          {"problem", word_json(facts.config_problem)}}},
                        {"last_scan",
                         {{"started", time_json(facts.last_scan_started)},
                          {"finished", time_json(facts.last_scan_finished)},
                          {"seconds", facts.last_scan_seconds},
                          {"folders_scanning", facts.folders_scanning}}},
                        {"scans", facts.scans},
                        {"failed_scans", facts.failed_scans},
                        {"listening", facts.listening},
                        {"certificate", certificate_json(facts.certificate)},
                        {"imagemanager", imagemanager_json(facts.imagemanager)},
                        {"tunnel", tunnel_json(facts.tunnel)},
                        {"counts", watched_json(*call.index, now)},
                        {"caller", {{"id", word_json(call.request.principal.id)}, {"scope", scope_word(call.request.principal.scope)}}},
                        {"epoch", snapshot.epoch},
                        {"cursor", snapshot.cursor}});
}

Response get_metrics(State& state, const Call& call) {
    if (auto problem = Query(call.request).finish()) return std::move(*problem);
    auto& backend = state.backend();
    return text_answer(metrics_text(*call.index, backend.facts(), backend.counters(), backend.now()),
                       "text/plain; version=0.0.4; charset=utf-8");
}

const Response& State::openapi() {
    if (!openapi_) {
        constexpr std::string_view version_key = R"("version": "0.0.0")";
        std::string text(openapi_document());
        if (const auto at = text.find(version_key); at != std::string::npos) {
            text.replace(at, version_key.size(), "\"version\": " + text_of(backend_->facts().version));
        }
        openapi_ = text_answer(std::move(text), "application/json");
        openapi_->etag = body_tag(*openapi_);
        Request request;
        request.accepts_gzip = true;
        openapi_ = finished(request, std::move(*openapi_));
    }
    return *openapi_;
}

Response get_openapi(State& state, const Call& call) {
    if (auto problem = Query(call.request).finish()) return std::move(*problem);
    return state.openapi();
}

}  // namespace imc::api
