#include "agent/host/service_names_win32.hpp"
#include "agent/host/system_log.hpp"
#include "agent/host/wide_win32.hpp"

namespace imc::host {
namespace {

// Severity and customer bit as messages.mc has them; the low word is the id that administrators see.
constexpr DWORD informational = 0x60000000;
constexpr DWORD warning = 0xA0000000;
constexpr DWORD error = 0xE0000000;

struct Entry {
    WORD type;
    DWORD id;
};

Entry entry_of(SystemEvent event) {
    const auto id = static_cast<DWORD>(event);
    switch (event) {
        case SystemEvent::started:
        case SystemEvent::stopped:
            return {EVENTLOG_INFORMATION_TYPE, informational | id};
        case SystemEvent::would_not_end:
        case SystemEvent::configuration_refused:
            return {EVENTLOG_WARNING_TYPE, warning | id};
        default:
            return {EVENTLOG_ERROR_TYPE, error | id};
    }
}

}  // namespace

void tell_system(SystemEvent event, std::string_view detail) noexcept try {
    constexpr std::size_t longest = 30'000;  // of one text in an entry, in UTF-16 units, as ReportEvent documents it
    std::wstring text = wide(detail);
    if (text.size() > longest) text.resize(longest);
    const HANDLE source = RegisterEventSourceW(nullptr, service_display_name);
    if (source == nullptr) return;
    const Entry entry = entry_of(event);
    const wchar_t* texts[] = {text.c_str()};
    ReportEventW(source, entry.type, 0, entry.id, nullptr, 1, 0, texts, nullptr);
    DeregisterEventSource(source);
} catch (const std::exception&) {
    // Out of memory: the entry is lost, and the agent's own log has the sentence as well.
}

}  // namespace imc::host
