#include "agent/host/secret.hpp"

#include "agent/host/files.hpp"

namespace imc::host {
namespace {

constexpr std::size_t overhead = 1'024;  // of protection

}  // namespace

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
