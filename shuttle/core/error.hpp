// Why a session or a stream ended or an operation was refused. What it is not: errors of sockets; those come in through
// Session::fail() and come out unchanged.
#pragma once

#include <system_error>

namespace shuttle::core {

enum class errc {
    ok = 0,
    // Of a session: nothing more can be done with it.
    protocol_error,  // the peer broke the rules of yamux; it was told so by a go-away with code 1
    flood,           // the peer opened and reset streams, or sent empty frames, faster than allowed
    peer_silent,     // a ping was not answered within its limit
    write_stalled,   // the transport took nothing for the write limit
    closed_by_peer,  // the transport ended although nobody said go-away
    peer_saw_error,  // the peer said go-away with code 1: it holds us for the one that broke the rules
    peer_failed,     // the peer said go-away with another code: it cannot go on
    closed,          // closed on this side
    // Of a stream.
    end_of_stream,     // the peer has sent all that it will send; not a failure
    reset_by_peer,     // the peer has given the stream up
    reset_here,        // this side has given the stream up
    not_acknowledged,  // the peer did not take the stream within the limit
    no_such_stream,    // never opened, or released
    shut_down,         // written to after shutdown()
    // Of opening a stream.
    going_away,        // one side has said go-away
    too_many_streams,  // the limit of streams, or of bytes that they may make us hold
    backlog_full,      // too many streams that the peer has not acknowledged yet; try again when it has
    ids_exhausted,     // 2^31 streams were opened; a new session is needed
};

[[nodiscard]] const std::error_category& category() noexcept;
[[nodiscard]] std::error_code make_error_code(errc e) noexcept;

}  // namespace shuttle::core

template <>
struct std::is_error_code_enum<shuttle::core::errc> : std::true_type {};
