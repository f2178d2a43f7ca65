#include "agent/imagemanager/log_line.hpp"

#include "agent/imagemanager/month_names.hpp"
#include "spchain/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace imc::imagemanager {
namespace {

namespace ascii = spchain::ascii;

constexpr std::string_view blanks = " \t\r\n\v\f";

bool ends_with(std::string_view text, std::string_view word) noexcept {
    return text.size() >= word.size() && ascii::same(text.substr(text.size() - word.size()), word);
}

// Takes `least` to `most` digits from the front of `text`.
std::optional<int> digits(std::string_view& text, std::size_t least, std::size_t most) noexcept {
    int value = 0;
    std::size_t count = 0;
    while (count < text.size() && count < most && text[count] >= '0' && text[count] <= '9') {
        value = value * 10 + (text[count++] - '0');
    }
    if (count < least) return std::nullopt;
    text.remove_prefix(count);
    return value;
}

bool skip(std::string_view& text, char letter) noexcept {
    if (!text.starts_with(letter)) return false;
    text.remove_prefix(1);
    return true;
}

bool exists(const CivilTime& t) noexcept {
    constexpr std::array<int, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (t.year < 1 || t.month < 1 || t.day < 1 || t.hour > 23 || t.minute > 59 || t.second > 59) return false;
    const bool leap = t.year % 4 == 0 && (t.year % 100 != 0 || t.year % 400 == 0);
    return t.day <= days[static_cast<std::size_t>(t.month - 1)] + (leap && t.month == 2 ? 1 : 0);
}

struct Stamp {
    std::string_view text;  // empty: the line does not begin with a time
    std::optional<CivilTime> time;
};

// d-MMM-yyyy HH:mm:ss, in front of white space or the line's end.
Stamp stamp_of(std::string_view line) noexcept {
    constexpr std::size_t longest_month = 16;
    std::string_view rest = line;
    const auto day = digits(rest, 1, 2);
    if (!day || !skip(rest, '-')) return {};
    const auto dash = rest.substr(0, longest_month + 1).find('-');
    if (dash == std::string_view::npos || dash == 0) return {};
    const auto name = rest.substr(0, dash);
    if (name.find_first_of(" \t:\\/") != std::string_view::npos) return {};
    rest.remove_prefix(dash + 1);
    const auto year = digits(rest, 4, 4);
    if (!year || !skip(rest, ' ')) return {};
    const auto hour = digits(rest, 1, 2);
    if (!hour || !skip(rest, ':')) return {};
    const auto minute = digits(rest, 2, 2);
    if (!minute || !skip(rest, ':')) return {};
    const auto second = digits(rest, 2, 2);
    if (!second || (!rest.empty() && rest.front() != ' ' && rest.front() != '\t')) return {};
    Stamp found{line.substr(0, line.size() - rest.size()), std::nullopt};
    const CivilTime time{*year, month_of(name), *day, *hour, *minute, *second};
    if (exists(time)) found.time = time;
    return found;
}

bool is_drive_letter(char c) noexcept {
    return ascii::lower(c) >= 'a' && ascii::lower(c) <= 'z';
}

// One full path of Windows that ends as images do, and nothing besides it.
bool is_image_path(std::string_view text) noexcept {
    if (!ends_with(text, ".spi") && !ends_with(text, ".spf")) return false;
    if (text.size() > 3 && is_drive_letter(text[0]) && text[1] == ':' && text[2] == '\\') {
        text.remove_prefix(3);
    } else if (text.starts_with("\\\\")) {
        text.remove_prefix(2);
    } else {
        return false;
    }
    // Characters that no name on Windows has, and an empty part: two paths with words between them.
    const bool clean = std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    return clean && text.find_first_of("<>:\"/|?*") == std::string_view::npos && text.find("\\\\") == std::string_view::npos;
}

// The image's name at the front of `text`, up to its ending; empty where there is none.
std::string_view image_at_front(std::string_view text) noexcept {
    constexpr std::size_t ending = 4;
    for (std::size_t at = 1; at + ending <= text.size(); ++at) {
        const auto word = text.substr(at, ending);
        if (!ends_with(word, ".spi") && !ends_with(word, ".spf")) continue;
        const auto after = at + ending;
        if (after == text.size() || blanks.find(text[after]) != std::string_view::npos) return text.substr(0, after);
    }
    return {};
}

std::string_view without_brackets(std::string_view text) noexcept {
    text = ascii::trimmed(text, blanks);
    if (text.size() >= 2 && text.front() == '(' && text.back() == ')') text = text.substr(1, text.size() - 2);
    return text;
}

bool about_file(LogLine& line, std::string_view message, std::string_view words, LogMessage kind) noexcept {
    const auto at = message.find(words);
    if (at == std::string_view::npos) return false;
    const auto rest = ascii::trimmed(message.substr(at + words.size()), blanks);
    const auto file = image_at_front(rest);
    if (file.empty()) return false;
    const auto detail = without_brackets(rest.substr(file.size()));
    if (kind == LogMessage::chkdsk_succeeded && detail != "No errors were found") return false;
    line.message = kind;
    line.file = file;
    line.detail = detail;
    return true;
}

// "C_VOL-b001-i005-cd_VirtualBoot_VM": letters, digits, "_" and "-" before the last word, back to white space or a path's end.
void find_machine(LogLine& line, std::string_view message) noexcept {
    constexpr std::string_view last = "_VirtualBoot_VM";
    const auto at = message.find(last);
    if (at == std::string_view::npos || message.substr(0, at).find("_VOL") == std::string_view::npos) return;
    const auto before = message.substr(0, at).find_last_of(" \t\\/\"'");
    const auto begin = before == std::string_view::npos ? 0 : before + 1;
    line.message = LogMessage::virtual_machine;
    line.file = message.substr(begin, at + last.size() - begin);
}

LogLine begun(std::string_view line, std::string_view& message) noexcept {
    LogLine parsed;
    parsed.text = ascii::trimmed(line, blanks);
    const auto stamp = stamp_of(parsed.text);
    parsed.stamp = stamp.text;
    parsed.time = stamp.time;
    message = ascii::trimmed(parsed.text.substr(stamp.text.size()), blanks);
    return parsed;
}

}  // namespace

