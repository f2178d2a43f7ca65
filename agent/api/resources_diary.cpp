// /v1/reports, /v1/reports/{date}, /v1/logs and /v1/logs/{id}.
#include "agent/api/collection.hpp"
#include "agent/api/resources.hpp"
#include "agent/api/response.hpp"
#include "agent/api/views.hpp"
#include "agent/api/views_diary.hpp"

#include <algorithm>
#include <charconv>

namespace imc::api {

using boost::asio::awaitable;
using nlohmann::json;

awaitable<Response> list_reports(State& state, const Call& call) {
    Query query(call.request);
    const Paging paging = paging_of(query, {"age", "date"});
    if (auto problem = query.finish()) co_return std::move(*problem);
    const auto days = co_await state.backend().report_days();
    if (!days) co_return refused(days.error());
    const std::span<const store::ActivityCount> all(*days);
    std::vector<std::span<const store::ActivityCount>> parts;
    std::vector<Row> rows;
    for (std::size_t begin = 0; begin < all.size();) {
        std::size_t end = begin;
        while (end < all.size() && all[end].day == all[begin].day) ++end;
        // The newest day comes first, unless asked for otherwise.
        const std::int64_t day = all[begin].day;
        rows.push_back({paging.sort.key == "age" ? -day : day, "", parts.size()});
        parts.push_back(all.subspan(begin, end - begin));
        begin = end;
    }
    const Page page = page_of(std::move(rows), paging);
    json result = page_json(page);
    for (const auto at : page.elements) {
        json item = activity_json(parts[at]);
        item["date"] = date_text(parts[at].front().day);
        result["items"].push_back(std::move(item));
    }
    co_return json_answer(result);
}

awaitable<Response> get_report(State& state, const Call& call) {
    if (auto problem = Query(call.request).finish()) co_return std::move(*problem);
    const auto day = parse_date(call.words[0]);
    if (!day) co_return not_found("There is no such day. A date is written 2026-11-21.");
    const auto report = co_await state.backend().report(*day);
    if (!report) co_return refused(report.error());
    co_return json_answer(report_json(*report, *call.index));
}

Response list_logs(State& state, const Call& call) {
    Query query(call.request);
    const Paging paging = paging_of(query, {"name", "written", "bytes"});
    const auto kinds = query.words("kind", {"service", "folder", "other"});
    const auto folders = query.texts("folder_id");
    if (auto problem = query.finish()) return std::move(*problem);
    const auto& logs = state.backend().logs();
    std::vector<Row> rows;
    for (std::size_t at = 0; at < logs.size(); ++at) {
        if (!any_of(kinds, logs[at].kind) || !any_of(folders, logs[at].folder_id)) continue;
        const SortKey key = paging.sort.key == "written" ? SortKey(logs[at].written)
                            : paging.sort.key == "bytes" ? SortKey(static_cast<std::int64_t>(logs[at].bytes))
                                                         : SortKey(logs[at].name);
        rows.push_back({key, logs[at].id, at});
    }
    const Page page = page_of(std::move(rows), paging);
    json result = page_json(page);
    for (const auto at : page.elements) result["items"].push_back(log_json(logs[at]));
    return json_answer(result);
}

awaitable<Response> get_log(State& state, const Call& call) {
    Query query(call.request);
    const auto limit = query.limit();
    const auto last = query.flag("last").value_or(false);
    constexpr std::size_t longest_cursor = 20;
    const auto cursor = query.single("cursor", longest_cursor);
    std::uint64_t offset = 0;
    if (cursor) {
        const auto [end, error] = std::from_chars(cursor->data(), cursor->data() + cursor->size(), offset);
        if (error != std::errc() || end != cursor->data() + cursor->size())
            query.refuse("cursor", "hand back next_cursor of the page before.");
    }
    if (cursor && last) query.refuse("last", "cannot be had together with cursor.");
    if (auto problem = query.finish()) co_return std::move(*problem);
    const auto& logs = state.backend().logs();
    const auto found = std::find_if(logs.begin(), logs.end(), [&](const LogFile& log) { return log.id == call.words[0]; });
    if (found == logs.end()) co_return not_found("There is no such log.");
    const LogFile log = *found;
    const auto page = co_await state.backend().log_page(log, offset, last, limit);
    if (!page) co_return refused(page.error());
    co_return json_answer(log_page_json(log, *page));
}

}  // namespace imc::api
