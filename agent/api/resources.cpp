// The routes of the API: method, path, scope and who answers. Everything that holds for all of them is here: 404, 405
// with Allow, 401, 403, tags and the cache.
#include "agent/api/resources.hpp"

#include "agent/api/aside.hpp"
#include "agent/api/response.hpp"

#include <algorithm>
#include <variant>

namespace imc::api {
namespace {

using boost::asio::awaitable;

enum class Keep {
    no,      // made anew for each call
    minute,  // good until the snapshot or the minute changes
};

using Now = Response (*)(State&, const Call&);
using Later = awaitable<Response> (*)(State&, const Call&);
using Aside = Response (*)(const Call&);  // from what does not change alone, on another thread

struct Route {
    std::string_view method;
    std::string_view path;  // "*" stands for any one segment
    Scope scope;
    Keep keep;
    std::variant<Now, Later, Aside> answer;
};

const Route routes[] = {
    {"GET", "v1/health", Scope::none, Keep::no, get_health},
    {"GET", "v1/agent", Scope::read, Keep::no, get_agent},
    {"GET", "v1/sync", Scope::read, Keep::no, get_sync},
    {"GET", "v1/folders", Scope::read, Keep::minute, list_folders},
    {"POST", "v1/folders", Scope::operate, Keep::no, adopt_folder},
    {"GET", "v1/folders/*", Scope::read, Keep::minute, get_folder},
    {"DELETE", "v1/folders/*", Scope::operate, Keep::no, release_folder},
    {"GET", "v1/folders/*/samples", Scope::read, Keep::minute, list_samples},
    {"GET", "v1/volumes", Scope::read, Keep::minute, list_volumes},
    {"GET", "v1/volumes/*", Scope::read, Keep::minute, get_volume},
    {"PATCH", "v1/volumes/*", Scope::operate, Keep::no, set_volume},
    {"GET", "v1/volumes/*/images", Scope::read, Keep::minute, list_images},
    {"GET", "v1/volumes/*/points", Scope::read, Keep::minute, list_points},
    {"GET", "v1/volumes/*/points/*/restore-set", Scope::read, Keep::minute, get_restore_set},
    {"GET", "v1/volumes/*/chain", Scope::read, Keep::minute, get_chain},
    {"GET", "v1/volumes/*/chain.svg", Scope::read, Keep::minute, get_chain_svg},
    {"GET", "v1/volumes/*/chain.dot", Scope::read, Keep::minute, get_chain_dot},
    {"POST", "v1/volumes/*/simulate", Scope::read, Keep::no, simulate_volume},
    {"GET", "v1/unmanaged-folders", Scope::read, Keep::minute, list_unmanaged},
    {"GET", "v1/findings", Scope::read, Keep::minute, list_findings},
    {"GET", "v1/catalogue", Scope::read, Keep::minute, list_catalogue},
    {"GET", "v1/events", Scope::read, Keep::no, follow_events},
    {"POST", "v1/rescan", Scope::operate, Keep::no, rescan},
    {"GET", "v1/reports", Scope::read, Keep::minute, list_reports},
    {"GET", "v1/reports/*", Scope::read, Keep::minute, get_report},
    {"GET", "v1/logs", Scope::read, Keep::no, list_logs},
    {"GET", "v1/logs/*", Scope::read, Keep::no, get_log},
    {"GET", "v1/verify", Scope::read, Keep::no, get_verification},
    {"POST", "v1/verify", Scope::operate, Keep::no, verify},
    {"DELETE", "v1/verify", Scope::operate, Keep::no, cancel_verification},
    {"GET", "metrics", Scope::read, Keep::no, get_metrics},
    {"GET", "openapi.json", Scope::none, Keep::no, get_openapi},
    {"GET", "", Scope::none, Keep::no, get_home},
    {"GET", "page/*", Scope::none, Keep::no, get_page_file},
};

std::optional<std::vector<std::string>> matched(std::string_view path, const std::vector<std::string>& segments) {
    std::vector<std::string> words;
    for (const auto& segment : segments) {
        if (path.empty()) return std::nullopt;
        const auto part = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(path.size(), part.size() + 1));
        if (part == "*" && !segment.empty()) {
            words.push_back(segment);
        } else if (part != segment) {
            return std::nullopt;
        }
    }
    return path.empty() ? std::optional(std::move(words)) : std::nullopt;
}

struct Match {
    const Route* route = nullptr;
    std::vector<std::string> words;
    std::string allowed;  // methods of this path
};

Match match(const Request& request) {
    const std::string_view method = request.method == "HEAD" ? std::string_view("GET") : std::string_view(request.method);
    // "/" may come as no segment or as an empty one.
    static const std::vector<std::string> none;
    const bool root = request.path.size() == 1 && request.path.front().empty();
    Match result;
    for (const auto& route : routes) {
        auto words = matched(route.path, root ? none : request.path);
        if (!words) continue;
        if (!result.allowed.empty()) result.allowed += ", ";
        result.allowed += route.method == "GET" ? "GET, HEAD" : route.method;
        if (route.method != method) continue;
        result.route = &route;
        result.words = std::move(*words);
    }
    return result;
}

std::optional<Response> let_through(const Match& found, const Request& request) {
    if (found.allowed.empty()) return not_found("There is nothing here. What there is, is described at /openapi.json.");
    if (!found.route) {
        Response response = problem(405, "method-not-allowed", "Method not allowed", "This path takes " + found.allowed + ".");
        response.headers.emplace_back("Allow", found.allowed);
        return response;
    }
    const Scope needed = found.route->scope, held = request.principal.scope;
    if (held >= needed) return std::nullopt;
    if (held == Scope::none) {
        Response response = problem(401, "unauthorized", "No valid token",
                                    "Send a bearer token made by 'imconnector token create', or a client certificate.");
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
        return response;
    }
    return problem(403, "insufficient-scope", "The scope does not suffice",
                   "This call needs the scope operate; the token has the scope read.");
}

awaitable<Response> answer(State& state, const Route& route, const Call& call) {
    if (const auto* now = std::get_if<Now>(&route.answer)) co_return (*now)(state, call);
    if (const auto* function = std::get_if<Aside>(&route.answer)) {
        call.index->complete();
        auto make = [function = *function, of = call] { return function(of); };
        co_return co_await aside(state, std::move(make));
    }
    co_return co_await std::get<Later>(route.answer)(state, call);
}

// From the cache where it is there; a hit costs no JSON and copies no body.
awaitable<Response> kept(State& state, const Route& route, const Call& call) {
    const auto stamp = static_cast<std::uint64_t>(call.as_of);
    const auto& request = call.request;
    auto known = co_await known_answer(state, request, stamp);
    if (known) co_return std::move(*known);
    Response response = co_await answer(state, route, call);
    if (response.status != 200 || !response.body) co_return response;
    response = co_await packed(state, request, std::move(response));
    if (state.index() == call.index) state.cache().put(request.target, stamp, response);
    co_return finished(request, std::move(response));
}

awaitable<Response> handle(std::shared_ptr<State> state, Request request) {
    Match found = match(request);
    if (auto problem = let_through(found, request)) co_return std::move(*problem);
    constexpr store::UnixTime minute = 60;
    const store::UnixTime now = state->backend().now();
    const Call call{std::move(request), std::move(found.words), state->index(), now - now % minute};
    if (found.route->keep == Keep::minute) co_return co_await kept(*state, *found.route, call);
    Response response = co_await answer(*state, *found.route, call);
    if (found.route->method != "GET") co_return response;
    response = co_await packed(*state, call.request, std::move(response));
    co_return finished(call.request, std::move(response));
}

}  // namespace

std::shared_ptr<const Index> State::index() {
    auto snapshot = backend_->snapshot();
    if (!index_ || index_->shared() != snapshot) {
        index_ = std::make_shared<const Index>(std::move(snapshot));
        cache_.clear();
        sync_.reset();
    }
    return index_;
}

std::vector<std::string> call_names() {
    std::vector<std::string> names;
    for (const auto& route : routes) names.push_back(std::string(route.method) + " " + std::string(route.path));
    return names;
}

Handler api_of(std::shared_ptr<State> state) {
    return [state = std::move(state)](Request request) { return handle(state, std::move(request)); };
}

Handler make_api(std::shared_ptr<Backend> backend) {
    return api_of(std::make_shared<State>(std::move(backend)));
}

}  // namespace imc::api
