// /v1/volumes/{id}/images, /points, /points/{p}/restore-set and /chain: from an analysis made for the call.
#include "agent/api/aside.hpp"
#include "agent/api/collection.hpp"
#include "agent/api/response.hpp"
#include "agent/api/views.hpp"
#include "agent/api/views_picture.hpp"
#include "agent/api/views_records.hpp"
#include "agent/monitor/subject.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

namespace imc::api {

using boost::asio::awaitable;
using nlohmann::json;

namespace {

constexpr std::size_t most_names = 50'000;  // of restore sets in one answer

// Ascending by chain and point; digits are padded so that texts sort as numbers do.
std::string place_key(std::uint32_t base, spchain::Point point, unsigned kind) {
    char text[48];
    const int length = std::snprintf(text, sizeof text, "%010u.%010u.%010u.%u", base, point.differential, point.incremental, kind);
    return {text, static_cast<std::size_t>(length)};
}

// Of the file as it is now. Damage is believed of a file of another time, too: repair comes with another size, or is checked.
const store::CheckRecord* check_of(const VolumeAnalysis& analysis, const spchain::Entry& entry) {
    const auto& checks = analysis.checks;
    const auto at = std::lower_bound(checks.begin(), checks.end(), entry.name,
                                     [](const store::CheckRecord& check, const std::string& name) { return check.name < name; });
    if (at == checks.end() || at->name != entry.name || at->bytes != entry.bytes) return nullptr;
    return at->written == entry.written || at->result == store::CheckResult::mismatch ? &*at : nullptr;
}

struct ImagePlace {
    const spchain::Chain* chain;
    const spchain::Image* image;
};
// By name without case, of the folder that the volume lies in.
std::map<std::string, const imagemanager::ImageFile*> recorded_files(const VolumeAnalysis& analysis) {
    std::map<std::string, const imagemanager::ImageFile*> files;
    if (!analysis.recorded || !analysis.recorded->files) return files;
    for (const auto& file : *analysis.recorded->files) {
        if (file.name) files.emplace(monitor::folded(*file.name), &file);
    }
    return files;
}

struct PointPlace {
    const spchain::Chain* chain;
    const spchain::PointState* point;
};

}  // namespace

awaitable<Answer<std::shared_ptr<const VolumeAnalysis>>> analysed(State& state, const Call& call) {
    const Refusal absent{404, "not-found", "There is no such volume."};
    if (!call.index->volume(call.words[0])) co_return absent;
    auto answer = co_await state.backend().analysis(call.words[0]);
    if (answer && !*answer) co_return absent;
    co_return answer;
}

awaitable<Response> list_images(State& state, const Call& call) {
    Query query(call.request);
    const Paging paging = paging_of(query, {"head"});
    const auto bases = query.numbers("base");
    const auto kinds =
        query.words("kind", {"full", "differential", "incremental", "daily", "weekly", "monthly", "rolling", "consolidated"});
    const auto states = query.words("state", {"present", "settling", "orphan"});
    const auto needle = needle_of(query);
    if (auto problem = query.finish()) co_return std::move(*problem);
    auto answer = co_await analysed(state, call);
    if (!answer) co_return refused(answer.error());
    auto make = [all = std::move(*answer), paging, bases, kinds, states, needle] {
        const VolumeAnalysis& analysis = *all;
        std::vector<ImagePlace> places;
        std::vector<Row> rows;
        for (const auto& chain : analysis.volume.chains) {
            if (!any_of(bases, std::to_string(chain.base))) continue;
            for (const auto& image : chain.images) {
                const auto& name = analysis.entries[image.entry].name;
                if (!any_of(kinds, spchain::to_string(image.kind)) || !any_of(states, spchain::to_string(image.state))) continue;
                if (!occurs(needle, {name})) continue;
                rows.push_back({place_key(chain.base, image.head, static_cast<unsigned>(image.kind)), name, places.size()});
                places.push_back({&chain, &image});
            }
        }
        const Page page = page_of(std::move(rows), paging);
        json result = page_json(page);
        result["looked"] = time_json(analysis.looked);
        const auto recorded = recorded_files(analysis);
        for (const auto at : page.elements) {
            json item = image_json(*places[at].chain, *places[at].image, analysis.entries);
            item["base"] = places[at].chain->base;
            item["verification"] = check_json(check_of(analysis, analysis.entries[places[at].image->entry]));
            const auto row = recorded.find(monitor::folded(analysis.entries[places[at].image->entry].name));
            item["records"] = image_records_json(row == recorded.end() ? nullptr : row->second);
            result["items"].push_back(std::move(item));
        }
        return json_answer(result);
    };
    co_return co_await aside(state, std::move(make));
}

awaitable<Response> list_points(State& state, const Call& call) {
    Query query(call.request);
    const Paging paging = paging_of(query, {"point"});
    const auto bases = query.numbers("base");
    const auto verdicts = query.words("verdict", {"certain", "presumed", "doubtful", "broken"});
    const bool with_sets = query.flag("restore_sets").value_or(false);
    if (auto problem = query.finish()) co_return std::move(*problem);
    auto answer = co_await analysed(state, call);
    if (!answer) co_return refused(answer.error());
    auto make = [all = std::move(*answer), paging, bases, verdicts, with_sets] {
        const VolumeAnalysis& analysis = *all;
        std::vector<PointPlace> places;
        std::vector<Row> rows;
        for (const auto& chain : analysis.volume.chains) {
            if (!any_of(bases, std::to_string(chain.base))) continue;
            for (const auto& point : chain.points) {
                if (!any_of(verdicts, spchain::to_string(point.verdict))) continue;
                rows.push_back({place_key(chain.base, point.point, 0), "", places.size()});
                places.push_back({&chain, &point});
            }
        }
        const Page page = page_of(std::move(rows), paging);
        json result = page_json(page);
        result["looked"] = time_json(analysis.looked);
        std::size_t left = most_names;
        for (const auto at : page.elements) {
            const auto& [chain, point] = places[at];
            json item = point_json(*chain, *point);
            item["base"] = chain->base;
            if (with_sets) {
                const bool fits = point->restore_files <= left;
                if (fits) left -= point->restore_files;
                item["restore_set"] = fits ? restore_set_json(*chain, point->point, analysis.entries) : json();
            }
            result["items"].push_back(std::move(item));
        }
        return json_answer(result);
    };
    co_return co_await aside(state, std::move(make));
}

awaitable<Response> get_restore_set(State& state, const Call& call) {
    if (auto problem = Query(call.request).finish()) co_return std::move(*problem);
    const auto wanted = spchain::parse_point(call.words[1]);
    if (!wanted) co_return not_found("There is no such point; points are written b001, b001-i012 or b001-d002-i003.");
    const auto answer = co_await analysed(state, call);
    if (!answer) co_return refused(answer.error());
    const VolumeAnalysis& analysis = **answer;
    for (const auto& chain : analysis.volume.chains) {
        const auto* point = chain.base == wanted->first ? chain.find(wanted->second) : nullptr;
        if (!point) continue;
        json files = json::array();
        for (const auto at : chain.restore_set(point->point)) {
            const auto& image = chain.images[at];
            files.push_back({{"name", analysis.entries[image.entry].name}, {"bytes", image.bytes}, {"written", time_json(image.written)}});
        }
        co_return json_answer({{"point", spchain::to_string(chain.base, point->point)},
                               {"verdict", spchain::to_string(point->verdict)},
                               {"written", time_json(point->written)},
                               {"files", std::move(files)},
                               {"bytes", point->restore_bytes},
                               {"looked", time_json(analysis.looked)}});
    }
    co_return not_found("There is no such point in this volume.");
}

awaitable<Response> get_chain(State& state, const Call& call) {
    Query query(call.request);
    const bool with_sets = query.flag("restore_sets").value_or(true);
    if (auto problem = query.finish()) co_return std::move(*problem);
    auto answer = co_await analysed(state, call);
    if (!answer) co_return refused(answer.error());
    std::vector<store::FindingRecord> findings;
    for (const auto* finding : call.index->volume_findings(*call.index->volume(call.words[0]))) findings.push_back(*finding);
    auto make = [analysis = std::move(*answer), findings = std::move(findings), with_sets] {
        return json_answer(pictured_volume_json(analysis->volume, analysis->entries, analysis->memory, findings, {with_sets, most_names}));
    };
    co_return co_await aside(state, std::move(make));
}

}  // namespace imc::api
