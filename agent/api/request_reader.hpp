// Requests out of the bytes of one connection, one after the other, within limits. It is the only way by which
// bytes become a Request: the server, its tests and its fuzzer all use it. What it is not: a reader of sockets, and
// it knows no time. Holds at most the head's limit, the body's limit and one put().
#pragma once

#include "agent/api/chunked.hpp"
#include "agent/api/message_head.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace imc::api {

class RequestReader {
public:
    enum class State : std::uint8_t {
        idle,      // not one byte of a request yet
        head,      // some of it
        body,      // the head is there: head() may be asked
        complete,  // all is there; next() goes on
        refused,   // refused() says why; nothing more is read
    };
    RequestReader(std::size_t head_limit, std::size_t body_limit);  // bytes
    State put(std::string_view bytes);                              // in states idle, head and body
    State next();                                                   // forgets the complete request
    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] Head& head() { return head_; }
    [[nodiscard]] const Refused& refused() const { return refused_; }

private:
    State advance();
    State read_head();
    State read_body();
    State refuse(const Refused& why);
    [[nodiscard]] std::size_t find_end();

    std::size_t head_limit_;
    std::size_t body_limit_;
    State state_ = State::idle;
    std::string buffer_;          // not yet used
    std::size_t searched_ = 0;    // no end of a line unseen before here
    std::size_t line_begin_ = 0;  // of the line that is not complete
    int blank_lines_ = 0;         // in front of the request line
    Head head_;
    ChunkedDecoder chunks_;
    Refused refused_;
};

}  // namespace imc::api
