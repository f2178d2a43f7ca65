// /v1/sync: everything that a portal shows, or what changed since a cursor. Nothing in it changes without its tag,
// and the tag is made of the cursor and a few digests: saying that nothing is new costs no look at the data.
// A cursor is "<epoch>.<number>.<digest>"; the digest is of configuration and settings, which show in volumes without
// changing their records. Where it differs, everything is sent.
#include "agent/api/aside.hpp"
#include "agent/api/response.hpp"
#include "agent/api/tag.hpp"
#include "agent/api/views.hpp"

#include <charconv>

namespace imc::api {

using boost::asio::awaitable;
using nlohmann::json;

namespace {

std::uint64_t settings_digest(const Index& index) {
    Digest digest;
    const auto& config = index.config();
    digest.add(config.brand.product).add(static_cast<std::uint64_t>(config.grace_days));
    for (const auto& rule : config.grace) digest.add(rule.match).add(static_cast<std::uint64_t>(rule.days));
    for (const auto& [id, settings] : index.snapshot().settings) {
        digest.add(id)
            .add(static_cast<std::uint64_t>(settings.grace_days.value_or(-1)))
            .add(settings.notes)
            .add(settings.expected_retention);
    }
    return digest.value();
}

std::uint64_t state_digest(const Index& index, std::uint64_t settings) {
    const auto& snapshot = index.snapshot();
    Digest digest;
    digest.add(snapshot.epoch).add(snapshot.cursor).add(settings).add(snapshot.unmanaged.folders.size());
    for (const auto& folder : snapshot.unmanaged.folders) {
        digest.add(folder.id).add(folder.path).add(folder.customer).add(folder.machine);
        digest.add(folder.images).add(folder.bytes).add(static_cast<std::uint64_t>(folder.newest_written));
    }
    return digest.value();
}

std::uint64_t facts_digest(const AgentFacts& facts) {
    return Digest()
        .add(facts.version)
        .add(facts.host)
        .add(facts.os)
        .add(facts.state)
        .add(facts.config_problem)
        .add(static_cast<std::uint64_t>(facts.started))
        .add(facts.certificate.sha256)
        .value();
}

std::string cursor_of(const Snapshot& snapshot, std::uint64_t settings) {
    return snapshot.epoch + "." + std::to_string(snapshot.cursor) + "." + hex16(settings);
}

// The number of a cursor that a difference can be told from; nothing: everything must be sent.
std::optional<std::uint64_t> number_of(const std::string& cursor, const Snapshot& snapshot, std::uint64_t settings) {
    const std::string head = snapshot.epoch + ".", tail = "." + hex16(settings);
    if (!cursor.starts_with(head) || !cursor.ends_with(tail) || cursor.size() < head.size() + tail.size()) return std::nullopt;
    const char* first = cursor.data() + head.size();
    const char* last = cursor.data() + cursor.size() - tail.size();
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(first, last, number);
    if (error != std::errc() || end != last || number > snapshot.cursor) return std::nullopt;
    return number;
}

json agent_json(const AgentFacts& facts, const config::Config& config) {
    return {{"product", config.brand.product},
            {"version", facts.version},
            {"api_version", api_version},
            {"host", facts.host},
            {"os", facts.os},
            {"state", facts.state},
            {"started", time_json(facts.started)},
            {"config_problem", word_json(facts.config_problem)},
            {"certificate_sha256", facts.certificate.sha256},
            {"certificate_not_after", time_json(facts.certificate.not_after)}};
}

// What the history says beside the snapshot.
struct Past {
    std::vector<store::Tombstone> removed;
    std::vector<store::FindingRecord> closed;
    bool complete = true;
};

awaitable<Answer<Past>> past_since(Backend& backend, std::uint64_t number, std::uint64_t until) {
    Past past;
    auto removed = co_await backend.removed_since(number);
    if (!removed) co_return removed.error();
    past.complete = removed->complete;
    if (!past.complete) co_return past;
    auto closed = co_await backend.closed_findings();
    if (!closed) co_return closed.error();
    // The history may be ahead of the snapshot by now; what came later is told next time.
    for (auto& tombstone : removed->tombstones) {
        if (tombstone.seq > number && tombstone.seq <= until) past.removed.push_back(std::move(tombstone));
    }
    for (auto& finding : *closed) {
        if (finding.seq > number && finding.seq <= until) past.closed.push_back(std::move(finding));
    }
    co_return past;
}

// `since` nothing: everything.
json document(const Index& index, const AgentFacts& facts, std::uint64_t settings, std::optional<std::uint64_t> since, const Past& past) {
    const auto& snapshot = index.snapshot();
    const auto changed = [since](std::uint64_t seq) { return !since || seq > *since; };
    json result = {{"cursor", cursor_of(snapshot, settings)},
                   {"epoch", snapshot.epoch},
                   {"full", !since},
                   {"agent", agent_json(facts, index.config())},
                   {"folders", json::array()},
                   {"volumes", json::array()},
                   {"findings", json::array()},
                   {"removed", json::array()},
                   {"unmanaged_folders", json::array()}};
    for (const auto& folder : snapshot.folders) {
        if (changed(folder.seq)) result["folders"].push_back(stable_folder_json(folder));
    }
    for (const auto& volume : snapshot.volumes) {
        if (changed(volume.seq)) result["volumes"].push_back(stable_volume_json(volume, index.settings(volume.id), index.config()));
    }
    for (const auto& finding : past.closed) result["findings"].push_back(stable_finding_json(finding));
    for (const auto& finding : snapshot.findings) {
        if (changed(finding.seq)) result["findings"].push_back(stable_finding_json(finding));
    }
    for (const auto& tombstone : past.removed) result["removed"].push_back({{"kind", tombstone.kind}, {"id", tombstone.id}});
    for (const auto& folder : snapshot.unmanaged.folders) result["unmanaged_folders"].push_back(unmanaged_json(folder));
    return result;
}

}  // namespace

const SyncState& State::sync_state() {
    const auto now = index();
    if (!sync_) {
        const auto settings = settings_digest(*now);
        sync_ = SyncState{settings, state_digest(*now, settings)};
    }
    return *sync_;
}

awaitable<Response> get_sync(State& state, const Call& call) {
    Query query(call.request);
    const auto since = query.single("since", 200);
    if (auto problem = query.finish()) co_return std::move(*problem);
    const SyncState known = state.sync_state();
    const AgentFacts facts = state.backend().facts();
    const auto stamp = Digest().add(known.all).add(facts_digest(facts)).value();
    const std::string tag = entity_tag(stamp);
    if (caller_has(call.request, tag)) co_return not_modified(tag);
    auto kept = co_await known_answer(state, call.request, stamp);
    if (kept) co_return std::move(*kept);

    const auto& snapshot = call.index->snapshot();
    auto number = since ? number_of(*since, snapshot, known.settings) : std::nullopt;
    Past past;
    if (number && *number < snapshot.cursor) {
        auto answer = co_await past_since(state.backend(), *number, snapshot.cursor);
        if (!answer) co_return refused(answer.error());
        past = std::move(*answer);
        if (!past.complete) number.reset();
    }
    auto make = [index = call.index, facts, settings = known.settings, number, past = std::move(past)] {
        return json_answer(document(*index, facts, settings, number, past));
    };
    Response response = co_await aside(state, std::move(make));
    response.etag = tag;
    response = co_await packed(state, call.request, std::move(response));
    if (state.index() == call.index) state.cache().put(call.request.target, stamp, response);
    co_return response;
}

}  // namespace imc::api
