#include "agent/host/overseer.hpp"

namespace imc::host {

const char* to_string(StartStep step) noexcept {
    switch (step) {
        case StartStep::configuration:
            return "reading the configuration";
        case StartStep::data_directory:
            return "preparing the data directory";
        case StartStep::lock:
            return "locking the data directory";
        case StartStep::stores:
            return "opening the databases";
        case StartStep::history:
            return "reading the history";
        case StartStep::certificate:
            return "preparing the certificate";
        case StartStep::listen:
            return "opening the port of the API";
        case StartStep::local_token:
            return "writing the local token";
        case StartStep::running:
            return "running";
    }
    return "unknown";
}

}  // namespace imc::host
