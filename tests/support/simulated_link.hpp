// Two sessions joined by a simulated path with delay, rate and bounded buffers, on a virtual clock: an hour passes in
// milliseconds and the same script always gives the same microseconds. It can lose its way silently, stop reading, or be
// cut. What it is not: TCP; bytes are never lost on a path that is not silenced, nor reordered.
#pragma once

#include "shuttle/core/session.hpp"

#include <array>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

namespace imc::testing {

struct Path {
    shuttle::core::Duration delay = std::chrono::milliseconds(10);  // one way
    double bytes_per_second = 0;                                    // 0: no limit
    std::size_t buffer = 256 * 1024;                                // bytes that the transport takes before it blocks
    std::size_t piece = 64 * 1024;                                  // bytes handed to the receiver at once
};

class SimulatedLink {
public:
    using TimePoint = shuttle::core::TimePoint;
    using Duration = shuttle::core::Duration;
    using Session = shuttle::core::Session;

    SimulatedLink(const shuttle::core::Limits& client, const shuttle::core::Limits& server, const Path& path);

    [[nodiscard]] Session& client() { return ends_[0].session; }
    [[nodiscard]] Session& server() { return ends_[1].session; }
    [[nodiscard]] TimePoint now() const { return now_; }
    [[nodiscard]] Duration elapsed() const { return now_ - TimePoint{}; }

    // Called after everything that happens: here the applications of both ends live.
    void application(std::function<void()> act) { act_ = std::move(act); }
    void run_for(Duration time);
    // True as soon as `done` holds; false when `limit` has passed first.
    bool run_until(const std::function<bool()>& done, Duration limit);

    // What goes wrong.
    void silence_from_client(bool on) { ends_[0].silenced = on; }  // what it sends is lost, and nobody is told
    void silence_from_server(bool on) { ends_[1].silenced = on; }
    void silence(bool on) { ends_[0].silenced = ends_[1].silenced = on; }
    void freeze_client(bool on) { ends_[0].frozen = on; }  // does not read any more; buffers fill up
    void freeze_server(bool on) { ends_[1].frozen = on; }
    void cut();  // both transports end
    void change(const Path& path) { path_ = path; }

    [[nodiscard]] std::size_t frames() const { return frames_; }  // handed out by both

private:
    struct Chunk {
        TimePoint arrives;
        std::vector<shuttle::core::Byte> bytes;
    };
    struct End {
        Session session;
        std::optional<std::vector<shuttle::core::Byte>> held;  // handed out, waits for room in the transport
        std::deque<Chunk> wire;                                // from here to the other
        std::size_t in_buffer = 0;                             // bytes of wire
        TimePoint free_at{};                                   // when the wire takes the next byte
        bool silenced = false;
        bool frozen = false;
        bool is_cut = false;
    };
    void settle();  // everything that happens at now_
    bool pump(End& from);
    bool deliver(End& from, End& to);
    [[nodiscard]] TimePoint next(const End& from, const End& to) const;

    Path path_;
    TimePoint now_{};
    std::array<End, 2> ends_;
    std::function<void()> act_;
    std::size_t frames_ = 0;
};

}  // namespace imc::testing
