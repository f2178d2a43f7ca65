// What a crash leaves behind: on Windows a text with the faulting instruction and the calls above it as offsets into the
// modules, a minidump beside it, and an event (crash_win32.cpp). Elsewhere nothing of its own: the system keeps core dumps.
// What it is not: a way to go on; the process ends as it would have.
#pragma once

#include <string>

namespace imc::host {

// From now on crashes are written to `directory`, which is made with the first one; of older crashes the last few stay.
// `program` heads the text ("imconnector 0.1.0"). The newest call counts. Access violations, exceptions that nobody catches, abort() and
// exhausted stacks are all crashes.
void record_crashes(const std::string& directory, const std::string& program);

}  // namespace imc::host
