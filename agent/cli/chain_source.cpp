#include "agent/cli/chain_source.hpp"

#include "agent/api/simulation.hpp"
#include "agent/api/views.hpp"
#include "agent/api/views_picture.hpp"
#include "agent/cli/fields.hpp"
#include "agent/monitor/words.hpp"

#include <algorithm>

namespace imc::cli {

using nlohmann::json;

namespace {

std::string folded(std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
}

Failure no_point(const std::string& point) {
    return {Failure::Kind::refused, "there is no point " + point, 404};
}

// The body that the verb made, without the detour of a request.
api::Question question_of(const json& body, const spchain::Retention& expected) {
    api::Question question;
    question.base = static_cast<std::uint32_t>(number_at(body, "base").value_or(0));
    for (const auto& name : list_at(body, "lose")) question.lose.push_back(name.get<std::string>());
    if (const auto within = number_at(body, "within_bytes")) question.within = static_cast<std::uint64_t>(*within);
    if (body.contains("when")) question.when = monitor::parse_rfc3339(text_at(body, "when")).value_or(spchain::no_time);
    const auto policy = body.find("retention");
    if (policy == body.end()) return question;
    question.retention = expected;
    const auto take = [&policy](const char* key, std::int32_t& length) {
        if (policy->contains(key)) length = static_cast<std::int32_t>(number_at(*policy, key).value_or(0));
    };
    take("intra_daily_days", question.retention->intra_daily);
    take("daily_days", question.retention->daily);
    take("weekly_days", question.retention->weekly);
    take("monthly_months", question.retention->monthly);
    return question;
}

json restore_set_document(const DirectoryScan& scan, const spchain::Chain& chain, const spchain::PointState& point) {
    json files = json::array();
    for (const auto at : chain.restore_set(point.point)) {
        const auto& image = chain.images[at];
        files.push_back({{"name", scan.entries[image.entry].name}, {"bytes", image.bytes}, {"written", api::time_json(image.written)}});
    }
    return {{"point", spchain::to_string(chain.base, point.point)},
            {"verdict", spchain::to_string(point.verdict)},
            {"written", api::time_json(point.written)},
            {"files", std::move(files)},
            {"bytes", point.restore_bytes},
            {"looked", api::time_json(scan.at)}};
}

}  // namespace

bool is_volume_id(std::string_view text) noexcept {
    if (!text.starts_with("vol_") || text.size() != 20) return false;
    return text.find_first_not_of("0123456789abcdef", 4) == std::string_view::npos;
}

std::optional<ChainSource> ChainSource::open(const Context& context, const std::string& place, const std::string& now) {
    ChainSource source;
    if (!is_volume_id(place)) {
        const auto judge = judge_of(context, now);
        if (!judge) return std::nullopt;
        ScanOptions options;
        options.directory = place;
        source.directory_ = scan::normalise(place);
        Progress progress(context.err, context.terminal.progress, source.directory_, context.terminal.width);
        auto scanned = scan_directory(options, *judge, progress);
        if (scanned) {
            source.scan_ = std::move(*scanned);
            return source;
        }
        context.complain("cannot read " + source.directory_ + ": " + scanned.error().message());
        return std::nullopt;
    }
    const auto config = configuration(context);
    if (!config) return std::nullopt;
    auto client = Client::open(engine::Places(*config));
    if (!client) {
        context.complain(client.error().says);
        return std::nullopt;
    }
    auto volume = client->get("/v1/volumes/" + encoded(place));
    if (!volume) {
        context.complain(volume.error().says);
        return std::nullopt;
    }
    source.client_ = std::move(*client);
    source.volume_id_ = place;
    source.volume_name_ = text_at(*volume, "volume");
    return source;
}

std::vector<std::string> ChainSource::volumes() const {
    if (!scan_) return {volume_name_};
    std::vector<std::string> names;
    for (const auto& volume : scan_->report.volumes) names.push_back(volume.name);
    return names;
}

Answer<json> ChainSource::volume(const std::string& name, bool restore_sets) {
    if (client_) return client_->get("/v1/volumes/" + volume_id_ + "/chain?restore_sets=" + (restore_sets ? "true" : "false"));
    for (const auto& volume : scan_->report.volumes) {
        if (volume.name != name) continue;
        api::RestoreSets sets;
        sets.listed = restore_sets;
        return api::pictured_volume_json(volume, scan_->entries, scan_->report.memory, scan_->findings[name], sets);
    }
    return Failure{Failure::Kind::refused, "there is no volume " + name, 404};
}

Answer<json> ChainSource::restore_set(const std::string& volume, const std::string& point) {
    if (client_) return client_->get("/v1/volumes/" + volume_id_ + "/points/" + encoded(point) + "/restore-set");
    const auto wanted = spchain::parse_point(point);
    if (!wanted) return no_point(point);
    for (const auto& candidate : scan_->report.volumes) {
        if (candidate.name != volume) continue;
        for (const auto& chain : candidate.chains) {
            const auto* state = chain.base == wanted->first ? chain.find(wanted->second) : nullptr;
            if (state) return restore_set_document(*scan_, chain, *state);
        }
    }
    return no_point(point);
}

Answer<json> ChainSource::simulate(const std::string& volume, const json& body) {
    if (client_) return client_->post("/v1/volumes/" + volume_id_ + "/simulate", body);
    for (const auto& candidate : scan_->report.volumes) {
        if (candidate.name != volume) continue;
        const api::Simulated subject{candidate, scan_->entries, scan_->report.memory, scan_->rules.calendar, scan_->at};
        auto result = api::simulate(subject, question_of(body, scan_->rules.retention));
        if (!result) return Failure{Failure::Kind::refused, result.error().detail, result.error().status};
        return std::move(*result);
    }
    return Failure{Failure::Kind::refused, "there is no volume " + volume, 404};
}

std::optional<std::string> pick_volume(const std::vector<std::string>& volumes, const std::string& wanted, std::string& why) {
    if (volumes.empty()) {
        why = "there are no images";
        return std::nullopt;
    }
    if (wanted.empty() && volumes.size() == 1) return volumes.front();
    const auto found = std::find_if(volumes.begin(), volumes.end(), [&](const std::string& v) { return folded(v) == folded(wanted); });
    if (found != volumes.end() && !wanted.empty()) return *found;
    why = wanted.empty() ? "several volumes are there; say --volume with one of:" : "there is no volume " + wanted + "; there are:";
    for (std::size_t i = 0; i < std::min<std::size_t>(volumes.size(), 20); ++i) why += " " + volumes[i];
    if (volumes.size() > 20) why += " and " + std::to_string(volumes.size() - 20) + " more";
    return std::nullopt;
}

}  // namespace imc::cli
