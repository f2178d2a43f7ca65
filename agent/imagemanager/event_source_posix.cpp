#include "agent/imagemanager/errors.hpp"
#include "agent/imagemanager/event_source.hpp"

namespace imc::imagemanager {

boost::system::result<EventReading> read_system_events(const EventFilter&, std::stop_token) {
    return make_error_code(errc::unsupported);
}

}  // namespace imc::imagemanager
