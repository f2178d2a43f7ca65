#include "agent/engine/engine.hpp"
#include "agent/host/files.hpp"
#include "agent/scan/listing.hpp"

namespace imc::engine {

Places::Places(const config::Config& config)
    : directory(config.data_directory.empty() ? host::default_data_directory() : config.data_directory),
      lock(scan::join(directory, "agent.lock")),
      history(scan::join(directory, "history.db")),
      settings(scan::join(directory, "settings.db")),
      agent_json(scan::join(directory, "agent.json")),
      local_token(scan::join(directory, "local.token")),
      logs(scan::join(directory, "logs")),
      log(scan::join(logs, "imconnector.log")),
      rejected(scan::join(directory, "rejected.txt")),
      enrolment(scan::join(directory, "shuttle.key")),
      tunnel_state(scan::join(directory, "shuttle.json")),
      join_request(scan::join(directory, "shuttle.join")),
      certificates(directory) {}

}  // namespace imc::engine
