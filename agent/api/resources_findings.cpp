// /v1/findings, /v1/catalogue and /v1/events.
#include "agent/api/aside.hpp"
#include "agent/api/collection.hpp"
#include "agent/api/resources.hpp"
#include "agent/api/response.hpp"
#include "agent/api/views.hpp"
#include "agent/monitor/catalogue.hpp"

#include <algorithm>

namespace imc::api {

using nlohmann::json;

namespace {

struct FindingFilter {
    std::vector<std::string> severities, domains, who, codes, customers, folders, volumes;
    std::optional<std::string> needle;

    explicit FindingFilter(Query& query)
        : severities(query.words("severity", {"critical", "warning", "info"})),
          domains(query.words(
              "domain", {"shadowprotect", "imagemanager", "storage", "network", "operating_system", "configuration", "agent", "shuttle"})),
          who(query.words("who", {"msp", "client", "vendor", "nobody"})),
          codes(query.texts("code")),
          customers(query.texts("customer")),
          folders(query.texts("folder_id")),
          volumes(query.texts("volume_id")),
          needle(needle_of(query)) {}

    [[nodiscard]] bool takes(const store::FindingRecord& finding, const Index& index) const {
        if (!any_of(severities, finding.severity) || !any_of(domains, finding.domain) || !any_of(who, finding.who) ||
            !any_of(codes, finding.code) || !any_of(folders, finding.folder_id) || !any_of(volumes, finding.volume_id)) {
            return false;
        }
        const auto* folder = index.folder(finding.folder_id);
        const std::string_view customer = folder ? std::string_view(folder->customer) : std::string_view();
        return any_of_folded(customers, customer) && occurs(needle, {finding.says, finding.remedy, finding.code, finding.evidence, customer,
                                                                     folder ? std::string_view(folder->machine) : std::string_view(),
                                                                     folder ? std::string_view(folder->path) : std::string_view()});
    }
};

SortKey finding_key(const store::FindingRecord& finding, const std::string& key) {
    if (key == "first_seen") return finding.first_seen;
    if (key == "last_seen") return finding.last_seen;
    if (key == "closed") return finding.closed;
    if (key == "code") return finding.code;
    constexpr std::int64_t above_all_times = std::int64_t{1} << 40;
    return rank_of(finding.severity) * above_all_times + finding.first_seen;
}

// One finding may have been open several times: its key alone is not unique among closed ones.
std::string finding_id(const store::FindingRecord& finding) {
    return finding.key + '\x1f' + std::to_string(finding.first_seen) + '\x1f' + std::to_string(finding.closed);
}

}  // namespace

boost::asio::awaitable<Response> list_findings(State& state, const Call& call) {
    Query query(call.request);
    const Paging paging = paging_of(query, {"severity", "first_seen", "last_seen", "closed", "code"});
    const FindingFilter filter(query);
    const auto wanted = query.words("state", {"open", "closed", "all"});
    if (wanted.size() > 1) query.refuse("state", "may be given only once.");
    if (auto problem = query.finish()) co_return std::move(*problem);
    const std::string which = wanted.empty() ? "open" : wanted.front();

    std::vector<store::FindingRecord> closed;
    if (which != "open") {
        auto answer = co_await state.backend().closed_findings();
        if (!answer) co_return refused(answer.error());
        closed = std::move(*answer);
    }
    call.index->complete();
    auto make = [closed = std::move(closed), index = call.index, filter, paging, which] {
        std::vector<const store::FindingRecord*> findings;
        std::vector<Row> rows;
        const auto consider = [&](const store::FindingRecord& finding) {
            if (!filter.takes(finding, *index)) return;
            rows.push_back({finding_key(finding, paging.sort.key), finding_id(finding), findings.size()});
            findings.push_back(&finding);
        };
        const auto& open = index->snapshot().findings;
        if (which != "closed") std::for_each(open.begin(), open.end(), consider);
        std::for_each(closed.begin(), closed.end(), consider);
        const Page page = page_of(std::move(rows), paging);
        json result = page_json(page);
        for (const auto at : page.elements) result["items"].push_back(finding_json(*findings[at]));
        return json_answer(result);
    };
    co_return co_await aside(state, std::move(make));
}

Response list_catalogue(State&, const Call& call) {
    if (auto problem = Query(call.request).finish()) return std::move(*problem);
    json items = json::array();
    for (const auto& entry : monitor::catalogue()) {
        items.push_back({{"code", entry.code},
                         {"severity", entry.severity},
                         {"domain", entry.domain},
                         {"who", entry.who},
                         {"self_heals", entry.self_heals},
                         {"title", entry.title},
                         {"cause", entry.cause},
                         {"consequence", entry.consequence},
                         {"remedy", entry.remedy}});
    }
    const auto total = items.size();
    return json_answer({{"items", std::move(items)}, {"next_cursor", nullptr}, {"total", total}});
}

Response follow_events(State& state, const Call& call) {
    if (auto problem = Query(call.request).finish()) return std::move(*problem);
    Response response;
    response.content_type = "text/event-stream";
    if (call.request.method == "HEAD") return response;
    response.feed = state.backend().events(call.request.last_event_id);
    if (!response.feed) return refused({503, "no-feed", "The agent offers no live feed now; read /v1/sync instead."});
    return response;
}

}  // namespace imc::api
