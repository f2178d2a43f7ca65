#include "agent/api/request_reader.hpp"

#include <algorithm>

namespace imc::api {
namespace {

constexpr Refused bad_line{400, "bad-request", "Malformed request", "Lines of a request end with carriage return and line feed."};
constexpr Refused bad_chunk{400, "bad-framing", "Malformed chunk", "The chunked body is not as RFC 9112 has it."};
constexpr Refused large_body{413, "body-too-large", "Body too large", "The body is larger than api.max_body_bytes allows."};
constexpr Refused large_head{431, "header-too-large", "Header too large", "The header is larger than api.max_header_bytes allows."};

constexpr int most_blank_lines = 2;         // some old clients send one behind a body
constexpr std::size_t kept_memory = 1'024;  // bytes that an idle connection may hold

}  // namespace

RequestReader::RequestReader(std::size_t head_limit, std::size_t body_limit) : head_limit_(head_limit), body_limit_(body_limit) {}

RequestReader::State RequestReader::refuse(const Refused& why) {
    refused_ = why;
    buffer_.clear();
    return state_ = State::refused;
}

RequestReader::State RequestReader::put(std::string_view bytes) {
    if (state_ == State::complete || state_ == State::refused) return state_;
    buffer_.append(bytes);
    return advance();
}

RequestReader::State RequestReader::next() {
    if (state_ == State::refused) return state_;
    head_ = Head();
    chunks_ = ChunkedDecoder();
    blank_lines_ = 0;
    state_ = State::idle;
    if (buffer_.empty() && buffer_.capacity() > kept_memory) std::string().swap(buffer_);
    return advance();
}

RequestReader::State RequestReader::advance() {
    if (state_ == State::idle || state_ == State::head) read_head();
    if (state_ == State::body) read_body();
    return state_;
}

// Position behind the empty line that ends the head; npos: not there yet, or refused.
std::size_t RequestReader::find_end() {
    for (auto feed = buffer_.find('\n', searched_); feed != std::string::npos; feed = buffer_.find('\n', searched_)) {
        if (feed >= head_limit_) break;  // what is behind the limit does not matter any more
        if (feed == 0 || buffer_[feed - 1] != '\r') {
            refuse(bad_line);
            return std::string::npos;
        }
        const bool blank = feed - line_begin_ == 1;
        searched_ = feed + 1;
        if (blank && line_begin_ > 0) return searched_;
        if (!blank) {
            line_begin_ = searched_;
            continue;
        }
        if (++blank_lines_ > most_blank_lines) {
            refuse(bad_line);
            return std::string::npos;
        }
        buffer_.erase(0, searched_);
        searched_ = 0;
    }
    searched_ = buffer_.size();
    if (searched_ > head_limit_) refuse(large_head);
    return std::string::npos;
}

RequestReader::State RequestReader::read_head() {
    const auto end = find_end();
    if (state_ == State::refused) return state_;
    if (end == std::string::npos) return state_ = buffer_.empty() ? State::idle : State::head;
    auto head = parse_head(std::string_view(buffer_).substr(0, end));
    if (!head) return refuse(head.error());
    head_ = std::move(*head);
    buffer_.erase(0, end);
    searched_ = 0;
    line_begin_ = 0;
    if (head_.framing == Framing::none) return state_ = State::complete;
    if (head_.framing == Framing::length && head_.length > body_limit_) return refuse(large_body);
    return state_ = State::body;
}

RequestReader::State RequestReader::read_body() {
    auto& body = head_.request.body;
    std::string_view bytes = buffer_;
    if (head_.framing == Framing::length) {
        const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(head_.length - body.size(), bytes.size()));
        body.append(bytes.substr(0, piece));
        buffer_.erase(0, piece);
        if (body.size() == head_.length) state_ = State::complete;
        return state_;
    }
    const auto result = chunks_.put(bytes, body, body_limit_);
    buffer_.erase(0, buffer_.size() - bytes.size());
    if (result == ChunkedDecoder::Result::malformed) return refuse(bad_chunk);
    if (result == ChunkedDecoder::Result::too_large) return refuse(large_body);
    return state_ = result == ChunkedDecoder::Result::done ? State::complete : State::body;
}

}  // namespace imc::api
