// What the resources of the API share: the state of one API and the call that is being answered. What it is not: for
// others than the sources of this module; they see backend.hpp. Everything runs on the network thread but for what is made aside
// (aside.hpp).
#pragma once

#include "agent/api/cache.hpp"
#include "agent/api/index.hpp"
#include "agent/api/query.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace imc::api {

// Made anew with each snapshot, on first use: what /v1/sync must know to say that nothing is new.
struct SyncState {
    std::uint64_t settings = 0;  // what volumes show beside their records: configuration, settings
    std::uint64_t all = 0;       // that, the cursor and the unmanaged folders
};

class State {
public:
    static constexpr std::size_t worker_threads = 2;
    explicit State(std::shared_ptr<Backend> backend) : backend_(std::move(backend)) {}
    // Threads for answers that take long to make; nothing that waits is given to them (aside.hpp).
    [[nodiscard]] boost::asio::any_io_executor workers() { return workers_.get_executor(); }
    [[nodiscard]] Backend& backend() { return *backend_; }
    [[nodiscard]] Cache& cache() { return cache_; }
    // Of the present snapshot; a new one empties the cache.
    [[nodiscard]] std::shared_ptr<const Index> index();
    [[nodiscard]] const SyncState& sync_state();
    // openapi.json with the version filled in; made once.
    [[nodiscard]] const Response& openapi();
    // A file of the local page with the brand filled in; kept until the brand changes. 404: there is none of that name.
    [[nodiscard]] const Response& page(const std::string& name);

private:
    std::shared_ptr<Backend> backend_;
    Cache cache_;
    std::shared_ptr<const Index> index_;
    std::optional<SyncState> sync_;
    std::optional<Response> openapi_;
    std::optional<config::Brand> page_brand_;           // that page_ was made with
    std::map<std::string, Response> page_;              // by name
    boost::asio::thread_pool workers_{worker_threads};  // what it was given is done and comes back before it ends
};

inline constexpr std::string_view api_version = "1.0";
// What this API answers to, such as "GET v1/volumes/*"; a caller may see by it which parts an agent has.
[[nodiscard]] std::vector<std::string> call_names();

// What make_api() gives, over a state that somebody else has a hand on, too.
[[nodiscard]] Handler api_of(std::shared_ptr<State> state);

struct Call {
    Request request;
    std::vector<std::string> words;  // what stands in the path where the route has a variable
    std::shared_ptr<const Index> index;
    store::UnixTime as_of = 0;  // the full minute: ages refer to it
};

// Sorted, filtered and paged from the snapshot; on another thread, as they may take long.
[[nodiscard]] Response list_folders(const Call& call);
[[nodiscard]] Response list_volumes(const Call& call);
[[nodiscard]] Response list_unmanaged(const Call& call);
[[nodiscard]] Response list_catalogue(State& state, const Call& call);
[[nodiscard]] Response get_folder(State& state, const Call& call);
[[nodiscard]] Response get_volume(State& state, const Call& call);
[[nodiscard]] boost::asio::awaitable<Response> list_findings(State& state, const Call& call);
[[nodiscard]] boost::asio::awaitable<Response> list_samples(State& state, const Call& call);

// From a fresh analysis; never a null one.
[[nodiscard]] boost::asio::awaitable<Answer<std::shared_ptr<const VolumeAnalysis>>> analysed(State& state, const Call& call);
[[nodiscard]] boost::asio::awaitable<Response> list_images(State& state, const Call& call);
[[nodiscard]] boost::asio::awaitable<Response> list_points(State& state, const Call& call);
[[nodiscard]] boost::asio::awaitable<Response> get_restore_set(State& state, const Call& call);
[[nodiscard]] boost::asio::awaitable<Response> get_chain(State& state, const Call& call);
[[nodiscard]] boost::asio::awaitable<Response> get_chain_svg(State& state, const Call& call);
[[nodiscard]] boost::asio::awaitable<Response> get_chain_dot(State& state, const Call& call);
[[nodiscard]] boost::asio::awaitable<Response> simulate_volume(State& state, const Call& call);

[[nodiscard]] boost::asio::awaitable<Response> get_sync(State& state, const Call& call);

// The agent itself.
[[nodiscard]] Response get_health(State& state, const Call& call);
[[nodiscard]] Response get_agent(State& state, const Call& call);
[[nodiscard]] Response get_metrics(State& state, const Call& call);
[[nodiscard]] Response get_openapi(State& state, const Call& call);
[[nodiscard]] Response get_home(State& state, const Call& call);
[[nodiscard]] Response get_page_file(State& state, const Call& call);
[[nodiscard]] Response follow_events(State& state, const Call& call);

// Changes; they need the scope operate.
[[nodiscard]] boost::asio::awaitable<Response> adopt_folder(State& state, const Call& call);
[[nodiscard]] boost::asio::awaitable<Response> release_folder(State& state, const Call& call);
[[nodiscard]] boost::asio::awaitable<Response> set_volume(State& state, const Call& call);
[[nodiscard]] boost::asio::awaitable<Response> rescan(State& state, const Call& call);

// What happened, and what ImageManager wrote of it (resources_diary.cpp).
[[nodiscard]] boost::asio::awaitable<Response> list_reports(State& state, const Call& call);
[[nodiscard]] boost::asio::awaitable<Response> get_report(State& state, const Call& call);
[[nodiscard]] Response list_logs(State& state, const Call& call);
[[nodiscard]] boost::asio::awaitable<Response> get_log(State& state, const Call& call);

// Verification by the agent (resources_verify.cpp).
[[nodiscard]] Response get_verification(State& state, const Call& call);
[[nodiscard]] boost::asio::awaitable<Response> verify(State& state, const Call& call);
[[nodiscard]] boost::asio::awaitable<Response> cancel_verification(State& state, const Call& call);

}  // namespace imc::api
