// The local page for people: "/" and "/page/{file}". It needs no token because it holds no data: the browser asks the API
// for those with the token that its user types in.
#include "agent/api/brand.hpp"
#include "agent/api/page_files.hpp"
#include "agent/api/resources.hpp"
#include "agent/api/response.hpp"
#include "agent/api/views.hpp"

#include <algorithm>
#include <iterator>

namespace imc::api {

using nlohmann::json;

namespace {

constexpr std::string_view home_file = "index.html";
constexpr std::string_view default_color = "#1f6f8b";  // of the icon, as in style.css

struct Field {
    std::string_view name, value;
};
// Scripts and styles come from here alone, nothing is embedded anywhere, no form is sent anywhere, and text never becomes
// markup: the browser refuses to turn a string into code or elements.
constexpr Field guards[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
     "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"},
    {"X-Frame-Options", "DENY"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
};

std::string_view type_of(std::string_view name) {
    if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
    if (name.ends_with(".css")) return "text/css; charset=utf-8";
    if (name.ends_with(".svg")) return "image/svg+xml";
    return name.ends_with(".json") ? "application/json" : "text/html; charset=utf-8";
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) text.replace(at, what.size(), by);
}

// What the page must know before anybody has signed in.
std::string about(const config::Brand& brand) {
    return text_of({{"product", brand.product}, {"color", word_json(brand.color)}, {"calls", call_names()}});
}

std::optional<std::string> content_of(const std::string& name, const config::Brand& brand) {
    if (name == "about.json") return about(brand);
    if (name == "brand.css") return brand_style(brand.color);
    const auto files = page_files();
    const auto file = std::find_if(files.begin(), files.end(), [&](const PageFile& one) { return one.name == name; });
    if (file == files.end()) return std::nullopt;
    std::string content(file->bytes);
    if (name == home_file) replace_all(content, "{{product}}", html_text(brand.product));
    if (name == "icon.svg" && !brand.color.empty()) replace_all(content, default_color, brand.color);
    return content;
}

Response made(const std::string& name, const config::Brand& brand) {
    auto content = content_of(name, brand);
    if (!content) return not_found("There is no such file of the page.");
    Response response = text_answer(std::move(*content), std::string(type_of(name)));
    for (const auto& [field, value] : guards) response.headers.emplace_back(field, value);
    response.etag = body_tag(response);
    Request request;
    request.accepts_gzip = true;
    return finished(request, std::move(response));
}

}  // namespace

const Response& State::page(const std::string& name) {
    const auto& brand = index()->config().brand;
    if (!page_brand_ || !(*page_brand_ == brand)) {
        page_brand_ = brand;
        page_.clear();
    }
    static const Response absent = not_found("There is no such file of the page.");
    const auto known = page_.find(name);
    if (known != page_.end()) return known->second;
    Response response = made(name, brand);
    if (response.status != 200) return absent;  // names that callers invent are not kept
    return page_.emplace(name, std::move(response)).first->second;
}

Response get_home(State& state, const Call& call) {
    if (auto problem = Query(call.request).finish()) return std::move(*problem);
    return state.page(std::string(home_file));
}

Response get_page_file(State& state, const Call& call) {
    if (auto problem = Query(call.request).finish()) return std::move(*problem);
    return state.page(call.words[0]);
}

}  // namespace imc::api
