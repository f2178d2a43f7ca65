// Findings about the agent itself and what it looks for, with their words and keys ("agent:<code>:<subject>"); the
// engine says when they hold. What it is not: a place where states are kept.
#pragma once

#include "agent/config/config.hpp"
#include "agent/scan/walk.hpp"
#include "agent/store/records.hpp"

#include <optional>
#include <string>
#include <vector>

namespace imc::monitor {

// A reload was refused; the first problem is in the sentence, at most twenty are in the evidence.
[[nodiscard]] store::FindingRecord config_refused(const std::string& file, const std::vector<config::Problem>& problems);
// `lines`: what the installer was told and could not take over into `file`, one each; not empty.
[[nodiscard]] store::FindingRecord installer_refused(const std::string& file, const std::string& lines);
// The configured addresses could not be taken; `why` is a sentence's part that names the address.
[[nodiscard]] store::FindingRecord api_closed(const std::vector<std::string>& addresses, const std::string& why);
// No tunnel to the relay: `step` is where it fails and `problem` a sentence of why. `replaced`: another computer took it over.
[[nodiscard]] store::FindingRecord tunnel_down(const std::string& relay, const std::string& step, const std::string& problem,
                                               bool replaced);
// The enrolment cannot be read or used, which is told as tunnel_down, too; `tunnel_up`: one that was made with it earlier goes on.
[[nodiscard]] store::FindingRecord enrolment_unusable(const std::string& problem, bool tunnel_up);
// The join code that an installation was given has led to no relay; `file` keeps it. `again`: it is tried again by itself.
[[nodiscard]] store::FindingRecord join_failed(const std::string& file, const std::string& problem, bool again);
// The stored login of a share does not work; `final`: it is not tried again until it is stored anew.
[[nodiscard]] store::FindingRecord share_login_failed(const std::string& share, const std::string& account, const std::string& why,
                                                      bool final);
// The history was damaged; `set_aside` is where it lies now.
[[nodiscard]] store::FindingRecord store_rebuilt(const std::string& set_aside);
// Writing to the data directory failed for want of space.
[[nodiscard]] store::FindingRecord disk_full(const std::string& data_directory);
// Nothing with 30 days or more left. A warning, critical in the last seven days and afterwards.
[[nodiscard]] std::optional<store::FindingRecord> certificate_expiring(const std::string& subject, store::UnixTime not_after,
                                                                       store::UnixTime now);
// Images that nobody manages. `customer` may be empty.
[[nodiscard]] store::FindingRecord unmanaged_folder(const scan::Discovered& folder, const std::string& customer);
// Nothing when the search was complete and everything could be read.
[[nodiscard]] std::optional<store::FindingRecord> discovery_incomplete(const std::string& root, const scan::Discovery& discovery);

// ImageManager's logs or events could not be read; `problems` is not empty.
[[nodiscard]] store::FindingRecord diary_unreadable(const std::vector<std::string>& problems);

}  // namespace imc::monitor
