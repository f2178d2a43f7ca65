#include "agent/imagemanager/event_source.hpp"

#include "agent/host/files.hpp"
#include "agent/imagemanager/errors.hpp"

namespace imc::imagemanager {

boost::system::result<EventReading> read_exported_events(const std::string& path, const EventFilter& filter) {
    const auto content = host::read_file(path, largest_export);
    if (!content) {
        const bool large = content.error() == host::make_error_code(host::errc::file_too_large);
        return large ? make_error_code(errc::too_large) : content.error();
    }
    auto reading = read_events(*content, filter);
    const bool nothing = reading.events.empty() && reading.others == 0 && reading.malformed == 0 && !reading.more;
    if (nothing && !is_empty_export(*content)) return make_error_code(errc::not_events);
    return reading;
}

}  // namespace imc::imagemanager
