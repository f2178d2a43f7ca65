// A join code that an installation was given, kept until the running agent has joined the relay with it: one secret file beside the
// other keys. An installer cannot wait for a network, and the service may come up before it has one. What it is not: the enrolment
// that becomes of it (enrolment.hpp), or the one who joins (joiner.hpp).
#pragma once

#include "agent/engine/enrolment.hpp"
#include "shuttle/core/join_code.hpp"

#include <boost/system/result.hpp>
#include <cstdint>
#include <optional>
#include <string>

namespace imc::engine {

struct JoinRequest {
    std::string code;        // empty: there is nothing to be tried any more
    std::int64_t given = 0;  // Unix seconds
    std::string problem;     // why it was given up, a sentence without the code; empty: not yet
};

// Nothing: none was given, or it is settled. The error is a sentence.
[[nodiscard]] boost::system::result<std::optional<JoinRequest>, std::string> read_join_request(const std::string& file);
[[nodiscard]] boost::system::result<void, std::string> write_join_request(const std::string& file, const JoinRequest& request);

// What is wrong with a text that is to be a join code, a sentence's part.
[[nodiscard]] std::string fault_text(shuttle::core::JoinCodeFault fault);
// With a new key and the system's own way to the relay; its agent is known when the relay has welcomed it.
[[nodiscard]] Enrolment begin_enrolment(const shuttle::core::JoinCode& code);

}  // namespace imc::engine
