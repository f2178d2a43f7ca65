#include "agent/engine/join_request.hpp"

#include "agent/host/files.hpp"
#include "agent/host/secret.hpp"

#include <boost/system/errc.hpp>
#include <nlohmann/json.hpp>

namespace imc::engine {
namespace {

using nlohmann::json;

constexpr std::size_t largest_request = 16 * 1024;

std::string text_of(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

boost::system::result<std::optional<JoinRequest>, std::string> read_join_request(const std::string& file) {
    using Result = boost::system::result<std::optional<JoinRequest>, std::string>;
    const auto text = host::read_own_secret(file, largest_request);
    if (!text && text.error() == boost::system::errc::no_such_file_or_directory) return std::optional<JoinRequest>();
    if (!text) return Result(boost::system::in_place_error, file + " cannot be read: " + text.error().message());
    const json object = json::parse(*text, nullptr, false);
    if (!object.is_object()) return Result(boost::system::in_place_error, file + " is damaged");
    JoinRequest request;
    request.code = text_of(object, "code");
    request.problem = text_of(object, "problem");
    const auto given = object.find("given");
    if (given != object.end() && given->is_number_integer()) request.given = given->get<std::int64_t>();
    return std::optional<JoinRequest>(std::move(request));
}

boost::system::result<void, std::string> write_join_request(const std::string& file, const JoinRequest& request) {
    using Result = boost::system::result<void, std::string>;
    const json object = {{"code", request.code}, {"given", request.given}, {"problem", request.problem}};
    const auto written = host::write_file(file, object.dump(2, ' ', true, json::error_handler_t::replace) + "\n", true);
    if (!written) return Result(boost::system::in_place_error, file + " cannot be written: " + written.error().message());
    return Result();
}

std::string fault_text(shuttle::core::JoinCodeFault fault) {
    switch (fault) {
        case shuttle::core::JoinCodeFault::damaged:
            return "the join code was not copied completely and letter by letter; copy it again";
        case shuttle::core::JoinCodeFault::other_version:
            return "the join code is of a later version than this program understands; update the program";
        default:
            return "that is no join code; imshuttle join-code create makes one";
    }
}

Enrolment begin_enrolment(const shuttle::core::JoinCode& code) {
    Enrolment enrolment;
    enrolment.address = code.address;
    enrolment.relay = code.relay;
    enrolment.relay_key = code.relay_key;
    enrolment.key = shuttle::io::Key::make();
    return enrolment;
}

}  // namespace imc::engine
