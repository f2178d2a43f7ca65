#include "agent/api/http.hpp"

#include <nlohmann/json.hpp>

namespace imc::api {

std::optional<std::string> Request::parameter(const std::string& name) const {
    const auto found = query.find(name);
    if (found == query.end()) return std::nullopt;
    return found->second;
}

Response json_response(unsigned status, std::string body) {
    Response response;
    response.status = status;
    response.body = std::make_shared<const std::string>(std::move(body));
    return response;
}

Response problem(unsigned status, std::string_view type, std::string_view title, std::string_view detail) {
    const nlohmann::ordered_json body = {
        {"type", "/problems/" + std::string(type)}, {"title", title}, {"status", status}, {"detail", detail}};
    auto response = json_response(status, body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    response.content_type = "application/problem+json";
    return response;
}

}  // namespace imc::api
