#include "agent/host/secret.hpp"

#include "agent/host/files.hpp"

#include <boost/algorithm/hex.hpp>
#include <iterator>

namespace imc::host {
namespace {

constexpr std::size_t overhead = 1'024;  // of protection

}  // namespace

boost::system::result<std::string> protect_as_text(const std::string& plain) {
    const auto stored = protect(plain);
    if (!stored) return stored.error();
    std::string text;
    boost::algorithm::hex_lower(*stored, std::back_inserter(text));
    return text;
}

boost::system::result<std::string> unprotect_text(const std::string& text) {
    std::string stored;
    try {
        boost::algorithm::unhex(text, std::back_inserter(stored));
    } catch (const boost::algorithm::hex_decode_error&) {
        return boost::system::errc::make_error_code(boost::system::errc::illegal_byte_sequence);
    }
    return unprotect(stored);
}

boost::system::result<std::string> read_secret(const std::string& path, std::size_t limit) {
    const auto stored = read_file(path, limit + overhead);
    return stored ? unprotect(*stored) : stored;
}

boost::system::result<std::string> read_own_secret(const std::string& path, std::size_t limit) {
    const auto stored = read_file(path, limit + overhead);
    if (!stored || !wants_protection(*stored)) return stored ? unprotect(*stored) : stored;
    static_cast<void>(write_file(path, *stored, true));
    return stored;
}

}  // namespace imc::host
