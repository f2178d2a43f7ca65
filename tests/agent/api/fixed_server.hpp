// An API over the fixed backend, asked as a caller asks it and held to the status that is expected. What it is not: a server with
// sockets; live_server.hpp is one.
#pragma once

#include "fixed_backend.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace fixed {

struct Server {
    std::shared_ptr<Backend> backend = std::make_shared<Backend>();
    imc::api::Handler handler = imc::api::make_api(backend);

    nlohmann::json get(const std::string& target, unsigned status = 200) const {
        const auto response = ask(handler, "GET", target);
        INFO(target << ": " << (response.body ? *response.body : ""));
        REQUIRE(response.status == status);
        return nlohmann::json::parse(*response.body);
    }
    nlohmann::json send(const std::string& method, const std::string& target, const std::string& body, unsigned status) const {
        const auto response = ask(handler, method, target, body);
        INFO(method << " " << target << ": " << (response.body ? *response.body : ""));
        REQUIRE(response.status == status);
        return response.body ? nlohmann::json::parse(*response.body) : nlohmann::json();
    }
    std::string volume_id(const std::string& machine, const std::string& volume) const {
        for (const auto& v : backend->published->volumes) {
            if (v.machine == machine && v.volume == volume) return v.id;
        }
        FAIL("no such volume");
        return {};
    }
};

[[nodiscard]] inline std::string header(const imc::api::Response& response, const std::string& name) {
    for (const auto& [key, value] : response.headers) {
        if (key == name) return value;
    }
    return {};
}

[[nodiscard]] inline std::vector<std::string> column(const nlohmann::json& list, const std::string& key) {
    std::vector<std::string> values;
    for (const auto& item : list["items"]) values.push_back(item[key].get<std::string>());
    return values;
}

}  // namespace fixed
