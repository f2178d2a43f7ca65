#include "agent/host/wide_win32.hpp"
#include "agent/imagemanager/errors.hpp"
#include "agent/imagemanager/event_source.hpp"

#include <array>
#include <memory>
#include <type_traits>
#include <vector>
#include <winevt.h>

namespace imc::imagemanager {
namespace {

using boost::system::error_code;
using boost::system::result;

struct Close {
    void operator()(EVT_HANDLE handle) const noexcept { EvtClose(handle); }
};
using Handle = std::unique_ptr<std::remove_pointer_t<EVT_HANDLE>, Close>;

constexpr DWORD patience = 10'000;  // milliseconds for the next entries
constexpr DWORD batch = 64;

error_code last_error() noexcept {
    switch (const DWORD error = GetLastError()) {
        case ERROR_SUCCESS:
        case ERROR_CALL_NOT_IMPLEMENTED:
        case ERROR_PROC_NOT_FOUND:
        case RPC_S_SERVER_UNAVAILABLE:
            return errc::unsupported;
        case ERROR_TIMEOUT:
            return errc::timed_out;
        default:
            return {static_cast<int>(error), boost::system::system_category()};
    }
}

// The log narrows by source alone: entries up to the filter's last record are looked at, too, and show whether it was cleared.
std::wstring query_of(const EventFilter& filter) {
    if (!filter.known_sources_only) return L"*";
    std::wstring query = L"*[System[Provider[";
    bool first = true;
    for (const auto source : known_sources) {
        query += first ? L"@Name='" : L" or @Name='";
        query += host::wide(source) + L"'";
        first = false;
    }
    return query + L"]]]";
}

// Nothing: too long, or the entry is gone.
std::optional<Event> render(EVT_HANDLE event, std::vector<wchar_t>& buffer) {
    DWORD used = 0;
    DWORD properties = 0;
    const auto bytes = static_cast<DWORD>(buffer.size() * sizeof(wchar_t));
    if (!EvtRender(nullptr, event, EvtRenderEventXml, bytes, buffer.data(), &used, &properties)) return std::nullopt;
    std::size_t length = used / sizeof(wchar_t);
    if (length > 0 && buffer[length - 1] == L'\0') --length;
    return parse_event(host::utf8({buffer.data(), length}));
}

}  // namespace

result<EventReading> read_system_events(const EventFilter& filter, std::stop_token stop) {
    // Wine's function may say nothing about why.
    SetLastError(ERROR_CALL_NOT_IMPLEMENTED);
    const Handle query(EvtQuery(nullptr, L"Application", query_of(filter).c_str(), EvtQueryChannelPath | EvtQueryForwardDirection));
    if (!query) return last_error();
    EventReading reading;
    std::vector<wchar_t> buffer(longest_event);
    for (;;) {
        if (stop.stop_requested()) return make_error_code(errc::cancelled);
        std::array<EVT_HANDLE, batch> raw{};
        DWORD count = 0;
        SetLastError(ERROR_CALL_NOT_IMPLEMENTED);
        if (!EvtNext(query.get(), batch, raw.data(), patience, 0, &count)) {
            if (GetLastError() == ERROR_NO_MORE_ITEMS) return reading;
            return last_error();
        }
        std::vector<Handle> events;
        for (DWORD i = 0; i < count && i < batch; ++i) events.emplace_back(raw[i]);
        for (const auto& event : events) {
            if (!take_event(reading, render(event.get(), buffer), filter)) return reading;
        }
    }
}

}  // namespace imc::imagemanager
