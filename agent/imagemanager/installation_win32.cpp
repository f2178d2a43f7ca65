#include "agent/host/wide_win32.hpp"
#include "agent/imagemanager/installation.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <type_traits>

namespace imc::imagemanager {
namespace {

struct CloseService {
    void operator()(SC_HANDLE handle) const { CloseServiceHandle(handle); }
};
using Handle = std::unique_ptr<std::remove_pointer_t<SC_HANDLE>, CloseService>;

const char* word_of(DWORD state) {
    switch (state) {
        case SERVICE_RUNNING:
            return "running";
        case SERVICE_STOPPED:
            return "stopped";
        case SERVICE_START_PENDING:
            return "start_pending";
        case SERVICE_STOP_PENDING:
            return "stop_pending";
        case SERVICE_PAUSED:
            return "paused";
        case SERVICE_PAUSE_PENDING:
            return "pause_pending";
        case SERVICE_CONTINUE_PENDING:
            return "continue_pending";
        default:
            return "";
    }
}

std::string because(const char* what, DWORD error) {
    return std::string(what) + " (system error " + std::to_string(error) + ")";
}

// The path may hold variables such as %ProgramFiles%.
std::string expanded(const wchar_t* text) {
    std::array<wchar_t, 4096> out{};
    const DWORD length = ExpandEnvironmentStringsW(text, out.data(), static_cast<DWORD>(out.size()));
    return length == 0 || length > out.size() ? host::utf8(text) : host::utf8(out.data());
}

std::string command_of(SC_HANDLE service) {
    constexpr DWORD most = 8192;  // QueryServiceConfig's own limit
    alignas(QUERY_SERVICE_CONFIGW) std::array<std::byte, most> buffer{};
    auto* config = reinterpret_cast<QUERY_SERVICE_CONFIGW*>(buffer.data());
    DWORD needed = 0;
    if (!QueryServiceConfigW(service, config, most, &needed) || config->lpBinaryPathName == nullptr) return {};
    return expanded(config->lpBinaryPathName);
}

// Everybody may read it, whoever may ask the service.
std::string command_in_registry() {
    const std::wstring key = L"SYSTEM\\CurrentControlSet\\Services\\" + host::wide(service_name);
    std::array<wchar_t, 4096> text{};
    DWORD bytes = static_cast<DWORD>(sizeof text - sizeof(wchar_t));
    const DWORD types = RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ;
    const LSTATUS got = RegGetValueW(HKEY_LOCAL_MACHINE, key.c_str(), L"ImagePath", types, nullptr, text.data(), &bytes);
    return got == ERROR_SUCCESS ? host::utf8(text.data()) : std::string();
}

}  // namespace

ServiceFacts ask_service() {
    ServiceFacts facts;
    const Handle manager(OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT));
    if (!manager) {
        facts.problem = because("the service control manager does not answer", GetLastError());
        facts.command = command_in_registry();
        return facts;
    }
    const std::wstring name = host::wide(service_name);
    Handle service(OpenServiceW(manager.get(), name.c_str(), SERVICE_QUERY_STATUS | SERVICE_QUERY_CONFIG));
    if (!service) service.reset(OpenServiceW(manager.get(), name.c_str(), SERVICE_QUERY_STATUS));
    if (!service) {
        const DWORD error = GetLastError();
        if (error == ERROR_SERVICE_DOES_NOT_EXIST) {
            facts.state = "not_installed";
            return facts;
        }
        facts.problem = because("the service of ImageManager cannot be asked", error);
        facts.command = command_in_registry();
        return facts;
    }
    SERVICE_STATUS_PROCESS status{};
    DWORD needed = 0;
    if (QueryServiceStatusEx(service.get(), SC_STATUS_PROCESS_INFO, reinterpret_cast<BYTE*>(&status), sizeof status, &needed)) {
        facts.state = word_of(status.dwCurrentState);
    } else {
        facts.problem = because("the service of ImageManager does not tell its state", GetLastError());
    }
    facts.command = command_of(service.get());
    if (facts.command.empty()) facts.command = command_in_registry();
    return facts;
}

std::vector<std::string> usual_programs() {
    return {"C:\\Program Files (x86)\\StorageCraft\\ImageManager\\ImageManager.exe",
            "C:\\Program Files\\StorageCraft\\ImageManager\\ImageManager.exe"};
}

}  // namespace imc::imagemanager