std::string to_text(const CivilTime& t) {
    char text[80];
    const int length =
        std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d", t.year, t.month, t.day, t.hour, t.minute, t.second);
    return {text, static_cast<std::size_t>(std::clamp(length, 0, static_cast<int>(sizeof text) - 1))};
}

std::string_view to_string(LogMessage message) noexcept {
    static constexpr std::string_view names[] = {"unknown",         "consolidated",           "chkdsk_succeeded",
                                                 "chkdsk_failed",   "virtual_boot_exception", "took_screenshot",
                                                 "generated_disks", "generated_incrementals", "virtual_machine"};
    return names[static_cast<std::size_t>(message)];
}

LogLine parse_service_line(std::string_view line) noexcept {
    std::string_view message;
    auto parsed = begun(line, message);
    if (!parsed.stamp.empty() && is_image_path(message)) {
        parsed.message = LogMessage::consolidated;
        parsed.file = message;
    }
    return parsed;
}

LogLine parse_folder_line(std::string_view line) noexcept {
    std::string_view message;
    auto parsed = begun(line, message);
    if (about_file(parsed, message, "Chkdsk verify failed: ", LogMessage::chkdsk_failed) ||
        about_file(parsed, message, "virtual boot exception: ", LogMessage::virtual_boot_exception) ||
        about_file(parsed, message, "Chkdsk verify succeeded: ", LogMessage::chkdsk_succeeded)) {
        return parsed;
    }
    if (message.starts_with("Took screenshot")) {
        parsed.message = LogMessage::took_screenshot;
    } else if (message.starts_with("Generated disks")) {
        parsed.message = LogMessage::generated_disks;
    } else if (message.starts_with("Generated incremental images")) {
        parsed.message = LogMessage::generated_incrementals;
    } else {
        find_machine(parsed, message);
    }
    return parsed;
}

std::optional<FolderLogName> parse_folder_log_name(std::string_view name) noexcept {
    if (!name.starts_with('[') || !ends_with(name, ".log")) return std::nullopt;
    const auto close = name.rfind("]-");
    if (close == std::string_view::npos || close < 2) return std::nullopt;
    const auto number = name.substr(close + 2, name.size() - close - 2 - 4);
    FolderLogName found{name.substr(1, close - 1), 0};
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), found.number);
    if (number.empty() || error != std::errc() || end != number.data() + number.size()) return std::nullopt;
    return found;
}

std::optional<std::string> folder_log_key(std::string_view path) {
    if (!path.starts_with("\\\\")) return std::nullopt;
    path.remove_prefix(2);
    while (path.ends_with('\\')) path.remove_suffix(1);
    if (path.empty()) return std::nullopt;
    std::string key(path);
    std::replace(key.begin(), key.end(), '\\', '%');
    return key;
}

}  // namespace imc::imagemanager
