// A session between a hostile peer and a clumsy application: the input is a list of what they do. Whatever it is, memory
// and queues stay within their limits, what goes out is yamux, and after the end nothing is left.
#include "shuttle/core/session.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace {

using namespace shuttle::core;
using std::chrono::milliseconds;

void require(bool holds) {
    if (!holds) std::abort();
}

// What is said and written, and room for what is read; made once, because the content makes no difference.
std::vector<Byte>& scratch() {
    static std::vector<Byte> bytes(600'000, 'x');
    return bytes;
}

class Input {
public:
    explicit Input(Bytes bytes) : rest_(bytes) {}
    [[nodiscard]] bool empty() const { return rest_.empty(); }
    Byte byte() {
        if (rest_.empty()) return 0;
        const auto value = rest_.front();
        rest_ = rest_.subspan(1);
        return value;
    }
    Bytes bytes(std::size_t count) {
        const auto result = rest_.first(std::min(count, rest_.size()));
        rest_ = rest_.subspan(result.size());
        return result;
    }

private:
    Bytes rest_;
};

Limits small_limits() {
    Limits limits;
    limits.max_streams = 6;
    limits.receive_budget = 5 * initial_window;
    limits.max_window = 2 * initial_window;
    limits.send_buffer = 40'000;
    limits.accept_backlog = 3;
    limits.unacknowledged = 3;
    limits.pongs = 4;
    limits.resets = 8;
    limits.useless_burst = 20;
    return limits;
}

class Play {
public:
    Play(Role role, Bytes input) : session_(role, limits_, now_), in_(input) {}

    void run() {
        while (!in_.empty()) {
            step(in_.byte());
            check();
        }
        session_.close(GoAwayCode::normal);
        for (const auto id : ids_) session_.release(id, now_);
        hear(100);
        require(session_.ended() && session_.streams() == 0 && session_.held_bytes() == 0);
        require(!session_.next_event() && session_.accept() == 0 && session_.deadline() == never && !session_.wants_to_send());
    }

private:
    void step(Byte what) {
        const auto id = ids_.empty() ? StreamId{what} : ids_[in_.byte() % ids_.size()];
        switch (what % 16) {
            case 0:
            case 1:
                return session_.receive(in_.bytes(in_.byte()), now_);
            case 2:
                return say(FrameType::data, std::size_t{in_.byte()} << (in_.byte() % 12));
            case 3:
                return say(FrameType::window_update, 0);
            case 4:
                return say(FrameType::ping, 0);
            case 5:
                return keep(session_.accept());
            case 6: {
                std::error_code error;
                const auto opened = session_.open(now_, error);
                require((opened == 0) == static_cast<bool>(error));
                return keep(opened);
            }
            case 7:
                return write(id, std::size_t{in_.byte()} * 300);
            case 8:
                return read(id, std::size_t{in_.byte()} * 2'000);
            case 9:
                static_cast<void>(session_.shutdown(id));
                return;
            case 10:
                return session_.reset(id);
            case 11:
                session_.release(id, now_);
                std::erase(ids_, id);
                return;
            case 12:
                return hear(in_.byte());
            case 13:
                now_ += milliseconds(in_.byte() * 40);
                return session_.tick(now_);
            case 14:
                if (in_.byte() % 8 == 0) session_.go_away();
                return session_.probe(now_, milliseconds(500));
            default:
                while (session_.next_event()) {
                }
        }
    }
    void keep(StreamId id) {
        if (id == 0) return;
        require(std::find(ids_.begin(), ids_.end(), id) == ids_.end());
        ids_.push_back(id);
    }
    void say(FrameType type, std::size_t length) {
        FrameHeader header{type, static_cast<std::uint16_t>(in_.byte() & 15), StreamId{in_.byte()} % 16,
                           static_cast<std::uint32_t>(length)};
        if (type != FrameType::data) header.length = std::uint32_t{in_.byte()} << (in_.byte() % 32);
        if (type == FrameType::ping) header.stream = 0;
        session_.receive(encode(header), now_);
        if (type == FrameType::data) session_.receive(Bytes(scratch()).first(length), now_);
    }
    void write(StreamId id, std::size_t count) {
        const auto progress = session_.write(id, Bytes(scratch()).first(count));
        require(progress.bytes <= count && (!progress.error || progress.bytes == 0));
    }
    void read(StreamId id, std::size_t count) {
        const auto progress = session_.read(id, std::span(scratch()).first(count), now_);
        require(progress.bytes <= count && (!progress.error || progress.bytes == 0));
    }
    void hear(int frames) {
        std::vector<Byte> out;
        for (; frames > 0 && session_.send(out, now_); --frames) {
            require(out.size() >= header_bytes && out.size() <= header_bytes + max_payload_sent);
            Bytes rest(out);
            require(sent_.next(rest) == FrameReader::Kind::header);
            if (!rest.empty()) require(sent_.next(rest) == FrameReader::Kind::payload);
            require(rest.empty() && sent_.between_frames());
            out.clear();
        }
        if (frames > 0) session_.written(now_);
    }
    void check() {
        // What the application holds after the peer has given it up does not count against the peer.
        require(session_.streams() <= limits_.max_streams);
        require(session_.held_bytes() <= limits_.receive_budget + limits_.max_streams * (limits_.send_buffer + 16 * 1024));
        require(session_.deadline() == never || session_.deadline() <= now_ + limits_.ping_cap);
    }

    Limits limits_ = small_limits();
    TimePoint now_{};
    Session session_;
    FrameReader sent_;
    std::vector<StreamId> ids_;
    Input in_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    Play(data[0] % 2 == 0 ? Role::client : Role::server, Bytes(data + 1, size - 1)).run();
    return 0;
}
