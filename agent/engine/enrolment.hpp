// What joins this agent with a relay: made by `imconnector enroll`, kept as one secret file beside the other keys, read by the
// running agent. It holds the way to the relay, too, so that nobody has to configure it twice. What it is not: the tunnel.
#pragma once

#include "shuttle/io/dialer.hpp"
#include "shuttle/io/keys.hpp"

#include <boost/system/result.hpp>
#include <memory>
#include <optional>
#include <string>

namespace imc::engine {

struct Enrolment {
    std::string address;  // of the relay, "host:port"
    std::string relay;    // its name
    shuttle::core::PublicKey relay_key{};
    std::string agent;  // our id there
    std::shared_ptr<const shuttle::io::Key> key;
    std::string proxy = "auto";  // "auto", "none" or a URL
    std::string proxy_user, proxy_password;
    std::string ca_file;
    bool refuse_interception = false;
};

// Nothing: not enrolled. The error is a sentence without secrets.
[[nodiscard]] boost::system::result<std::optional<Enrolment>, std::string> read_enrolment(const std::string& file);
[[nodiscard]] boost::system::result<void, std::string> write_enrolment(const std::string& file, const Enrolment& enrolment);

// Where to dial, as whom. Throws where the address is none; read_enrolment() gives no such one.
[[nodiscard]] shuttle::io::DialTarget target_of(const Enrolment& enrolment, boost::asio::any_io_executor pool);

}  // namespace imc::engine
