// /v1/volumes/{id}/chain.svg, /chain.dot and /simulate: pictures and answers from an analysis made for the call.
#include "agent/api/aside.hpp"
#include "agent/api/body.hpp"
#include "agent/api/response.hpp"
#include "agent/api/simulation.hpp"
#include "agent/monitor/words.hpp"
#include "agent/picture/dot.hpp"
#include "agent/picture/svg.hpp"

#include <algorithm>
#include <charconv>

namespace imc::api {

using boost::asio::awaitable;
using nlohmann::json;

namespace {

constexpr std::size_t most_lost = 100'000;  // names in one question
constexpr std::size_t longest_image_name = 1'024;
constexpr std::int64_t most_days = 36'500;
constexpr std::int64_t most_months = 1'200;

// What both pictures are asked for, read and checked.
struct Wanted {
    std::uint32_t base = 0;
    std::optional<std::pair<std::uint32_t, spchain::Point>> point;
};

std::optional<std::int64_t> number_of(Query& query, std::string_view name, std::int64_t low, std::int64_t high) {
    const auto text = query.single(name, 20);
    if (!text) return std::nullopt;
    std::int64_t value = 0;
    const auto read = std::from_chars(text->data(), text->data() + text->size(), value);
    if (read.ec == std::errc() && read.ptr == text->data() + text->size() && value >= low && value <= high) return value;
    query.refuse(name, "an integer from " + std::to_string(low) + " to " + std::to_string(high) + " is expected.");
    return std::nullopt;
}

std::string word_of(Query& query, std::string_view name, Words allowed) {
    const auto words = query.words(name, allowed);
    if (words.size() > 1) query.refuse(name, "may be given only once.");
    return words.empty() ? std::string(*allowed.begin()) : words.front();
}

Wanted wanted_of(Query& query) {
    Wanted wanted;
    wanted.base = static_cast<std::uint32_t>(number_of(query, "base", 1, spchain::largest_number).value_or(0));
    if (const auto text = query.single("point", 64)) {
        wanted.point = spchain::parse_point(*text);
        if (!wanted.point) query.refuse("point", "a point such as b001, b001-i012 or b001-d002-i003 is expected.");
    }
    if (wanted.point && wanted.base != 0 && wanted.base != wanted.point->first) query.refuse("point", "it is of another base.");
    return wanted;
}

// A chain with everything that a printer refers to.
struct Drawn {
    std::shared_ptr<const VolumeAnalysis> analysis;
    const spchain::Chain* chain = nullptr;
    std::int32_t chosen = -1;
    std::vector<picture::Missing> missing;
    picture::Geometry geometry;

    [[nodiscard]] picture::View view() const {
        picture::View view{*chain, geometry, missing, analysis->entries, analysis->volume.name, chosen, {}};
        if (chosen >= 0) view.set = chain->restore_set(chain->points[static_cast<std::size_t>(chosen)].point);
        return view;
    }
};

Answer<Drawn> drawn(std::shared_ptr<const VolumeAnalysis> analysis, const Wanted& wanted) {
    Drawn result;
    result.chain = chosen_chain(analysis->volume, wanted.point ? wanted.point->first : wanted.base);
    if (result.chain == nullptr) return Refusal{404, "not-found", "There is no such chain in this volume."};
    result.chosen = result.chain->newest;
    if (wanted.point) {
        const auto* point = result.chain->find(wanted.point->second);
        if (point == nullptr) return Refusal{404, "not-found", "There is no such point in this volume."};
        result.chosen = static_cast<std::int32_t>(point - result.chain->points.data());
    }
    result.missing = picture::missing_of(analysis->volume, *result.chain, analysis->memory);
    result.geometry = picture::geometry_of(*result.chain, result.missing);
    result.analysis = std::move(analysis);
    return result;
}

// What a policy leaves out is as it is expected of the folder.
spchain::Retention expected_of(const Call& call, const VolumeAnalysis& analysis) {
    spchain::Retention retention = analysis.rules.retention;
    const auto* folder = call.index->folder(analysis.record.folder_id);
    const json known = folder ? json::parse(folder->retention, nullptr, false) : json();
    if (!known.is_object() || !known.contains("expected")) return retention;
    const auto take = [&expected = known["expected"]](const char* key, std::int32_t& length) {
        if (expected.is_object() && expected.contains(key))
            length = expected[key].is_number_integer() ? expected[key].get<std::int32_t>() : 0;
    };
    take("intra_daily_days", retention.intra_daily);
    take("daily_days", retention.daily);
    take("weekly_days", retention.weekly);
    take("monthly_months", retention.monthly);
    return retention;
}

// The lengths that a question names; null is for ever. Each key is checked by the same reader as the body.
class PolicyReader {
public:
    PolicyReader(const json& object, Body& body) : object_(object), body_(body) {}

