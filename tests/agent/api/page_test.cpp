// The local page as it is served: its files, its brand, its policy.
#include "agent/api/brand.hpp"
#include "agent/api/page_files.hpp"
#include "fixed_server.hpp"

using namespace imc;
using fixed::ask;
using fixed::header;
using fixed::Server;
using nlohmann::json;

TEST_CASE("the page names the product as configured, as text and never as markup") {
    const Server server;
    auto next = server.backend->copy();
    config::Config config;
    config.brand.product = "Acme <Backup> & Co";
    next.config = std::make_shared<const config::Config>(config);
    server.backend->publish(next);
    const auto response = ask(server.handler, "GET", "/", {}, {api::Scope::none, "", false, ""});
    CHECK(response.content_type == "text/html; charset=utf-8");
    CHECK(response.body->find("<title>Acme &lt;Backup&gt; &amp; Co</title>") != std::string::npos);
    CHECK(response.body->find("<Backup>") == std::string::npos);
    CHECK(response.body->find("{{") == std::string::npos);
    CHECK(response.body->find("/openapi.json") != std::string::npos);
}

TEST_CASE("all files of the page come with a policy that lets in nothing from elsewhere") {
    const Server server;
    for (const auto* path : {"/", "/page/main.js", "/page/style.css", "/page/icon.svg", "/page/brand.css", "/page/about.json"}) {
        const auto response = ask(server.handler, "GET", path, {}, {api::Scope::none, "", true, ""});
        INFO(path);
        CHECK(response.status == 200);
        const auto policy = header(response, "Content-Security-Policy");
        CHECK(policy.find("default-src 'none'; script-src 'self'; style-src 'self'") == 0);
        for (const auto* part : {"frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'"}) {
            CHECK(policy.find(part) != std::string::npos);
        }
        CHECK(policy.find("unsafe") == std::string::npos);
        CHECK(header(response, "X-Frame-Options") == "DENY");
        CHECK(ask(server.handler, "GET", path, {}, {api::Scope::none, response.etag, true, ""}).status == 304);
    }
    const auto script = ask(server.handler, "GET", "/page/main.js", {}, {api::Scope::none, "", true, ""});
    CHECK(script.content_type == "text/javascript; charset=utf-8");
    REQUIRE(script.body_gzip);
    CHECK(script.body_gzip->size() < script.body->size());
}

TEST_CASE("the page has no code or style of its own in its markup, and knows no address of anybody else") {
    const Server server;
    const auto home = *ask(server.handler, "GET", "/", {}, {api::Scope::none, "", false, ""}).body;
    CHECK(home.find(" style=") == std::string::npos);
    CHECK(home.find(" onclick=") == std::string::npos);
    CHECK(home.find("<style") == std::string::npos);
    for (const auto& file : api::page_files()) {
        INFO(file.name);
        const std::string text(file.bytes);
        for (const auto* foul :
             {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "localStorage", "document.cookie"}) {
            CHECK(text.find(foul) == std::string::npos);
        }
        auto at = text.find("://");
        while (at != std::string::npos) {
            CHECK(text.substr(at, 14) == "://www.w3.org/");  // the name of a namespace
            at = text.find("://", at + 1);
        }
        // What index.html and the modules name is there.
        if (file.name.ends_with(".js")) CHECK(ask(server.handler, "GET", "/page/" + std::string(file.name), {}, {}).status == 200);
    }
}

TEST_CASE("files that the page does not have are not found, and nothing of the disk is") {
    const Server server;
    for (const auto* path : {"/page/", "/page/nothing.js", "/page/..%2Fmain.js", "/page/%2e%2e", "/page/MAIN.JS"}) {
        CHECK(server.get(path, 404)["type"] == "/problems/not-found");
    }
    CHECK(server.get("/page/main.js?x=1", 400)["type"] == "/problems/bad-parameter");
}

TEST_CASE("the configured colour reaches style and icon, with text that can be read on it") {
    const Server server;
    const auto style = [&] { return *ask(server.handler, "GET", "/page/brand.css", {}, {api::Scope::none, "", false, ""}).body; };
    CHECK(style().find("--brand") == std::string::npos);
    for (const auto& [color, text] : {std::pair{"#ffd400", "#000000"}, std::pair{"#7a1f6b", "#ffffff"}}) {
        auto next = server.backend->copy();
        config::Config config;
        config.brand.color = color;
        next.config = std::make_shared<const config::Config>(config);
        server.backend->publish(next);
        CHECK(style() == ":root {\n    --brand: " + std::string(color) + ";\n    --on-brand: " + text + ";\n}\n");
        CHECK(ask(server.handler, "GET", "/page/icon.svg", {}, {}).body->find(color) != std::string::npos);
        CHECK(server.get("/page/about.json")["color"] == color);
    }
    CHECK(api::luminance("#ffffff") == Approx(1.0));
    CHECK(api::luminance("red;}") == 0);
    CHECK(api::brand_style("#12345;").find("--brand") == std::string::npos);
}
