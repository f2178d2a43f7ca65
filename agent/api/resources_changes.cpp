// The calls that change something: POST /v1/folders, DELETE /v1/folders/{id}, PATCH /v1/volumes/{id}, POST /v1/rescan.
#include "agent/api/body.hpp"
#include "agent/api/resources.hpp"
#include "agent/api/response.hpp"
#include "agent/api/views.hpp"
#include "agent/config/path_style.hpp"

#include <algorithm>

namespace imc::api {

using boost::asio::awaitable;
using nlohmann::json;

namespace {

constexpr std::size_t longest_path = 32'767;
constexpr std::size_t longest_name = 255;
constexpr std::size_t longest_notes = 4'000;
constexpr std::size_t largest_retention = 8'192;  // bytes of JSON
constexpr int deepest_retention = 16;

int depth_of(const json& value) {
    int deepest = 0;
    if (!value.is_structured()) return 0;
    for (const auto& part : value) deepest = std::max(deepest, depth_of(part));
    return deepest + 1;
}

bool has_control(const std::string& text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::optional<std::string> name(Body& body, std::string_view key, std::size_t longest) {
    body.refuse_null(key);
    auto text = body.text(key, longest);
    if (text && has_control(*text)) body.refuse(key, "control characters are not accepted.");
    return text;
}

std::optional<std::string> retention(Body& body) {
    const auto object = body.object("expected_retention");
    if (!object) return std::nullopt;
    auto text = text_of(*object);
    if (depth_of(*object) > deepest_retention) {
        body.refuse("expected_retention", "at most " + std::to_string(deepest_retention) + " levels are accepted.");
    }
    if (text.size() > largest_retention) {
        body.refuse("expected_retention", "at most " + std::to_string(largest_retention) + " bytes are accepted.");
    }
    return text;
}

std::optional<Response> parameters_refused(const Call& call) {
    return Query(call.request).finish();
}

}  // namespace

awaitable<Response> adopt_folder(State& state, const Call& call) {
    if (auto problem = parameters_refused(call)) co_return std::move(*problem);
    Body body(call.request, false);
    store::AdoptedFolder folder;
    body.require("path");
    folder.path = name(body, "path", longest_path).value_or("");
    if (!config::is_absolute(folder.path, config::native_path_style())) body.refuse("path", "an absolute path is expected.");
    body.refuse_null("type");
    folder.type = body.word("type", {"normal", "backup_store"}).value_or("normal");
    folder.customer = name(body, "customer", longest_name).value_or("");
    folder.machine = name(body, "machine", longest_name).value_or("");
    folder.since = state.backend().now();
    if (auto problem = body.finish()) co_return std::move(*problem);
    const auto answer = co_await state.backend().adopt(std::move(folder), call.request.principal, call.request.remote);
    if (!answer) co_return refused(answer.error());
    Response response = json_answer(folder_json(*answer, *state.index()), 201);
    response.headers.emplace_back("Location", "/v1/folders/" + answer->id);
    co_return response;
}

awaitable<Response> release_folder(State& state, const Call& call) {
    if (auto problem = parameters_refused(call)) co_return std::move(*problem);
    if (!call.index->folder(call.words[0])) co_return not_found("There is no such folder.");
    const auto answer = co_await state.backend().release(call.words[0], call.request.principal, call.request.remote);
    if (!answer) co_return refused(answer.error());
    Response response;
    response.status = 204;
    co_return response;
}

awaitable<Response> set_volume(State& state, const Call& call) {
    if (auto problem = parameters_refused(call)) co_return std::move(*problem);
    const auto* volume = call.index->volume(call.words[0]);
    if (!volume) co_return not_found("There is no such volume.");
    Body body(call.request, false);
    store::VolumeSettings settings = call.index->settings(volume->id);
    const auto grace = body.integer("grace_days", 0, 3650);
    const auto expected = retention(body);
    body.refuse_null("notes");
    const auto notes = body.text("notes", longest_notes);
    if (grace || body.is_null("grace_days")) settings.grace_days = grace;
    if (expected || body.is_null("expected_retention")) settings.expected_retention = expected.value_or("");
    if (notes) settings.notes = *notes;
    if (auto problem = body.finish()) co_return std::move(*problem);
    if (body.keys() == 0) {
        co_return problem(400, "bad-body", "The body is not acceptable JSON",
                          "At least one of grace_days, expected_retention, notes is expected.");
    }
    const auto answer = co_await state.backend().set_volume(volume->id, settings, call.request.principal, call.request.remote);
    if (!answer) co_return refused(answer.error());
    const auto index = state.index();
    const auto* present = index->volume(volume->id);
    co_return json_answer(single_volume_json(present ? *present : *volume, settings, *index, call.as_of));
}

awaitable<Response> rescan(State& state, const Call& call) {
    if (auto problem = parameters_refused(call)) co_return std::move(*problem);
    Body body(call.request, true);
    const auto id = name(body, "folder_id", 64).value_or("");
    if (body.has("folder_id") && id.empty()) body.refuse("folder_id", "the id of a folder is expected.");
    if (auto problem = body.finish()) co_return std::move(*problem);
    if (!id.empty() && !call.index->folder(id)) co_return not_found("There is no such folder.");
    const auto answer = co_await state.backend().rescan(id, call.request.principal, call.request.remote);
    if (!answer) co_return refused(answer.error());
    co_return json_answer({{"status", "accepted"}, {"folder_id", word_json(id)}}, 202);
}

}  // namespace imc::api
