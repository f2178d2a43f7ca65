#include "tools/generator/manager_files.hpp"

#include "tools/generator/time_text.hpp"

#include <algorithm>

namespace generator {
namespace {

using spchain::UnixTime;

constexpr UnixTime day_seconds = 86'400;
constexpr UnixTime kept_days = 30;  // of the logs

std::string spelled(const Deed& deed) {
    std::string path = deed.path;
    std::replace(path.begin(), path.end(), '/', '\\');
    return std::string(manager_drive) + "\\" + path + "\\" + deed.name;
}

// "2026-03-01T12:00:00Z"
std::string utc_text(UnixTime at) {
    std::string text = time_text(at);
    text[10] = 'T';
    return text + "Z";
}

// "1-Mar-2026 13:00:00", as the clock on the wall shows it.
std::string log_time(UnixTime at, const spchain::Calendar& calendar) {
    static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::int32_t offset = calendar.offsets.empty() ? 0 : calendar.offsets.front().offset_seconds;
    for (const auto& change : calendar.offsets) {
        if (change.from <= at) offset = change.offset_seconds;
    }
    const std::string text = time_text(at + offset);
    const auto month = static_cast<std::size_t>(std::stoi(text.substr(5, 2)) - 1);
    return std::to_string(std::stoi(text.substr(8, 2))) + "-" + months[month] + "-" + text.substr(0, 4) + text.substr(10);
}

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '&') {
            out += "&amp;";
        } else if (c == '<') {
            out += "&lt;";
        } else {
            out += c;
        }
    }
    return out;
}

std::string event(int number, int id, int level, UnixTime at, const std::string& text) {
    return "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='StorageCraft ImageManager'/>"
           "<EventID Qualifiers='0'>" +
           std::to_string(id) + "</EventID><Level>" + std::to_string(level) + "</Level><TimeCreated SystemTime='" + utc_text(at) +
           "'/><EventRecordID>" + std::to_string(number) +
           "</EventRecordID><Channel>Application</Channel><Computer>BACKUP1</Computer></System><EventData><Data>" + escaped(text) +
           "</Data></EventData></Event>\n";
}

File text_file(std::string name, std::string text, UnixTime now) {
    const auto bytes = text.size();
    return {std::move(name), std::move(text), bytes, now - 600, 0};
}

}  // namespace

std::vector<Directory> manager_files(std::vector<Deed> deeds, const spchain::Calendar& calendar, UnixTime now) {
    std::erase_if(deeds, [now](const Deed& deed) { return deed.at > now - 600 || deed.at < now - kept_days * day_seconds; });
    std::sort(deeds.begin(), deeds.end(),
              [](const Deed& a, const Deed& b) { return a.at != b.at ? a.at < b.at : a.path + a.name < b.path + b.name; });
    std::string log;
    std::string events;
    int number = 41'000;
    const auto first = now - kept_days * day_seconds;
    events += event(number++, 0, 4, first, "Service started successfully.");
    for (const Deed& deed : deeds) {
        log += log_time(deed.at, calendar) + " " + spelled(deed) + "\r\n";
        events += event(number++, 1120, 4, deed.at, spelled(deed));
    }
    events += event(number++, 1126, 3, now - day_seconds / 2,
                    "Replication of " + std::string(manager_drive) + "\\backups\\Globex\\FS01 failed: the target cannot be reached.");
    events +=
        event(number, 1130, 3, now - day_seconds / 3, "No activity in " + std::string(manager_drive) + "\\backups\\Acme\\WS-RECEPTION.");
    return {{"ImageManager/Logs", {text_file("ImageManager.log", std::move(log), now)}},
            {"ImageManager", {text_file("events.xml", std::move(events), now)}}};
}

}  // namespace generator
