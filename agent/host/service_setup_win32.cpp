#include "agent/host/service_setup_win32.hpp"

#include "agent/host/access_win32.hpp"
#include "agent/host/service_names_win32.hpp"

#include <aclapi.h>
#include <algorithm>
#include <array>
#include <memory>
#include <sddl.h>

namespace imc::host {
namespace {

using Outcome = SetupStep::Outcome;

constexpr DWORD day_seconds = 86'400;
constexpr DWORD preshutdown_ms = 60'000;
constexpr const wchar_t* event_key = L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\ImageManager Connector";
// It walks folders and listens; everything else that an account may hold is taken from its token.
constexpr wchar_t privileges[] = L"SeChangeNotifyPrivilege\0SeImpersonatePrivilege\0SeCreateGlobalPrivilege\0";

struct FreeLocal {
    void operator()(void* memory) const { LocalFree(memory); }
};

// 124: the system does not know this part of a service's configuration, as Wine and old versions do not.
SetupStep step(const char* what, DWORD error) {
    if (error == ERROR_SUCCESS) return {what, Outcome::done, {}};
    const bool unknown = error == ERROR_INVALID_LEVEL || error == ERROR_CALL_NOT_IMPLEMENTED || error == ERROR_NOT_SUPPORTED;
    return {what, unknown ? Outcome::unsupported : Outcome::failed, system_message(error)};
}

DWORD change(SC_HANDLE service, DWORD level, void* info) {
    return ChangeServiceConfig2W(service, level, info) != 0 ? ERROR_SUCCESS : GetLastError();
}

DWORD set_basics(SC_HANDLE service, const ServiceSetup& setup) {
    const std::wstring command = setup.program.empty() ? std::wstring() : service_command(setup);
    const std::wstring account = account_name(setup.account);
    const bool done = ChangeServiceConfigW(service, SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START, SERVICE_ERROR_NORMAL,
                                           command.empty() ? nullptr : command.c_str(), nullptr, nullptr, nullptr,
                                           account.empty() ? nullptr : account.c_str(), nullptr, service_display_name) != 0;
    return done ? ERROR_SUCCESS : GetLastError();
}

DWORD set_description(SC_HANDLE service) {
    std::wstring text = L"Tells whether the backup images of this server can be restored. It only ever reads them.";
    SERVICE_DESCRIPTIONW description{text.data()};
    return change(service, SERVICE_CONFIG_DESCRIPTION, &description);
}

DWORD set_recovery(SC_HANDLE service) {
    std::array<SC_ACTION, 3> actions{{{SC_ACTION_RESTART, 15'000}, {SC_ACTION_RESTART, 60'000}, {SC_ACTION_RESTART, 300'000}}};
    SERVICE_FAILURE_ACTIONSW recovery{day_seconds, nullptr, nullptr, static_cast<DWORD>(actions.size()), actions.data()};
    return change(service, SERVICE_CONFIG_FAILURE_ACTIONS, &recovery);
}

DWORD set_recovery_flag(SC_HANDLE service) {
    SERVICE_FAILURE_ACTIONS_FLAG flag{TRUE};  // also when it says that it has stopped by a fault
    return change(service, SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, &flag);
}

DWORD set_delayed_start(SC_HANDLE service) {
    SERVICE_DELAYED_AUTO_START_INFO delayed{TRUE};
    return change(service, SERVICE_CONFIG_DELAYED_AUTO_START_INFO, &delayed);
}

DWORD set_sid(SC_HANDLE service) {
    SERVICE_SID_INFO sid{SERVICE_SID_TYPE_UNRESTRICTED};
    return change(service, SERVICE_CONFIG_SERVICE_SID_INFO, &sid);
}

DWORD set_privileges(SC_HANDLE service) {
    std::wstring list(privileges, std::size(privileges));
    SERVICE_REQUIRED_PRIVILEGES_INFOW required{list.data()};
    return change(service, SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO, &required);
}

DWORD set_preshutdown(SC_HANDLE service) {
    SERVICE_PRESHUTDOWN_INFO info{preshutdown_ms};
    return change(service, SERVICE_CONFIG_PRESHUTDOWN_INFO, &info);
}

// Also to what is in it already. Owned by Administrators: whoever made it before could open it to himself again.
DWORD protect_directory(const std::string& directory) {
    PSECURITY_DESCRIPTOR made = nullptr;
    const std::wstring access = L"O:BA" + private_access();
    if (ConvertStringSecurityDescriptorToSecurityDescriptorW(access.c_str(), SDDL_REVISION_1, &made, nullptr) == 0) return GetLastError();
    const std::unique_ptr<void, FreeLocal> held(made);
    PSID owner = nullptr;
    PACL list = nullptr;
    BOOL present = FALSE;
    BOOL defaulted = FALSE;
    if (GetSecurityDescriptorOwner(made, &owner, &defaulted) == 0) return GetLastError();
    if (GetSecurityDescriptorDacl(made, &present, &list, &defaulted) == 0) return GetLastError();
    auto path = long_path(directory);
    if (shared_by_design(path)) return ERROR_SHARING_VIOLATION;
    if (CreateDirectoryW(path.c_str(), nullptr) == 0 && GetLastError() != ERROR_ALREADY_EXISTS) return GetLastError();
    constexpr SECURITY_INFORMATION what = OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION;
    return SetNamedSecurityInfoW(path.data(), SE_FILE_OBJECT, what, owner, nullptr, list, nullptr);
}

// Made at installation, so that the service needs no right to write there.
DWORD register_events(const std::string& program) {
    HKEY key = nullptr;
    const auto opened = RegCreateKeyExW(HKEY_LOCAL_MACHINE, event_key, 0, nullptr, 0, KEY_SET_VALUE, nullptr, &key, nullptr);
    if (opened != ERROR_SUCCESS) return static_cast<DWORD>(opened);
    const std::wstring file = wide(program);
    const DWORD types = EVENTLOG_ERROR_TYPE | EVENTLOG_WARNING_TYPE | EVENTLOG_INFORMATION_TYPE;
    auto set = RegSetValueExW(key, L"EventMessageFile", 0, REG_EXPAND_SZ, reinterpret_cast<const BYTE*>(file.c_str()),
                              static_cast<DWORD>((file.size() + 1) * sizeof(wchar_t)));
    if (set == ERROR_SUCCESS) {
        set = RegSetValueExW(key, L"TypesSupported", 0, REG_DWORD, reinterpret_cast<const BYTE*>(&types), sizeof types);
    }
    RegCloseKey(key);
    return static_cast<DWORD>(set);
}

SetupStep told_by(const char* what, HRESULT result) {
    if (SUCCEEDED(result)) return {what, Outcome::done, {}};
    const bool unknown = result == E_NOTIMPL || result == REGDB_E_CLASSNOTREG || result == CLASS_E_CLASSNOTAVAILABLE;
    return {what, unknown ? Outcome::unsupported : Outcome::failed, system_message(static_cast<DWORD>(result))};
}

SetupStep firewall(const ServiceSetup& setup) {
    switch (setup.firewall) {
        case FirewallRule::closed:
            return told_by("no firewall rule", remove_firewall_rule());
        case FirewallRule::open:
            return told_by("firewall rule", set_firewall_rule(wide(setup.program), setup.firewall_port));
        case FirewallRule::as_it_is:
            break;
    }
    bool there = false;
    const HRESULT asked = find_firewall_rule(there);
    if (FAILED(asked)) return told_by("firewall rule", asked);
    // It follows the port, which may have changed.
    return told_by(there ? "firewall rule" : "no firewall rule",
                   there ? set_firewall_rule(wide(setup.program), setup.firewall_port) : S_OK);
}

}  // namespace

std::vector<SetupStep> mend_service(SC_HANDLE service) {
    return {
        step("description", set_description(service)),
        step("recovery actions", set_recovery(service)),
        step("recovery after faults", set_recovery_flag(service)),
        step("delayed start", set_delayed_start(service)),
        step("service SID", set_sid(service)),
        step("required privileges", set_privileges(service)),
        step("time to stop before a shutdown", set_preshutdown(service)),
    };
}

std::vector<SetupStep> setup_service(SC_HANDLE service, const ServiceSetup& setup) {
    std::vector<SetupStep> steps{step("program, account and start", set_basics(service, setup))};
    for (auto& mended : mend_service(service)) steps.push_back(std::move(mended));
    steps.push_back(step("event source", register_events(setup.program)));
    if (!setup.data_directory.empty()) steps.push_back(step(protecting_step, protect_directory(setup.data_directory)));
    steps.push_back(firewall(setup));
    return steps;
}

void remove_service_traces() {
    RegDeleteKeyW(HKEY_LOCAL_MACHINE, event_key);
    static_cast<void>(remove_firewall_rule());
}

std::wstring service_command(const ServiceSetup& setup) {
    std::wstring command = L"\"" + wide(setup.program) + L"\" run --service";
    if (!setup.config.empty()) command += L" --config \"" + wide(setup.config) + L"\"";
    return command;
}

std::wstring account_name(const std::string& account) {
    if (account == "virtual") return std::wstring(L"NT SERVICE\\") + service_name;
    if (account == "system") return L"LocalSystem";
    return wide(account);
}

std::string system_message(DWORD error) {
    wchar_t* text = nullptr;
    const DWORD length = FormatMessageW(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
                                        nullptr, error, 0, reinterpret_cast<wchar_t*>(&text), 0, nullptr);
    const std::unique_ptr<wchar_t, FreeLocal> held(text);
    std::string message = length > 0 ? utf8({text, length}) : std::string();
    while (!message.empty() && (message.back() == '\n' || message.back() == '\r' || message.back() == ' ' || message.back() == '.')) {
        message.pop_back();
    }
    return (message.empty() ? std::string("the system's error") : message) + " (" + std::to_string(error) + ")";
}

}  // namespace imc::host
