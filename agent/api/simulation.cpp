#include "agent/api/simulation.hpp"

#include "agent/api/simulation_words.hpp"
#include "agent/api/views.hpp"
#include "spchain/mend.hpp"
#include "spchain/policy.hpp"
#include "spchain/prune.hpp"
#include "spchain/within.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace imc::api {

using nlohmann::json;
using spchain::Verdict;

namespace {

json length_json(std::int32_t length) {
    return length == 0 ? json() : json(length);
}

json retention_json(const spchain::Retention& retention) {
    return {{"intra_daily_days", length_json(retention.intra_daily)},
            {"daily_days", length_json(retention.daily)},
            {"weekly_days", length_json(retention.weekly)},
            {"monthly_months", length_json(retention.monthly)}};
}

json index_json(std::int32_t image) {
    return image < 0 ? json() : json(image);
}

std::string_view word_of(spchain::Ending ending) {
    static constexpr std::array<std::string_view, 3> words = {"not_known", "never", "at_time"};
    return words[static_cast<std::size_t>(ending)];
}

class Simulation {
public:
    Simulation(const Simulated& subject, const spchain::Chain& chain, const Question& question)
        : subject_(subject), chain_(chain), question_(question) {}

    Answer<json> run() {
        Outcome outcome;
        if (question_.within) {
            limit(outcome);
        } else if (question_.retention) {
            policy(outcome);
        } else if (auto refusal = loss(outcome)) {
            return std::move(*refusal);
        }
        // JSON converts to and from anything; it is said that this is the value.
        return Answer<json>(boost::system::in_place_value, document(std::move(outcome)));
    }

private:
    struct Outcome {
        Effect effect;
        json retention, when, fates, expiry, fits, mend;
    };

    std::optional<Refusal> loss(Outcome& outcome) {
        std::unordered_map<std::string_view, std::uint32_t> by_name;
        for (std::uint32_t k = 0; k < chain_.images.size(); ++k) by_name.emplace(name(k), k);
        std::vector<std::uint32_t> lost;
        for (const auto& wanted : question_.lose) {
            const auto found = by_name.find(wanted);
            if (found == by_name.end()) {
                return Refusal{400, "no-such-image", "lose: " + spchain::to_string(chain_.base, {}) + " has no image " + wanted + "."};
            }
            lost.push_back(found->second);
        }
        std::sort(lost.begin(), lost.end());
        lost.erase(std::unique(lost.begin(), lost.end()), lost.end());
        outcome.effect.what = Effect::What::loss;
        outcome.effect.cost = spchain::cost_of_loss(chain_, lost);
        outcome.effect.files = spchain::deletion_order(chain_, lost);
        outcome.mend = mend(outcome.effect);
        return std::nullopt;
    }

    void policy(Outcome& outcome) {
        const auto when = question_.when == spchain::no_time ? subject_.looked : question_.when;
        auto applied = spchain::apply_retention(chain_, *question_.retention, subject_.calendar, subject_.looked, when);
        outcome.effect.what = Effect::What::policy;
        outcome.effect.when = when;
        outcome.effect.looked = subject_.looked;
        outcome.effect.files = std::move(applied.goes);
        outcome.effect.cost = std::move(applied.cost);
        outcome.retention = retention_json(*question_.retention);
        outcome.when = time_json(when);
        outcome.fates = json::array();
        for (std::uint32_t k = 0; k < applied.files.size(); ++k) outcome.fates.push_back(fate_json(k, applied.files[k]));
        outcome.expiry = json::array();
        for (std::size_t p = 0; p < applied.points.size(); ++p) {
            const auto& expiry = applied.points[p];
            outcome.expiry.push_back({{"point", point_name(p)},
                                      {"ending", word_of(expiry.ending)},
                                      {"at", expiry.ending == spchain::Ending::at_time ? time_json(expiry.at) : json()},
                                      {"certainty", spchain::to_string(expiry.certainty)}});
        }
    }

