#include "agent/host/service_control.hpp"
#include "agent/host/service_names_win32.hpp"
#include "agent/host/service_setup_win32.hpp"
#include "agent/host/wide_win32.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <shellapi.h>
#include <thread>

namespace imc::host {
namespace {

constexpr auto poll_pause = std::chrono::milliseconds(100);

struct FreeLocal {
    void operator()(void* memory) const { LocalFree(memory); }
};

struct CloseService {
    void operator()(SC_HANDLE handle) const { CloseServiceHandle(handle); }
};
using Handle = std::unique_ptr<std::remove_pointer_t<SC_HANDLE>, CloseService>;

std::string because(const std::string& what, DWORD error) {
    if (error == ERROR_ACCESS_DENIED) return what + ": access is denied; run as administrator";
    return what + ": " + system_message(error);
}

Told<Handle> manager(DWORD access) {
    Handle handle(OpenSCManagerW(nullptr, nullptr, access));
    if (!handle) return because("cannot reach the service control manager", GetLastError());
    return handle;
}

struct Opened {
    Handle manager;
    Handle service;
};

Told<Opened> open(DWORD access) {
    auto all = manager(SC_MANAGER_CONNECT);
    if (!all) return all.error();
    Handle service(OpenServiceW(all->get(), service_name, access));
    if (!service) {
        const DWORD error = GetLastError();
        if (error == ERROR_SERVICE_DOES_NOT_EXIST) return std::string("the service is not installed; imconnector service install does it");
        return because("cannot open the service", error);
    }
    return Opened{std::move(*all), std::move(service)};
}

std::optional<SERVICE_STATUS_PROCESS> status_of(const Opened& opened) {
    SERVICE_STATUS_PROCESS status{};
    DWORD needed = 0;
    const bool got =
        QueryServiceStatusEx(opened.service.get(), SC_STATUS_PROCESS_INFO, reinterpret_cast<BYTE*>(&status), sizeof status, &needed) != 0;
    return got ? std::optional(status) : std::nullopt;
}

const char* word_of(DWORD state) {
    switch (state) {
        case SERVICE_START_PENDING:
            return "start_pending";
        case SERVICE_STOP_PENDING:
            return "stop_pending";
        case SERVICE_RUNNING:
            return "running";
        case SERVICE_STOPPED:
            return "stopped";
        default:
            return "unknown";
    }
}

// A program is not replaced while its process lasts, whatever the service control manager says of the service.
class Process {
public:
    explicit Process(DWORD id) : handle_(id == 0 ? nullptr : OpenProcess(SYNCHRONIZE, FALSE, id)) {}
    ~Process() {
        if (handle_ != nullptr) CloseHandle(handle_);
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    // One that cannot be looked at counts as gone for the former, as there for the latter.
    [[nodiscard]] bool ends_within(std::chrono::milliseconds limit) const {
        return handle_ == nullptr || WaitForSingleObject(handle_, static_cast<DWORD>(limit.count())) == WAIT_OBJECT_0;
    }
    [[nodiscard]] bool has_ended() const { return handle_ != nullptr && ends_within(std::chrono::milliseconds(0)); }

private:
    HANDLE handle_;
};

// Empty when the state is reached.
std::string wait_for(const Opened& opened, DWORD wanted, std::chrono::seconds limit) {
    const auto given_up = std::chrono::steady_clock::now() + limit;
    std::optional<Process> process;
    for (;;) {
        const auto status = status_of(opened);
        if (!status) return because("cannot ask the service", GetLastError());
        if (status->dwCurrentState == wanted) return {};
        if (wanted == SERVICE_RUNNING && status->dwCurrentState == SERVICE_STOPPED) {
            const auto step = status->dwWin32ExitCode == ERROR_SERVICE_SPECIFIC_ERROR ? status->dwServiceSpecificExitCode : 0;
            return "the service ended while " + std::string(step > 0 ? to_string(static_cast<StartStep>(step)) : "starting") +
                   "; its log and the Application log say why";
        }
        // A crash that the service control manager has not noticed, or has not told of.
        if (!process && status->dwProcessId != 0) process.emplace(status->dwProcessId);
        if (process && process->has_ended() && status_of(opened).value_or(*status).dwCurrentState == status->dwCurrentState) {
            if (wanted == SERVICE_STOPPED) return {};
            return "the service's process has ended without a word; what it left is in the folder logs of its data directory";
        }
        if (std::chrono::steady_clock::now() > given_up) {
            return std::string("the service is still ") + word_of(status->dwCurrentState) + " after " + std::to_string(limit.count()) +
                   " s";
        }
        std::this_thread::sleep_for(poll_pause);
    }
}

}  // namespace

Told<ServiceState> service_state() {
    ServiceState state;
    auto all = manager(SC_MANAGER_CONNECT);
    if (!all) return all.error();
    Opened opened{std::move(*all), nullptr};
    opened.service.reset(OpenServiceW(opened.manager.get(), service_name, SERVICE_QUERY_STATUS));
    if (!opened.service) {
        if (GetLastError() == ERROR_SERVICE_DOES_NOT_EXIST) return state;
        return because("cannot open the service", GetLastError());
    }
    const auto status = status_of(opened);
    if (!status) return because("cannot ask the service", GetLastError());
    state.installed = true;
    state.state = word_of(status->dwCurrentState);
    if (status->dwWin32ExitCode == ERROR_SERVICE_SPECIFIC_ERROR) state.failed_at = status->dwServiceSpecificExitCode;
    return state;
}

std::string service_config_file() {
    auto opened = open(SERVICE_QUERY_CONFIG);
    if (!opened) return {};
    DWORD bytes = 0;
    QueryServiceConfigW(opened->service.get(), nullptr, 0, &bytes);
    // Aligned as the structure wants it.
    std::vector<std::max_align_t> memory(bytes / sizeof(std::max_align_t) + 1);
    auto* config = reinterpret_cast<QUERY_SERVICE_CONFIGW*>(memory.data());
    if (bytes == 0 || QueryServiceConfigW(opened->service.get(), config, bytes, &bytes) == 0) return {};
    int count = 0;
    const std::unique_ptr<LPWSTR, FreeLocal> words(CommandLineToArgvW(config->lpBinaryPathName, &count));
    for (int i = 1; words && i + 1 < count; ++i) {
        if (std::wstring_view(words.get()[i]) == L"--config") return utf8(words.get()[i + 1]);
    }
    return {};
}

std::string install_service(const ServiceSetup& setup) {
    auto all = manager(SC_MANAGER_CREATE_SERVICE);
    if (!all) return all.error();
    const std::wstring command = service_command(setup);
    const std::wstring account = account_name(setup.account);
    const Handle made(CreateServiceW(all->get(), service_name, service_display_name, SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS,
                                     SERVICE_AUTO_START, SERVICE_ERROR_NORMAL, command.c_str(), nullptr, nullptr, nullptr,
                                     account.empty() ? nullptr : account.c_str(), nullptr));
    if (made) return {};
    const DWORD error = GetLastError();
    if (error == ERROR_SERVICE_EXISTS) return "the service is installed already; imconnector service configure repairs it";
    return because("cannot install the service", error);
}

std::string uninstall_service() {
    auto opened = open(SERVICE_QUERY_STATUS | SERVICE_STOP | DELETE);
    if (!opened) return opened.error();
    const auto status = status_of(*opened);
    if (status && status->dwCurrentState != SERVICE_STOPPED) return "the service runs; stop it first: imconnector service stop";
    if (DeleteService(opened->service.get()) == 0) return because("cannot remove the service", GetLastError());
    remove_service_traces();
    return {};
}

std::string start_service(std::chrono::seconds limit) {
    auto opened = open(SERVICE_QUERY_STATUS | SERVICE_START);
    if (!opened) return opened.error();
    if (StartServiceW(opened->service.get(), 0, nullptr) == 0 && GetLastError() != ERROR_SERVICE_ALREADY_RUNNING) {
        return because("cannot start the service", GetLastError());
    }
    return wait_for(*opened, SERVICE_RUNNING, limit);
}

std::string stop_service(std::chrono::seconds limit) {
    auto opened = open(SERVICE_QUERY_STATUS | SERVICE_STOP);
    if (!opened) return opened.error();
    const auto before = status_of(*opened);
    const Process process(before ? before->dwProcessId : 0);
    SERVICE_STATUS last{};
    if (ControlService(opened->service.get(), SERVICE_CONTROL_STOP, &last) == 0 && GetLastError() != ERROR_SERVICE_NOT_ACTIVE) {
        return because("cannot stop the service", GetLastError());
    }
    if (auto late = wait_for(*opened, SERVICE_STOPPED, limit); !late.empty()) return late;
    return process.ends_within(limit) ? std::string() : "the service has stopped, but its process does not end";
}

std::string reload_service() {
    auto opened = open(SERVICE_PAUSE_CONTINUE);
    if (!opened) return opened.error();
    SERVICE_STATUS last{};
    if (ControlService(opened->service.get(), SERVICE_CONTROL_PARAMCHANGE, &last) != 0) return {};
    const DWORD error = GetLastError();
    if (error == ERROR_SERVICE_NOT_ACTIVE) return {};  // it reads its configuration when it starts
    return because("cannot tell the service of the new configuration", error);
}

std::vector<SetupStep> configure_service(const ServiceSetup& setup) {
    auto opened = open(SERVICE_CHANGE_CONFIG | SERVICE_START | SERVICE_QUERY_CONFIG | SERVICE_QUERY_STATUS);
    if (!opened) return {{"service", SetupStep::Outcome::failed, opened.error()}};
    auto steps = setup_service(opened->service.get(), setup);
    if (auto told = reload_service(); !told.empty()) steps.push_back({"configuration loaded", SetupStep::Outcome::failed, told});
    return steps;
}

void mend_own_service() {
    const auto opened = open(SERVICE_CHANGE_CONFIG | SERVICE_START);
    if (opened) static_cast<void>(mend_service(opened->service.get()));
}

}  // namespace imc::host
