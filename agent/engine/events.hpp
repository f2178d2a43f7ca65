// The live feed: what changed, as server-sent events, to any number of listeners, each at its own pace. What it is not:
// a log; only the newest 256 events are kept, and who falls behind is told to read everything anew. Thread: the network thread.
#pragma once

#include "agent/api/http.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <memory>
#include <string>

namespace imc::engine {

class Events {
public:
    explicit Events(boost::asio::any_io_executor network);
    ~Events();
    // `id` grows; `data` is one line of JSON.
    void publish(std::uint64_t id, const std::string& name, const std::string& data);
    // After the event with that id; empty: from now on; unknown or too old: begins with an event "reset".
    [[nodiscard]] std::shared_ptr<api::Feed> listen(const std::string& last_id);
    void close();  // ends all feeds

private:
    struct State;
    class Listener;
    std::shared_ptr<State> state_;
};

}  // namespace imc::engine