    void limit(Outcome& outcome) {
        auto kept = spchain::keep_within(chain_, *question_.within);
        outcome.effect.what = Effect::What::limit;
        outcome.effect.limit = *question_.within;
        outcome.effect.fits = kept.fits;
        outcome.effect.files = std::move(kept.files);
        outcome.effect.cost = std::move(kept.cost);
        outcome.fits = kept.fits;
    }

    // The chain as it would be without the files, and these as remembered: what would have to come back.
    json mend(Effect& effect) const {
        const auto lost = std::find_if(effect.cost.points.rbegin(), effect.cost.points.rend(),
                                       [](const auto& change) { return change.after == Verdict::broken; });
        if (lost == effect.cost.points.rend()) return {};
        std::vector<std::uint8_t> gone(chain_.images.size(), 0);
        for (const auto image : effect.files) gone[image] = 1;
        spchain::Chain rest;
        rest.base = chain_.base;
        std::vector<spchain::Memory> memory(subject_.memory.begin(), subject_.memory.end());
        for (std::uint32_t k = 0; k < chain_.images.size(); ++k) {
            const auto& image = chain_.images[k];
            if (gone[k] == 0) {
                rest.images.push_back(image);
                continue;
            }
            spchain::Memory known;
            known.name = std::string(name(k));
            known.vanished = subject_.looked == spchain::no_time ? 0 : subject_.looked;
            known.tail = image.tail;
            known.has_tail = image.kind != spchain::Kind::full;
            known.basis = image.basis;
            known.suspicious = image.suspicious;
            memory.push_back(std::move(known));
        }
        for (const auto& point : chain_.points) {
            const auto same = [&point](const spchain::Image& image) { return image.head == point.point; };
            const auto from = std::lower_bound(rest.images.begin(), rest.images.end(), point.point,
                                               [](const spchain::Image& image, spchain::Point wanted) { return image.head < wanted; });
            if (from != rest.images.end() && same(*from)) rest.points.push_back(point);
        }
        const auto wanted = chain_.points[lost->point].point;
        const auto found = spchain::mend(rest, subject_.volume.name, memory, wanted, std::min(lost->before, Verdict::presumed));
        if (!found || found->count == 0) return {};
        effect.mend = found;
        json files = json::array();
        for (const auto& file : found->files) {
            const bool run = file.kind == spchain::Kind::incremental;
            files.push_back({{"name", file.name},
                             {"kind", spchain::to_string(file.kind)},
                             {"first", spchain::to_string(chain_.base, file.first)},
                             {"last", spchain::to_string(chain_.base, file.last)},
                             {"count", run ? std::uint64_t{file.last.incremental} - file.first.incremental + 1 : 1}});
        }
        return {{"point", spchain::to_string(chain_.base, wanted)},
                {"verdict", spchain::to_string(found->verdict)},
                {"count", found->count},
                {"files", std::move(files)}};
    }

    json document(Outcome outcome) {
        const auto& cost = outcome.effect.cost;
        std::uint64_t before = 0;
        for (const auto& image : chain_.images) before += image.bytes;
        json points = json::array();
        for (const auto& change : cost.points) {
            points.push_back({{"point", point_name(change.point)},
                              {"written", time_json(chain_.points[change.point].written)},
                              {"before", spchain::to_string(change.before)},
                              {"after", spchain::to_string(change.after)}});
        }
        static constexpr std::array<std::string_view, 3> words = {"lose", "retention", "within_bytes"};
        const auto newest = newest_now();
        return {{"volume", subject_.volume.name},
                {"base", chain_.base},
                {"looked", time_json(subject_.looked)},
                {"question", words[static_cast<std::size_t>(outcome.effect.what)]},
                {"says", sentences_of(chain_, names_of(outcome.effect), outcome.effect)},
                {"files", files_json(outcome.effect.files)},
                {"files_bytes", cost.lost_bytes},
                {"points", std::move(points)},
                {"points_lost", cost.points_lost},
                {"points_sunk", cost.points_sunk},
                {"points_left", points_left(cost)},
                {"newest_before", newest < 0 ? json() : json(point_name(static_cast<std::size_t>(newest)))},
                {"newest_after", cost.newest < 0 ? json() : json(point_name(static_cast<std::size_t>(cost.newest)))},
                {"stranded", files_json(cost.stranded)},
                {"stranded_bytes", cost.stranded_bytes},
                {"certainty", spchain::to_string(cost.certainty)},
                {"mend", std::move(outcome.mend)},
                {"retention", std::move(outcome.retention)},
                {"when", std::move(outcome.when)},
                {"fates", std::move(outcome.fates)},
                {"expiry", std::move(outcome.expiry)},
                {"fits", std::move(outcome.fits)},
                {"bytes_before", before},
                {"bytes_after", before - cost.lost_bytes}};
    }

