#include "agent/engine/enrolment.hpp"

#include "agent/host/files.hpp"
#include "agent/host/secret.hpp"
#include "agent/version.hpp"

#include <boost/system/errc.hpp>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace imc::engine {
namespace {

using nlohmann::json;
namespace io = shuttle::io;

constexpr std::size_t largest_file = 16 * 1024;

std::string text_at(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<Enrolment> understand(const json& object) {
    if (!object.is_object()) return std::nullopt;
    Enrolment out;
    io::Key::PrivateBytes secret{};
    out.address = text_at(object, "address");
    out.relay = text_at(object, "relay");
    out.agent = text_at(object, "agent");
    const bool whole = io::from_hex(text_at(object, "relay_key"), out.relay_key) && io::from_hex(text_at(object, "key"), secret) &&
                       shuttle::core::parse_host_port(out.address) && shuttle::core::is_agent_id(out.agent) && !out.relay.empty();
    if (!whole) return std::nullopt;
    out.key = io::Key::from(secret);
    out.proxy = text_at(object, "proxy");
    out.proxy_user = text_at(object, "proxy_user");
    out.proxy_password = text_at(object, "proxy_password");
    out.ca_file = text_at(object, "ca_file");
    out.refuse_interception = object.value("refuse_interception", json(false)) == json(true);
    return out;
}

}  // namespace

boost::system::result<std::optional<Enrolment>, std::string> read_enrolment(const std::string& file) {
    using Result = boost::system::result<std::optional<Enrolment>, std::string>;
    const auto text = host::read_own_secret(file, largest_file);
    if (!text && text.error() == boost::system::errc::no_such_file_or_directory) return std::optional<Enrolment>();
    if (!text) return Result(boost::system::in_place_error, file + " cannot be read: " + text.error().message());
    auto enrolment = understand(json::parse(*text, nullptr, false));
    if (!enrolment) return Result(boost::system::in_place_error, file + " is damaged; enroll again: imconnector enroll --replace");
    return enrolment;
}

boost::system::result<void, std::string> write_enrolment(const std::string& file, const Enrolment& enrolment) {
    using Result = boost::system::result<void, std::string>;
    const json object = {{"address", enrolment.address},
                         {"relay", enrolment.relay},
                         {"relay_key", io::hex(enrolment.relay_key)},
                         {"agent", enrolment.agent},
                         {"key", io::hex(enrolment.key->private_bytes())},
                         {"proxy", enrolment.proxy},
                         {"proxy_user", enrolment.proxy_user},
                         {"proxy_password", enrolment.proxy_password},
                         {"ca_file", enrolment.ca_file},
                         {"refuse_interception", enrolment.refuse_interception}};
    const auto written = host::write_file(file, object.dump(2, ' ', true, json::error_handler_t::replace) + "\n", true);
    if (!written) return Result(boost::system::in_place_error, file + " cannot be written: " + written.error().message());
    return Result();
}

shuttle::io::DialTarget target_of(const Enrolment& enrolment, boost::asio::any_io_executor pool) {
    const auto place = shuttle::core::parse_host_port(enrolment.address);
    if (!place) throw std::invalid_argument("no host and port of a relay");
    shuttle::io::DialTarget target;
    target.relay = *place;
    target.intent.relay = enrolment.relay;
    target.intent.relay_key = enrolment.relay_key;
    target.intent.agent = enrolment.agent;
    target.intent.host = host::host_name();
    target.intent.software = "imconnector " + version();
    target.key = enrolment.key;
    target.proxy = enrolment.proxy;
    target.proxy_user = enrolment.proxy_user;
    target.proxy_password = enrolment.proxy_password;
    target.ca_file = enrolment.ca_file;
    target.refuse_interception = enrolment.refuse_interception;
    target.pool = std::move(pool);
    return target;
}

}  // namespace imc::engine
