#include "shuttle/relay/client_hello.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace shuttle::relay {

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint8_t handshake_record = 22, client_hello = 1, host_name = 0;
constexpr std::size_t record_head = 5, message_head = 4, longest_record = 16 * 1024;
constexpr unsigned server_name = 0;

// Takes pieces from the front; what is too short is nothing, from then on.
class Reader {
public:
    explicit Reader(Bytes bytes) : bytes_(bytes) {}

    [[nodiscard]] std::size_t number(std::size_t size) {
        std::size_t value = 0;
        for (const auto byte : take(size)) value = value << 8U | byte;
        return value;
    }
    Bytes take(std::size_t size) {
        good_ = good_ && size <= bytes_.size();
        if (!good_) return {};
        const auto taken = bytes_.first(size);
        bytes_ = bytes_.subspan(size);
        return taken;
    }
    // A field with its length of `size` bytes before it.
    Bytes field(std::size_t size) { return take(number(size)); }
    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] bool empty() const { return bytes_.empty(); }

private:
    Bytes bytes_;
    bool good_ = true;
};

std::string name_of_extension(Bytes extension) {
    Reader list(extension);
    Reader names(list.field(2));
    while (list.good() && names.good() && !names.empty()) {
        const auto type = names.number(1);
        const auto name = names.field(2);
        if (!names.good() || type != host_name) continue;
        const auto visible = [](std::uint8_t c) { return c > 0x20 && c < 0x7F; };
        if (name.empty() || name.size() > 255 || !std::all_of(name.begin(), name.end(), visible)) return {};
        std::string text(name.begin(), name.end());
        std::transform(text.begin(), text.end(), text.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        return text;
    }
    return {};
}

// Of a whole ClientHello without its head.
std::string name_of_message(Bytes body) {
    Reader hello(body);
    hello.take(2 + 32);  // version and random
    hello.field(1);      // session
    hello.field(2);      // ciphers
    hello.field(1);      // compressions
    Reader extensions(hello.field(2));
    while (hello.good() && extensions.good() && !extensions.empty()) {
        const auto type = extensions.number(2);
        const auto extension = extensions.field(2);
        if (extensions.good() && type == server_name) return name_of_extension(extension);
    }
    return {};
}

// The handshake's bytes of all records that have come, the last perhaps cut; nothing where it is no handshake.
std::optional<std::vector<std::uint8_t>> unpacked(Bytes bytes) {
    std::vector<std::uint8_t> message;
    while (!bytes.empty()) {
        if (bytes[0] != handshake_record || (bytes.size() > 1 && bytes[1] != 3)) return std::nullopt;
        if (bytes.size() < record_head) break;
        const std::size_t length = static_cast<std::size_t>(bytes[3]) << 8U | bytes[4];
        if (length == 0 || length > longest_record) return std::nullopt;
        const auto here = bytes.subspan(record_head).first(std::min(length, bytes.size() - record_head));
        message.insert(message.end(), here.begin(), here.end());
        bytes = bytes.subspan(record_head + here.size());
    }
    return message;
}

}  // namespace

HelloName name_in(Bytes bytes) {
    const auto message = unpacked(bytes);
    if (!message || (!message->empty() && message->front() != client_hello)) return {};
    Reader reader(*message);
    reader.take(1);
    const auto length = reader.number(message_head - 1);
    if (reader.good() && length > longest_hello) return {};
    const auto body = reader.take(length);
    if (!reader.good()) return {bytes.size() >= longest_hello ? HelloName::Kind::none : HelloName::Kind::more, {}};
    auto name = name_of_message(body);
    if (name.empty()) return {};
    return {HelloName::Kind::name, std::move(name)};
}

}  // namespace shuttle::relay
