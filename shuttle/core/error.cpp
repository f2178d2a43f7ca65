#include "shuttle/core/error.hpp"

#include <string>

namespace shuttle::core {
namespace {

const char* text(errc e) noexcept {
    switch (e) {
        case errc::ok:
            return "no error";
        case errc::protocol_error:
            return "the peer broke the rules of yamux";
        case errc::flood:
            return "the peer opened and reset streams or sent empty frames faster than allowed";
        case errc::peer_silent:
            return "the peer did not answer a ping in time";
        case errc::write_stalled:
            return "the connection took no bytes for too long";
        case errc::closed_by_peer:
            return "the peer closed the connection without a farewell";
        case errc::peer_saw_error:
            return "the peer ended the session because of a protocol error";
        case errc::peer_failed:
            return "the peer ended the session because of an internal error";
        case errc::closed:
            return "the session was closed";
        case errc::end_of_stream:
            return "end of stream";
        case errc::reset_by_peer:
            return "the peer reset the stream";
        case errc::reset_here:
            return "the stream was reset on this side";
        case errc::not_acknowledged:
            return "the peer did not take the stream in time";
        case errc::no_such_stream:
            return "there is no such stream";
        case errc::shut_down:
            return "the stream was shut down for writing";
        case errc::going_away:
            return "the session takes no new streams";
        case errc::too_many_streams:
            return "the session has as many streams as it may have";
        case errc::backlog_full:
            return "too many streams wait for the peer to take them";
        case errc::ids_exhausted:
            return "the session has used up its stream numbers";
    }
    return "unknown error";
}

class Category final : public std::error_category {
public:
    const char* name() const noexcept override { return "shuttle.core"; }
    std::string message(int value) const override { return text(static_cast<errc>(value)); }
};

}  // namespace

const std::error_category& category() noexcept {
    static const Category instance;
    return instance;
}

std::error_code make_error_code(errc e) noexcept {
    return {static_cast<int>(e), category()};
}

}  // namespace shuttle::core
