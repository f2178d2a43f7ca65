// The words that the command line, the API and the store use for the enumerators of the library.
#include "spchain/folder.hpp"
#include "spchain/name.hpp"

namespace spchain {
namespace {

// A value outside the enumeration can only come from a cast; it has no word.
template <class Enum, std::size_t N>
constexpr std::string_view word(const std::string_view (&words)[N], Enum value) noexcept {
    const auto index = static_cast<std::size_t>(value);
    return index < N ? words[index] : std::string_view{};
}

}  // namespace

std::string_view to_string(NameType type) noexcept {
    static constexpr std::string_view words[] = {"image", "companion", "foreign"};
    return word(words, type);
}

std::string_view to_string(Kind kind) noexcept {
    static constexpr std::string_view words[] = {"full",   "differential", "incremental", "daily",
                                                 "weekly", "monthly",      "rolling",     "consolidated"};
    return word(words, kind);
}

std::string_view to_string(Companion companion) noexcept {
    static constexpr std::string_view words[] = {"md5", "bitmap", "spk", "spwb", "tmp", "badlog"};
    return word(words, companion);
}

std::string_view to_string(Basis basis) noexcept {
    static constexpr std::string_view words[] = {"inferred", "observed", "attested", "named"};
    return word(words, basis);
}

std::string_view to_string(Verdict verdict) noexcept {
    static constexpr std::string_view words[] = {"broken", "doubtful", "presumed", "certain"};
    return word(words, verdict);
}

std::string_view to_string(State state) noexcept {
    static constexpr std::string_view words[] = {"present", "settling", "orphan"};
    return word(words, state);
}

std::string_view to_string(Standing standing) noexcept {
    static constexpr std::string_view words[] = {"good", "doubted", "refused"};
    return word(words, standing);
}

std::string_view to_string(Profile profile) noexcept {
    static constexpr std::string_view words[] = {"primary", "replica"};
    return word(words, profile);
}

}  // namespace spchain
