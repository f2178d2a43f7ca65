// What the service control manager, the file system, the firewall and the event log are to know of the service: each a
// step of its own, so that what one system refuses does not keep the others from being done. Internal to the agent's Win32
// files. What it is not: idempotent by luck; every step sets a state and may be repeated.
#pragma once

#include "agent/host/overseer.hpp"
#include "agent/host/service_control.hpp"
#include "agent/host/wide_win32.hpp"

#include <string>
#include <vector>

namespace imc::host {

// `service` may be changed.
[[nodiscard]] std::vector<SetupStep> setup_service(SC_HANDLE service, const ServiceSetup& setup);
// The part of it that an account without further rights than those over the service may repeat.
[[nodiscard]] std::vector<SetupStep> mend_service(SC_HANDLE service);
[[nodiscard]] std::wstring service_command(const ServiceSetup& setup);  // what the service control manager runs
// "virtual" and "system" as the service control manager knows them; others as they are.
[[nodiscard]] std::wstring account_name(const std::string& account);
// The system's sentence for an error, without its line end.
[[nodiscard]] std::string system_message(DWORD error);
// Lets callers in to a TCP port for this program (firewall_win32.cpp); an HRESULT.
[[nodiscard]] HRESULT set_firewall_rule(const std::wstring& program, std::uint16_t port);
[[nodiscard]] HRESULT remove_firewall_rule();
[[nodiscard]] HRESULT find_firewall_rule(bool& there);

}  // namespace imc::host
