// Handlers of crashes take no pointer of ours and may run with a broken heap or without stack: what they need is laid out
// beforehand in one record that lives as long as the process, and the writing is done on a thread of its own.
#include "agent/host/crash.hpp"
#include "agent/host/crash_text_win32.hpp"
#include "agent/host/system_log.hpp"
#include "agent/host/wide_win32.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cwchar>
#include <dbghelp.h>
#include <exception>
#include <string>
#include <vector>

namespace imc::host {
namespace {

constexpr DWORD uncaught = 0xE0494D43;  // raised by ourselves, so that the place is known: customer bit, "IMC"
constexpr DWORD patience_ms = 30'000;   // for the dump; then the process ends without it
constexpr std::size_t kept_crashes = 5;

using WriteDump = decltype(&MiniDumpWriteDump);

struct Recorder {
    std::wstring directory;
    std::string program;
    WriteDump write_dump = nullptr;
    std::atomic<bool> crashed{false};
    EXCEPTION_POINTERS* where = nullptr;
    DWORD thread = 0;
};
std::atomic<Recorder*> recorder{nullptr};

// "<directory>\crash-20260801T120000Z-1234": extensions follow.
void name_of(const Recorder& to, wchar_t* name, std::size_t room) {
    SYSTEMTIME now{};
    GetSystemTime(&now);
    _snwprintf(name, room - 1, L"%ls\\crash-%04u%02u%02uT%02u%02u%02uZ-%lu", to.directory.c_str(), now.wYear, now.wMonth, now.wDay,
               now.wHour, now.wMinute, now.wSecond, GetCurrentProcessId());
    name[room - 1] = L'\0';
}

HANDLE new_file(const wchar_t* name, const wchar_t* extension) {
    wchar_t whole[1'024];
    _snwprintf(whole, std::size(whole) - 1, L"%ls.%ls", name, extension);
    whole[std::size(whole) - 1] = L'\0';
    return CreateFileW(whole, GENERIC_WRITE, 0, nullptr, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr);
}

void write_text(const wchar_t* name, const CrashText& text) {
    const HANDLE file = new_file(name, L"txt");
    if (file == INVALID_HANDLE_VALUE) return;
    DWORD written = 0;
    WriteFile(file, text.bytes(), static_cast<DWORD>(text.size()), &written, nullptr);
    FlushFileBuffers(file);
    CloseHandle(file);
}

bool write_dump(const Recorder& to, const wchar_t* name) {
    if (to.write_dump == nullptr) return false;
    const HANDLE file = new_file(name, L"dmp");
    if (file == INVALID_HANDLE_VALUE) return false;
    MINIDUMP_EXCEPTION_INFORMATION about{to.thread, to.where, FALSE};
    const auto kind = static_cast<MINIDUMP_TYPE>(MiniDumpNormal | MiniDumpWithThreadInfo | MiniDumpWithUnloadedModules);
    const bool done = to.write_dump(GetCurrentProcess(), GetCurrentProcessId(), file, kind, &about, nullptr, nullptr) != FALSE;
    CloseHandle(file);
    return done;
}

// The text first: it is short, and where the dump hangs or fails, it is what there is.
DWORD WINAPI record(void* given) {
    Recorder& to = *static_cast<Recorder*>(given);
    CreateDirectoryW(to.directory.c_str(), nullptr);
    wchar_t name[900];
    name_of(to, name, std::size(name));
    CrashText text;
    text.describe(to.program.c_str(), *to.where);
    write_text(name, text);
    tell_system(SystemEvent::crashed, {text.bytes(), text.size()});
    write_dump(to, name);
    return 0;
}

LONG WINAPI on_crash(EXCEPTION_POINTERS* where) {
    Recorder* to = recorder;
    // A second thread that crashes meanwhile waits for the end of the process.
    if (to == nullptr || to->crashed.exchange(true)) {
        Sleep(patience_ms);
        return EXCEPTION_EXECUTE_HANDLER;
    }
    to->where = where;
    to->thread = GetCurrentThreadId();
    const HANDLE writer = CreateThread(nullptr, 0, record, to, 0, nullptr);
    if (writer == nullptr) {
        record(to);
    } else {
        WaitForSingleObject(writer, patience_ms);
    }
    return EXCEPTION_EXECUTE_HANDLER;
}

// Before handlers are looked for, which takes stack that is not there.
LONG WINAPI on_exhausted_stack(EXCEPTION_POINTERS* where) {
    if (where->ExceptionRecord->ExceptionCode != EXCEPTION_STACK_OVERFLOW) return EXCEPTION_CONTINUE_SEARCH;
    on_crash(where);
    TerminateProcess(GetCurrentProcess(), EXCEPTION_STACK_OVERFLOW);
    return EXCEPTION_CONTINUE_SEARCH;
}

[[noreturn]] void end_by_exception() {
    RaiseException(uncaught, EXCEPTION_NONCONTINUABLE, 0, nullptr);
    TerminateProcess(GetCurrentProcess(), uncaught);
    std::abort();
}

void on_abort(int) {
    end_by_exception();
}

std::wstring directory_of(const std::string& path) {
    auto whole = long_path(path);
    while (!whole.empty() && whole.back() == L'\\') whole.pop_back();
    return whole;
}

// Of each crash there are two files with one name.
void forget_old(const std::wstring& directory) {
    std::vector<std::wstring> names;
    WIN32_FIND_DATAW found{};
    const HANDLE search = FindFirstFileW((directory + L"\\crash-*").c_str(), &found);
    if (search == INVALID_HANDLE_VALUE) return;
    do names.emplace_back(found.cFileName);
    while (FindNextFileW(search, &found) != 0);
    FindClose(search);
    std::sort(names.begin(), names.end());
    for (std::size_t i = 0; i + 2 * kept_crashes < names.size(); ++i) DeleteFileW((directory + L"\\" + names[i]).c_str());
}

WriteDump find_write_dump() {
    // From the system's folder alone. Loaded now, because a crash may hold the loader's lock.
    const HMODULE library = LoadLibraryExW(L"dbghelp.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (library == nullptr) return nullptr;
    return reinterpret_cast<WriteDump>(reinterpret_cast<void*>(GetProcAddress(library, "MiniDumpWriteDump")));
}

}  // namespace

void record_crashes(const std::string& directory, const std::string& program) {
    const Recorder* before = recorder;
    auto* fresh = new Recorder;
    fresh->directory = directory_of(directory);
    fresh->program = program;
    fresh->write_dump = before != nullptr ? before->write_dump : find_write_dump();
    forget_old(fresh->directory);
    // Of an exhausted stack enough must be left to start the writer's thread.
    ULONG enough = 65'536;
    SetThreadStackGuarantee(&enough);
    recorder = fresh;  // the older one stays: a crash may be at it
    if (before != nullptr) return;
    SetUnhandledExceptionFilter(on_crash);
    AddVectoredExceptionHandler(1, on_exhausted_stack);
    std::set_terminate(end_by_exception);
    std::signal(SIGABRT, on_abort);
}

}  // namespace imc::host
