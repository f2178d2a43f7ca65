#include "agent/api/response.hpp"

#include "agent/api/gzip.hpp"
#include "agent/api/tag.hpp"
#include "agent/api/views.hpp"

namespace imc::api {

Response json_answer(const nlohmann::json& json, unsigned status) {
    return json_response(status, text_of(json));
}

Response text_answer(std::string text, std::string content_type) {
    Response response;
    response.content_type = std::move(content_type);
    response.body = std::make_shared<const std::string>(std::move(text));
    return response;
}

Response not_found(const std::string& detail) {
    return problem(404, "not-found", "Not found", detail);
}

Response refused(const Refusal& refusal) {
    const std::string_view title = refusal.status == 404   ? "Not found"
                                   : refusal.status == 409 ? "Conflict"
                                   : refusal.status == 503 ? "Not available now"
                                                           : "Not acceptable";
    Response response = problem(refusal.status, refusal.type, title, refusal.detail);
    if (refusal.status == 503) response.headers.emplace_back("Retry-After", "10");
    return response;
}

Response not_modified(const std::string& tag) {
    Response response;
    response.status = 304;
    response.etag = tag;
    return response;
}

std::string body_tag(const Response& response) {
    return entity_tag(Digest().add(*response.body).value());
}

bool caller_has(const Request& request, const std::string& tag) {
    return tag_listed(request.if_none_match, tag);
}

Response finished(const Request& request, Response response) {
    if (response.status != 200 || !response.body) return response;
    if (response.etag.empty()) response.etag = body_tag(response);
    if (caller_has(request, response.etag)) return not_modified(response.etag);
    if (request.accepts_gzip && !response.body_gzip && response.body->size() > worth_compressing) {
        response.body_gzip = gzipped(*response.body);
    }
    return response;
}

}  // namespace imc::api
