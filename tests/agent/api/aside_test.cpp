// Answers that take long to make are made beside the network thread: it goes on answering others, whatever becomes of them.
#include "agent/api/target.hpp"
#include "fixed_backend.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>
#include <future>

using namespace imc;

namespace {

// A caller who does not wait: several at once on one network thread.
struct Asked {
    std::optional<api::Response> response;
};

std::shared_ptr<Asked> begin(boost::asio::io_context& network, const api::Handler& handler, const std::string& method,
                             const std::string& target, const std::string& body, bool gzip) {
    const auto parsed = api::parse_target(target);
    REQUIRE(parsed);
    api::Request request;
    request.method = method;
    request.target = target;
    request.path = parsed->path;
    request.query = parsed->query;
    request.body = body;
    request.content_type = body.empty() ? "" : "application/json";
    request.accepts_gzip = gzip;
    request.principal = {api::Scope::operate, "t_test"};
    auto asked = std::make_shared<Asked>();
    boost::asio::co_spawn(network, handler(std::move(request)), [asked](std::exception_ptr error, api::Response response) {
        if (!error) asked->response = std::move(response);
    });
    return asked;
}

// All workers, held until they are let go.
class Held {
public:
    explicit Held(api::State& state) {
        for (std::size_t k = 0; k < api::State::worker_threads; ++k) {
            boost::asio::post(state.workers(), [open = opened_] { open.wait(); });
        }
    }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    ~Held() { let_go(); }
    void let_go() {
        if (!std::exchange(open_, true)) gate_.set_value();
    }

private:
    std::promise<void> gate_;
    std::shared_future<void> opened_ = gate_.get_future().share();
    bool open_ = false;
};

std::string any_volume(const fixed::Backend& backend) {
    return backend.published->volumes.front().id;
}

}  // namespace

TEST_CASE("health is answered while a heavy answer is still being made") {
    auto backend = std::make_shared<fixed::Backend>();
    const auto state = std::make_shared<api::State>(backend);
    const auto handler = api::api_of(state);
    const auto volume = "/v1/volumes/" + any_volume(*backend);
    const std::string policy = R"({"retention":{"intra_daily_days":1}})";
    struct Heavy {
        std::string method, target, body;
    };
    const auto heavy = GENERATE_COPY(values<Heavy>({{"GET", "/v1/sync", ""},
                                                    {"GET", "/v1/volumes?limit=1000", ""},
                                                    {"GET", "/v1/folders", ""},
                                                    {"GET", "/v1/findings", ""},
                                                    {"GET", volume + "/chain", ""},
                                                    {"GET", volume + "/images", ""},
                                                    {"GET", volume + "/points", ""},
                                                    {"GET", volume + "/chain.svg", ""},
                                                    {"POST", volume + "/simulate", policy}}));
    INFO(heavy.method << " " << heavy.target);
    Held held(*state);
    boost::asio::io_context network;
    const auto slow = begin(network, handler, heavy.method, heavy.target, heavy.body, true);
    const auto small = begin(network, handler, "GET", "/v1/health", {}, false);
    while (!small->response) REQUIRE(network.run_one() == 1);
    CHECK(small->response->status == 200);
    while (network.poll_one() > 0) {
    }
    CHECK_FALSE(slow->response);
    held.let_go();
    network.run();
    REQUIRE(slow->response);
    CHECK(slow->response->status == 200);
}

TEST_CASE("an answer that is made while the snapshot changes is given, and not kept") {
    auto backend = std::make_shared<fixed::Backend>();
    const auto state = std::make_shared<api::State>(backend);
    const auto handler = api::api_of(state);
    boost::asio::io_context network;
    std::shared_ptr<Asked> old;
    {
        Held held(*state);
        old = begin(network, handler, "GET", "/v1/volumes", {}, false);
        while (network.poll_one() > 0) {
        }
        auto snapshot = backend->copy();
        snapshot.volumes.pop_back();
        backend->publish(std::move(snapshot));
    }
    network.run();
    REQUIRE(old->response);
    const auto fresh = fixed::ask(handler, "GET", "/v1/volumes");
    CHECK(*fresh.body != *old->response->body);
}
