#include "agent/host/service.hpp"
#include "agent/host/service_control.hpp"
#include "agent/host/service_names_win32.hpp"
#include "agent/host/system_log.hpp"
#include "agent/host/wide_win32.hpp"

#include <array>
#include <atomic>
#include <cstdint>

namespace imc::host {
namespace {

// How long a step of the start may take before the service control manager may call it hung. Opening the databases
// checks them, which takes long for large ones.
constexpr DWORD step_hint_ms = 120'000;
constexpr DWORD stores_hint_ms = 600'000;
// What the end may take beyond the agent's own deadline before the process is ended by force.
constexpr DWORD end_grace_ms = 12'000;

// Once, from now; the system counts in units of 100 ns, negative ones from now on.
void set_due(PTP_TIMER timer, LONGLONG after_ms) {
    ULARGE_INTEGER due{};
    due.QuadPart = static_cast<ULONGLONG>(-(after_ms * 10'000));
    FILETIME when{due.LowPart, due.HighPart};
    SetThreadpoolTimer(timer, &when, 0, 0);
}

// The service control manager. Its control handler runs on another thread than the agent; both speak through atomics
// and the requests' function, which changes hands in one pointer exchange.
class ServiceManager final : public Overseer {
public:
    bool register_handler() {
        handle_ = RegisterServiceCtrlHandlerExW(service_name, handle, this);
        return handle_ != nullptr;
    }
    ~ServiceManager() override {
        if (timer_ == nullptr) return;
        SetThreadpoolTimer(timer_, nullptr, 0, 0);
        WaitForThreadpoolTimerCallbacks(timer_, TRUE);
        CloseThreadpoolTimer(timer_);
    }

    void starting(StartStep step) override {
        step_ = step;
        report(SERVICE_START_PENDING, step == StartStep::stores ? stores_hint_ms : step_hint_ms);
    }
    void ready() override {
        if (state_.exchange(SERVICE_RUNNING) == SERVICE_RUNNING) return;
        report(SERVICE_RUNNING, 0);
        tell_system(SystemEvent::started, "");
        mend_own_service();
    }
    void reloading() override {}
    void stopping(std::chrono::milliseconds deadline) override {
        const auto hint = static_cast<DWORD>(deadline.count()) + end_grace_ms;
        report(SERVICE_STOP_PENDING, hint);
        watch_end(hint);
    }
    void stopped() override { tell_system(SystemEvent::stopped, ""); }
    void failed(StartStep step, const std::string& why) override {
        const auto event = step == StartStep::running ? SystemEvent::ended_by_fault : SystemEvent::start_failed;
        tell_system(event, std::string(to_string(step)) + ": " + why);
        exit_step_ = static_cast<DWORD>(step);
    }
    // Not before: an installer replaces the program as soon as the service is said to have stopped.
    void left() override {
        if (!left_.exchange(true)) report(SERVICE_STOPPED, 0);
    }
    [[nodiscard]] std::optional<std::chrono::milliseconds> alive_within() const override { return std::nullopt; }
    void alive() override {}
    [[nodiscard]] bool keeps_output() const override { return false; }

    void on_request(std::function<void(Request)> function) override {
        const bool listens = static_cast<bool>(function);
        requests_ = listens ? std::make_shared<const std::function<void(Request)>>(std::move(function)) : nullptr;
        while (!listens && asking_ != 0) SwitchToThread();
        // A stop that came before anybody listened.
        if (listens && wanted_stop_) ask(Request::stop);
    }

private:
    static DWORD WINAPI handle(DWORD control, DWORD, void*, void* self) { return static_cast<ServiceManager*>(self)->control(control); }

    DWORD control(DWORD control) {
        switch (control) {
            case SERVICE_CONTROL_STOP:
            case SERVICE_CONTROL_SHUTDOWN:
            case SERVICE_CONTROL_PRESHUTDOWN:
                report(SERVICE_STOP_PENDING, end_grace_ms);
                wanted_stop_ = true;
                ask(Request::stop);
                return NO_ERROR;
            case SERVICE_CONTROL_PARAMCHANGE:
                ask(Request::reload);
                return NO_ERROR;
            case SERVICE_CONTROL_INTERROGATE:
                return NO_ERROR;
            default:
                return ERROR_CALL_NOT_IMPLEMENTED;
        }
    }

    void ask(Request request) {
        ++asking_;
        if (const auto function = requests_.load()) (*function)(request);
        --asking_;
    }

    void report(DWORD state, DWORD hint_ms) {
        state_ = state;
        const bool pending = state == SERVICE_START_PENDING || state == SERVICE_STOP_PENDING;
        SERVICE_STATUS status{};
        status.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
        status.dwCurrentState = state;
        if (state == SERVICE_RUNNING) {
            status.dwControlsAccepted =
                SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN | SERVICE_ACCEPT_PRESHUTDOWN | SERVICE_ACCEPT_PARAMCHANGE;
        }
        status.dwCheckPoint = pending ? ++checkpoint_ : 0;
        status.dwWaitHint = pending ? hint_ms : 0;
        if (state == SERVICE_STOPPED && exit_step_ != 0) {
            status.dwWin32ExitCode = ERROR_SERVICE_SPECIFIC_ERROR;
            status.dwServiceSpecificExitCode = exit_step_;
        }
        SetServiceStatus(handle_, &status);
    }

    // A thread that hangs in the system cannot be ended otherwise, and a service that does not end blocks its own upgrade.
    void watch_end(DWORD after_ms) {
        timer_ = CreateThreadpoolTimer(end_by_force, this, nullptr);
        if (timer_ == nullptr) return;
        set_due(timer_, after_ms);
    }

    static void CALLBACK end_by_force(PTP_CALLBACK_INSTANCE, void* self, PTP_TIMER) {
        auto& manager = *static_cast<ServiceManager*>(self);
        tell_system(SystemEvent::would_not_end, std::string("The last step was: ") + to_string(manager.step_.load()));
        manager.exit_step_ = static_cast<DWORD>(StartStep::running);
        manager.left();
        TerminateProcess(GetCurrentProcess(), 1);
    }

    SERVICE_STATUS_HANDLE handle_ = nullptr;
    PTP_TIMER timer_ = nullptr;
    std::atomic<StartStep> step_{StartStep::configuration};
    std::atomic<DWORD> state_{SERVICE_START_PENDING};
    std::atomic<DWORD> checkpoint_{0};
    std::atomic<DWORD> exit_step_{0};
    std::atomic<bool> wanted_stop_{false};
    std::atomic<bool> left_{false};
    std::atomic<int> asking_{0};
    std::atomic<std::shared_ptr<const std::function<void(Request)>>> requests_;
};

// ServiceMain takes no pointer of ours, so what it needs waits here while run_as_service is at work.
struct Call {
    const std::function<int(Overseer&)>* body = nullptr;
    int code = 1;
    std::atomic<bool> began{false};
    std::atomic<bool> ended{false};
};
Call* running_call = nullptr;

// How long the dispatcher may take to return once its only service has stopped.
constexpr LONGLONG dispatcher_limit_ms = 2'000;

void CALLBACK leave_by_force(PTP_CALLBACK_INSTANCE, void* code, PTP_TIMER) {
    TerminateProcess(GetCurrentProcess(), static_cast<UINT>(reinterpret_cast<std::uintptr_t>(code)));
}

// Wine's dispatcher sometimes is not told, and waits until it is killed a minute later, its program not to be replaced until then.
void leave_soon(int code) {
    auto* const timer = CreateThreadpoolTimer(leave_by_force, reinterpret_cast<void*>(static_cast<std::uintptr_t>(code)), nullptr);
    if (timer != nullptr) set_due(timer, dispatcher_limit_ms);
}

void WINAPI service_main(DWORD, LPWSTR*) {
    Call& call = *running_call;
    call.began = true;
    {
        ServiceManager manager;
        if (manager.register_handler()) {
            call.code = (*call.body)(manager);
            manager.left();
        }
    }
    leave_soon(call.code);
    call.ended = true;
    call.ended.notify_all();
}

}  // namespace

std::optional<int> run_as_service(const std::function<int(Overseer&)>& body) {
    Call call;
    call.body = &body;
    running_call = &call;
    std::wstring name = service_name;
    const std::array<SERVICE_TABLE_ENTRYW, 2> table{{{name.data(), service_main}, {nullptr, nullptr}}};
    const bool ran = StartServiceCtrlDispatcherW(table.data()) != 0;
    const DWORD error = GetLastError();
    // The dispatcher returns when the service is said to have stopped; its thread may still be on its way out.
    if (call.began) call.ended.wait(false);
    running_call = nullptr;
    if (!ran && error == ERROR_FAILED_SERVICE_CONTROLLER_CONNECT) return std::nullopt;
    return call.code;
}

}  // namespace imc::host
