// One yamux session, without I/O: bytes and time go in, frames, events and a deadline come out. Compatible on the wire with
// hashicorp/yamux and its relatives, as client and as server. What it is not: a connection. Whoever drives it
//   - gives every byte that arrives to receive(), at any time and however cut: reading never has to wait for writing;
//   - takes frames from send() while the transport can write, and says written() when all that was taken is written;
//   - calls tick() at deadline(), and fail() when the transport ends;
//   - after each of these looks at next_event(), accept() and ended().
// Nothing throws but std::bad_alloc. All calls belong to one thread; `now` never runs backwards.
#pragma once

#include "shuttle/core/error.hpp"
#include "shuttle/core/frame_reader.hpp"
#include "shuttle/core/keepalive.hpp"
#include "shuttle/core/limits.hpp"
#include "shuttle/core/stream.hpp"
#include "shuttle/core/token_bucket.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace shuttle::core {

enum class Role { client, server };  // the client opens streams with odd ids, the server with even ones

// What read() and write() did. No bytes and no error: nothing can be done now, an event will say when.
struct Progress {
    std::size_t bytes = 0;
    std::error_code error;
};

// Something about a stream has changed; both are hints to try again, and both are set when it has ended.
struct Event {
    StreamId stream = 0;
    bool readable = false;
    bool writable = false;
};

class Session {
public:
    Session(Role role, const Limits& limits, TimePoint now);

    // The transport's side.
    void receive(Bytes bytes, TimePoint now);
    [[nodiscard]] bool wants_to_send() const noexcept;
    // Appends one frame (at most header_bytes + max_payload_sent) to `out`; false when there is nothing to send. After the
    // end of the session there may be one last frame that tells the peer why.
    bool send(std::vector<Byte>& out, TimePoint now);
    void written(TimePoint now) noexcept;
    void fail(std::error_code why, TimePoint now);  // for an orderly end of the transport: errc::closed_by_peer
    [[nodiscard]] TimePoint deadline() const noexcept;
    void tick(TimePoint now);
    // Asks the peer for a sign of life at once; without one the session ends after `limit`.
    void probe(TimePoint now, Duration limit) noexcept;

    // The end. go_away() lets no new streams in either direction; those that exist go on. close() ends everything.
    void go_away() noexcept;
    void close(GoAwayCode code);
    [[nodiscard]] bool going_away() const noexcept { return go_away_said_ || go_away_heard_; }
    [[nodiscard]] bool drained() const noexcept { return going_away() && streams_.empty(); }
    [[nodiscard]] std::error_code ended() const noexcept { return ended_; }  // none while the session lives

    // The application's side. Ids stay valid until release().
    [[nodiscard]] StreamId open(TimePoint now, std::error_code& error);  // 0 and an error, or an id that may be written to at once
    [[nodiscard]] StreamId accept();                                     // 0 when no stream of the peer waits
    [[nodiscard]] bool has_incoming() const noexcept { return !backlog_.empty(); }
    [[nodiscard]] bool can_open() const noexcept;  // false while open() would say errc::backlog_full
    [[nodiscard]] std::optional<Event> next_event();
    Progress read(StreamId id, std::span<Byte> target, TimePoint now);
    Progress write(StreamId id, Bytes bytes);  // takes what fits into the stream's buffer
    std::error_code shutdown(StreamId id);     // after what was written the peer reads the end; reading goes on
    void reset(StreamId id);                   // gives the stream up; both sides lose what is under way
    // The application lets go. After shutdown() the rest is still delivered, and what comes is thrown away; else a reset.
    void release(StreamId id, TimePoint now);

    [[nodiscard]] std::size_t streams() const noexcept { return streams_.size(); }
    [[nodiscard]] const RoundTrip& round_trip() const noexcept { return keepalive_.round_trip(); }
    [[nodiscard]] std::uint32_t window_of(StreamId id) const noexcept;  // bytes; 0 of a stream that is not there
    [[nodiscard]] std::size_t held_bytes() const noexcept;              // memory of all buffers

private:
    // session_receive.cpp
    void take_header(const FrameHeader& header, TimePoint now);
    void take_ping(const FrameHeader& header, TimePoint now);
    void take_go_away(const FrameHeader& header);
    void take_stream_frame(const FrameHeader& header, TimePoint now);
    void take_opening(const FrameHeader& header, TimePoint now);
    void take_payload(Bytes payload);
    void take_fin(StreamId id);
    void take_reset(Stream& stream, TimePoint now);
    void refuse(StreamId id, TimePoint now);
    [[nodiscard]] bool excuse(TimePoint now);  // of a useless frame; false when that was one too many
    // session_send.cpp
    bool send_session_frame(std::vector<Byte>& out, TimePoint now);
    bool send_stream_control(std::vector<Byte>& out);
    bool send_data(std::vector<Byte>& out);
    // session_streams.cpp
    [[nodiscard]] Stream* find(StreamId id) noexcept;
    void queue_control(Stream& stream);
    void queue_data(Stream& stream);
    void tell(Stream& stream, bool readable, bool writable);
    void take_over(Stream& stream);  // the peer or the application has taken it
    void set_timer(Stream& stream, std::optional<TimePoint> due);
    void end_stream(Stream& stream, std::error_code why);  // keeps it for the application, or removes it when that has let go
    void give_up(Stream& stream, std::error_code why);     // end_stream, and the peer is told
    void settle(Stream& stream);                           // removes a stream that is finished and released
    void remove(Stream& stream);
    // session.cpp
    void end(std::error_code why);
    void end_by_fault(errc why);  // of the peer, who is told

    Limits limits_;
    Role role_;
    FrameReader reader_;
    StreamId payload_of_ = 0;  // whose payload the reader is in; 0: to be thrown away
    bool fin_after_payload_ = false;

    std::map<StreamId, Stream> streams_;
    WindowBudget budget_;
    std::uint64_t next_id_;
    std::size_t unacknowledged_ = 0;  // own streams
    std::deque<StreamId> backlog_;    // streams of the peer that wait for accept()
    std::deque<StreamId> control_;    // streams with an opening, an acknowledgement or a window update to send
    std::deque<StreamId> data_;       // streams with data or a FIN to send, next first
    std::deque<StreamId> events_;
    std::set<std::pair<TimePoint, StreamId>> timers_;

    std::deque<std::uint32_t> pongs_;
    std::deque<StreamId> resets_;
    TokenBucket useless_;
    Keepalive keepalive_;
    bool go_away_due_ = false;
    bool go_away_said_ = false;
    bool go_away_heard_ = false;
    std::optional<GoAwayCode> last_words_;
    std::optional<TimePoint> handed_out_;  // since when the transport has not said written()
    std::error_code ended_;
};

}  // namespace shuttle::core
