#include "shuttle/relay/desk.hpp"

#include <chrono>
#include <cstdlib>
#include <iostream>

namespace shuttle::relay {

using nlohmann::json;

namespace {

constexpr std::size_t largest_state = 64u << 20;
constexpr std::int64_t believed_seconds = 30;  // a running relay tells anew every ten

}  // namespace

int complain(const std::string& says) {
    std::cerr << "imshuttle: " << says << "\n";
    return 1;
}

json running(const Places& places) {
    const auto text = imc::host::read_file(places.state, largest_state);
    if (!text) return {};
    json state = json::parse(*text, nullptr, false);
    const auto told = state.is_object() ? state.value("told", json()) : json();
    if (!told.is_number_integer() || std::abs(unix_now() - told.get<std::int64_t>()) > believed_seconds) return {};
    return state;
}

std::string moment(std::int64_t time) {
    if (time == 0) return "-";
    const auto days = std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(time)));
    const std::chrono::year_month_day date(days);
    const std::chrono::hh_mm_ss clock(std::chrono::sys_seconds(std::chrono::seconds(time)) - days);
    const auto two = [](auto number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    return std::to_string(static_cast<int>(date.year())) + "-" + two(static_cast<unsigned>(date.month())) + "-" +
           two(static_cast<unsigned>(date.day())) + "T" + two(clock.hours().count()) + ":" + two(clock.minutes().count()) + ":" +
           two(clock.seconds().count()) + "Z";
}

json moment_json(std::int64_t time) {
    return time == 0 ? json() : json(moment(time));
}

void print(const json& document) {
    std::cout << document.dump(2, ' ', false, json::error_handler_t::replace) << "\n";
}

bool group_name(const std::string& text) {
    return !text.empty() && text.size() <= 64 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == std::string::npos;
}

json allowance_json(const Allowance& allowance) {
    if (allowance == Allowance{}) return nullptr;
    const auto number = [](std::int64_t value) { return value == 0 ? json() : json(value); };
    return {{"streams", number(allowance.streams)},
            {"connects_per_second", number(allowance.connects)},
            {"bytes_per_second", number(allowance.bytes)}};
}

}  // namespace shuttle::relay