    void read(const char* key, std::int64_t most, std::int32_t& length) {
        known_.insert(key);
        const auto found = object_.find(key);
        if (found == object_.end()) return;
        const bool fits = found->is_number_integer() && *found >= 1 && *found <= most;
        if (!found->is_null() && !fits) {
            body_.refuse("retention", std::string(key) + " is an integer from 1 to " + std::to_string(most) + ", or null for ever.");
            return;
        }
        length = found->is_null() ? 0 : found->get<std::int32_t>();
    }

    void finish() {
        for (const auto& [key, value] : object_.items()) {
            if (!known_.contains(key)) body_.refuse("retention", "unknown key " + key.substr(0, 64) + ".");
        }
    }

private:
    const json& object_;
    Body& body_;
    std::set<std::string> known_;
};

Question question_of(Body& body, const spchain::Retention& expected) {
    Question question;
    question.base = static_cast<std::uint32_t>(body.integer("base", 1, spchain::largest_number).value_or(0));
    question.lose = body.texts("lose", most_lost, longest_image_name);
    if (body.has("lose") && !body.is_null("lose") && question.lose.empty()) body.refuse("lose", "at least one name is expected.");
    if (const auto within = body.integer("within_bytes", 0, INT64_MAX)) question.within = static_cast<std::uint64_t>(*within);
    if (const auto policy = body.object("retention")) {
        question.retention = expected;
        PolicyReader reader(*policy, body);
        reader.read("intra_daily_days", most_days, question.retention->intra_daily);
        reader.read("daily_days", most_days, question.retention->daily);
        reader.read("weekly_days", most_days, question.retention->weekly);
        reader.read("monthly_months", most_months, question.retention->monthly);
        reader.finish();
    }
    if (const auto text = body.text("when", 64)) {
        const auto when = monitor::parse_rfc3339(*text);
        if (!when) body.refuse("when", "a time such as 2026-11-21T09:30:00Z is expected.");
        if (!question.retention) body.refuse("when", "it goes with retention only.");
        question.when = when.value_or(spchain::no_time);
    }
    const int asked = (question.lose.empty() ? 0 : 1) + (question.retention ? 1 : 0) + (question.within ? 1 : 0);
    if (asked != 1) body.refuse("lose", "exactly one of lose, retention and within_bytes is expected.");
    return question;
}

}  // namespace

awaitable<Response> get_chain_svg(State& state, const Call& call) {
    Query query(call.request);
    const Wanted wanted = wanted_of(query);
    picture::SvgOptions options;
    options.width = static_cast<int>(number_of(query, "width", picture::narrowest_svg, picture::widest_svg).value_or(options.width));
    if (word_of(query, "axis", {"sequence", "time"}) == "time") options.axis = picture::Axis::time;
    options.blast = query.flag("blast_radius").value_or(false);
    const auto theme = word_of(query, "theme", {"auto", "light", "dark"});
    options.theme = theme == "dark" ? picture::Theme::dark : theme == "light" ? picture::Theme::light : picture::Theme::automatic;
    if (auto problem = query.finish()) co_return std::move(*problem);
    auto answer = co_await analysed(state, call);
    if (!answer) co_return refused(answer.error());
    auto make = [analysis = std::move(*answer), wanted, options]() mutable {
        const auto chain = drawn(std::move(analysis), wanted);
        if (!chain) return refused(chain.error());
        Response response = text_answer(picture::svg_of(chain->view(), options), "image/svg+xml");
        // Opened by itself it is a document: its own style sheet and nothing else.
        response.headers.emplace_back("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'");
        return response;
    };
    co_return co_await aside(state, std::move(make));
}

awaitable<Response> get_chain_dot(State& state, const Call& call) {
    Query query(call.request);
    const Wanted wanted = wanted_of(query);
    if (auto problem = query.finish()) co_return std::move(*problem);
    auto answer = co_await analysed(state, call);
    if (!answer) co_return refused(answer.error());
    auto make = [analysis = std::move(*answer), wanted]() mutable {
        const auto chain = drawn(std::move(analysis), wanted);
        if (!chain) return refused(chain.error());
        const auto view = chain->view();
        if (view.set.empty()) return not_found("No files give this point back; the chain itself is at chain.svg.");
        return text_answer(picture::dot_of(view), "text/vnd.graphviz; charset=utf-8");
    };
    co_return co_await aside(state, std::move(make));
}

awaitable<Response> simulate_volume(State& state, const Call& call) {
    if (auto problem = Query(call.request).finish()) co_return std::move(*problem);
    auto answer = co_await analysed(state, call);
    if (!answer) co_return refused(answer.error());
    Body body(call.request, false);
    Question question = question_of(body, expected_of(call, **answer));
    if (auto problem = body.finish()) co_return std::move(*problem);
    auto make = [analysis = std::move(*answer), asked = std::move(question)] {
        const Simulated subject{analysis->volume, analysis->entries, analysis->memory, analysis->rules.calendar, analysis->looked};
        const auto result = simulate(subject, asked);
        return result ? json_answer(*result) : refused(result.error());
    };
    co_return co_await aside(state, std::move(make));
}

}  // namespace imc::api
