// How the resources answer: JSON bodies, pages for people, and the problems that several of them know. What it is
// not: a server.
#pragma once

#include "agent/api/backend.hpp"

#include <nlohmann/json.hpp>
#include <string>

namespace imc::api {

[[nodiscard]] Response json_answer(const nlohmann::json& json, unsigned status = 200);
[[nodiscard]] Response text_answer(std::string text, std::string content_type);

[[nodiscard]] Response not_found(const std::string& detail);
[[nodiscard]] Response refused(const Refusal& refusal);

// For the answer to a GET: gives it a tag where it has none, says 304 where the caller has it, and adds the
// compressed body where one is asked for and there is none.
[[nodiscard]] Response finished(const Request& request, Response response);
[[nodiscard]] Response not_modified(const std::string& tag);
[[nodiscard]] std::string body_tag(const Response& response);
// Whether If-None-Match names the tag.
[[nodiscard]] bool caller_has(const Request& request, const std::string& tag);

}  // namespace imc::api
