#include "agent/imagemanager/event_export.hpp"

#include "agent/imagemanager/text_lines.hpp"
#include "agent/scan/utf8.hpp"

#include <algorithm>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <charconv>
#include <chrono>
#include <span>
#include <sstream>

namespace imc::imagemanager {
namespace {

using Tree = boost::property_tree::ptree;
constexpr std::size_t npos = std::string_view::npos;

// The parser calls itself for each level. An entry of ImageManager has some twenty elements.
constexpr std::size_t most_tags = 256;

template <class Number>
std::optional<Number> number(std::string_view text) noexcept {
    Number value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// "2024-01-05T23:59:01.1234567Z".
std::optional<UnixTime> time_of(std::string_view text) {
    constexpr std::size_t seconds_end = 19;
    if (text.size() <= seconds_end || text.back() != 'Z' || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
        text[16] != ':') {
        return std::nullopt;
    }
    auto fraction = text.substr(seconds_end, text.size() - seconds_end - 1);
    if (!fraction.empty() && (fraction.front() != '.' || fraction.find_first_not_of("0123456789", 1) != npos)) return std::nullopt;
    const auto year = number<unsigned>(text.substr(0, 4));
    const auto month = number<unsigned>(text.substr(5, 2));
    const auto day = number<unsigned>(text.substr(8, 2));
    const auto hour = number<unsigned>(text.substr(11, 2));
    const auto minute = number<unsigned>(text.substr(14, 2));
    const auto second = number<unsigned>(text.substr(17, 2));
    if (!year || !month || !day || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month), std::chrono::day(*day));
    if (!date.ok()) return std::nullopt;
    const auto days = std::chrono::sys_days(date).time_since_epoch().count();
    return UnixTime{days} * 86'400 + *hour * 3600 + *minute * 60 + *second;
}

// winmeta.h: 0 is "log always", which audits have.
EventSeverity level_of(std::string_view text) {
    constexpr EventSeverity levels[] = {EventSeverity::unknown, EventSeverity::critical,    EventSeverity::error,
                                        EventSeverity::warning, EventSeverity::information, EventSeverity::information};
    const auto level = number<unsigned>(text);
    return level && *level < std::size(levels) ? levels[*level] : EventSeverity::unknown;
}

// Whatever is between them, elements nest no deeper than there are beginnings of tags.
bool is_too_deep(std::string_view xml) noexcept {
    std::size_t tags = 0;
    for (auto at = xml.find('<'); at != npos; at = xml.find('<', at + 1)) {
        const bool closes = at + 1 < xml.size() && xml[at + 1] == '/';
        if (!closes && ++tags > most_tags) return true;
    }
    return false;
}

void append(std::string& text, std::string_view more) {
    if (!text.empty()) text += '\n';
    text += more;
}

std::string text_of(const Tree& event) {
    if (const auto message = event.get_optional<std::string>("RenderingInfo.Message"); message && !message->empty()) return *message;
    std::string text;
    if (const auto data = event.get_child_optional("EventData")) {
        for (const auto& [name, value] : *data) {
            if (name == "Data") append(text, value.data());
        }
    }
    return text;
}

std::string bounded(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == npos) return {};
    text = text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
    return scan::valid_utf8(text.substr(0, longest_text));
}

std::optional<Event> event_of(const Tree& tree) {
    const auto system = tree.get_child_optional("System");
    if (!system) return std::nullopt;
    const auto id = number<std::uint32_t>(system->get<std::string>("EventID", ""));
    const auto time = time_of(system->get<std::string>("TimeCreated.<xmlattr>.SystemTime", ""));
    Event event;
    event.source = bounded(system->get<std::string>("Provider.<xmlattr>.Name", ""));
    if (!id || !time || event.source.empty()) return std::nullopt;
    event.id = *id & 0xFFFFU;
    event.time = *time;
    event.level = level_of(system->get<std::string>("Level", ""));
    event.record = number<std::uint64_t>(system->get<std::string>("EventRecordID", ""));
    event.computer = bounded(system->get<std::string>("Computer", ""));
    event.text = bounded(text_of(tree));
    return event;
}

// Where the next <Event> begins; <EventData>, <EventID> and <Events> begin with the same letters.
std::size_t find_event(std::string_view text, std::size_t from) noexcept {
    constexpr std::string_view open = "<Event";
    for (auto at = text.find(open, from); at != npos; at = text.find(open, at + 1)) {
        const auto next = at + open.size() < text.size() ? text[at + open.size()] : '\0';
        if (next == '>' || next == ' ' || next == '\t' || next == '\r' || next == '\n') return at;
    }
    return npos;
}

std::string without_mark(std::string_view bytes) {
    const auto mark = find_mark(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
    bytes.remove_prefix(mark.size);
    const bool wide = mark.encoding == TextEncoding::utf16le || mark.encoding == TextEncoding::utf16be;
    return wide ? decode_text(bytes, mark.encoding, CodePage::unknown) : std::string(bytes);
}

}  // namespace

std::optional<Event> parse_event(std::string_view xml) try {
    if (xml.size() > longest_event || is_too_deep(xml)) return std::nullopt;
    std::istringstream stream{scan::valid_utf8(xml)};
    Tree tree;
    boost::property_tree::read_xml(stream, tree, boost::property_tree::xml_parser::no_comments);
    const auto event = tree.get_child_optional("Event");
    return event ? event_of(*event) : std::nullopt;
} catch (const boost::property_tree::ptree_error&) {
    return std::nullopt;
}

bool take_event(EventReading& reading, std::optional<Event> event, const EventFilter& filter) {
    if (!event) {
        ++reading.malformed;
        return true;
    }
    if (event->record) reading.last_record = std::max(reading.last_record.value_or(0), *event->record);
    const bool wanted = (!filter.known_sources_only || is_known_source(event->source)) && event->time >= filter.since &&
                        (!event->record || *event->record > filter.after_record);
    if (!wanted) {
        ++reading.others;
        return true;
    }
    if (reading.events.size() >= filter.most) {
        reading.more = true;
        return false;
    }
    reading.events.push_back(std::move(*event));
    return true;
}

bool is_empty_export(std::string_view bytes) {
    const auto text = without_mark(bytes);
    // Event Viewer begins with a declaration.
    const auto begin = text.find("?>") == npos ? 0 : text.find("?>") + 2;
    std::string rest;
    for (const char c : std::string_view(text).substr(begin)) {
        if (std::string_view(" \t\r\n").find(c) == npos) rest += c;
        if (rest.size() > std::string_view("<Events></Events>").size()) return false;
    }
    return rest.empty() || rest == "<Events></Events>" || rest == "<Events/>";
}

EventReading read_events(std::string_view bytes, const EventFilter& filter) {
    EventReading reading;
    const auto decoded = without_mark(bytes);
    const std::string_view text = decoded;
    constexpr std::string_view close = "</Event>";
    for (auto at = find_event(text, 0); at != npos;) {
        // An entry that does not end before the next one begins was torn.
        const auto next = find_event(text, at + 1);
        const auto part = text.substr(at, next == npos ? npos : next - at);
        const auto end = part.find(close);
        auto event = end == npos ? std::nullopt : parse_event(part.substr(0, end + close.size()));
        if (!take_event(reading, std::move(event), filter)) break;
        at = next;
    }
    return reading;
}

}  // namespace imc::imagemanager
