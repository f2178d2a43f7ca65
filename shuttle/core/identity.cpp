#include "shuttle/core/identity.hpp"

#include <algorithm>

namespace shuttle::core {
namespace {

constexpr std::string_view join_id_label = "imshuttle join id 1";
constexpr std::string_view join_key_label = "imshuttle join key 1";

Bytes bytes_of(std::string_view text) noexcept {
    return {reinterpret_cast<const Byte*>(text.data()), text.size()};
}

}  // namespace

std::string_view word_of(VerdictCode code) noexcept {
    switch (code) {
        case VerdictCode::welcome:
            return "welcome";
        case VerdictCode::replacing:
            return "replacing";
        case VerdictCode::unknown_agent:
            return "unknown_agent";
        case VerdictCode::wrong_key:
            return "wrong_key";
        case VerdictCode::revoked:
            return "revoked";
        case VerdictCode::bad_join_code:
            return "bad_join_code";
        case VerdictCode::version:
            return "version";
        case VerdictCode::busy:
            return "busy";
        case VerdictCode::draining:
            return "draining";
        case VerdictCode::failed:
            return "failed";
    }
    return {};
}

bool known(Byte code) noexcept {
    return !word_of(static_cast<VerdictCode>(code)).empty();
}

bool is_agent_id(std::string_view text) noexcept {
    if (text.size() < 2 || text.size() > longest_agent_id || text.front() < 'a' || text.front() > 'z') return false;
    return std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

bool same_digest(const Digest& a, const Digest& b) noexcept {
    Byte different = 0;
    for (std::size_t k = 0; k < a.size(); ++k) different = static_cast<Byte>(different | (a[k] ^ b[k]));
    return different == 0;
}

JoinId join_id_of(const JoinSecret& secret, const Crypto& crypto) {
    const Digest digest = crypto.hmac_sha256(secret, bytes_of(join_id_label));
    JoinId id{};
    std::copy_n(digest.begin(), id.size(), id.begin());
    return id;
}

Digest join_key_of(const JoinSecret& secret, const Crypto& crypto) {
    return crypto.hmac_sha256(secret, bytes_of(join_key_label));
}

}  // namespace shuttle::core