    [[nodiscard]] std::int32_t newest_now() const {
        for (std::size_t p = chain_.points.size(); p-- > 0;) {
            if (chain_.points[p].verdict != Verdict::broken) return static_cast<std::int32_t>(p);
        }
        return -1;
    }

    [[nodiscard]] std::string_view name(std::uint32_t image) const { return subject_.entries[chain_.images[image].entry].name; }
    [[nodiscard]] std::string point_name(std::size_t point) const { return spchain::to_string(chain_.base, chain_.points[point].point); }

    // The first few are enough for sentences.
    [[nodiscard]] std::vector<std::string> names_of(const Effect& effect) const {
        std::vector<std::string> names;
        for (const auto image : effect.files) {
            if (names.size() == named_files) break;
            names.emplace_back(name(image));
        }
        return names;
    }

    [[nodiscard]] json files_json(const std::vector<std::uint32_t>& images) const {
        json files = json::array();
        for (const auto image : images) files.push_back({{"image", image}, {"name", name(image)}, {"bytes", chain_.images[image].bytes}});
        return files;
    }

    [[nodiscard]] json fate_json(std::uint32_t image, const spchain::Fate& fate) const {
        json reasons = json::array();
        const std::pair<bool, const char*> all[] = {{fate.foundation, "foundation"}, {fate.settling, "settling"},
                                                    {fate.uncovered, "uncovered"},   {fate.young, "young"},
                                                    {fate.for_ever, "for_ever"},     {fate.needed, "needed"}};
        for (const auto& [holds, word] : all) {
            if (holds) reasons.push_back(word);
        }
        return {{"image", image},
                {"would_go", fate.goes},
                {"reasons", std::move(reasons)},
                {"cover", index_json(fate.cover)},
                {"needed_by", index_json(fate.needed_by)},
                {"due", time_json(fate.due)},
                {"certainty", spchain::to_string(fate.certainty)}};
    }

    [[nodiscard]] json points_left(const spchain::LossCost& cost) const {
        std::array<std::uint64_t, 4> numbers{};
        for (const auto& point : chain_.points) ++numbers[static_cast<std::size_t>(point.verdict)];
        for (const auto& change : cost.points) {
            --numbers[static_cast<std::size_t>(change.before)];
            ++numbers[static_cast<std::size_t>(change.after)];
        }
        return {{"total", chain_.points.size()},
                {"certain", numbers[3]},
                {"presumed", numbers[2]},
                {"doubtful", numbers[1]},
                {"broken", numbers[0]}};
    }

    const Simulated& subject_;
    const spchain::Chain& chain_;
    const Question& question_;
};

}  // namespace

const spchain::Chain* chosen_chain(const spchain::Volume& volume, std::uint32_t base) {
    const spchain::Chain* newest = nullptr;
    for (const auto& chain : volume.chains) {
        if (base != 0 && chain.base == base) return &chain;
        if (base == 0 && (newest == nullptr || !chain.points.empty())) newest = &chain;
    }
    return newest;
}

Answer<json> simulate(const Simulated& subject, const Question& question) {
    const auto* chain = chosen_chain(subject.volume, question.base);
    if (chain == nullptr) return Refusal{404, "not-found", "There is no such chain in this volume."};
    return Simulation(subject, *chain, question).run();
}

}  // namespace imc::api
