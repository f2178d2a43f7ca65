// The one step of the installer that is a library and not the program: it gives the join code to the program by a pipe.
//
// Why a library. Of a step that runs as the system Windows Installer hands on one text. A program gets it as its command line, which
// every process of the computer can read, and many a monitor keeps. What the installer's own tables can write (registry, INI files)
// stands in the verbose log when it is executed, in the script that would undo it, and for a moment where Users may read. A script
// needs an interpreter that Windows is giving up. A library alone can ask for the text, and Windows Installer keeps it in a script of
// its own that only the system and administrators can open, until the installation is done. From here it goes through a pipe that has
// no name, into a process that has nothing else of us, and to the disk encrypted (agent/cli/installer.hpp).
//
// What it is not: a judge. A join code that is good for nothing fails no installation; the program says so where people look.
#include <windows.h>
// After windows.h.
#include <msi.h>
#include <msiquery.h>

namespace {

constexpr DWORD longest_text = 8192;  // a program's path and a join code
constexpr DWORD limit_ms = 30'000;
constexpr wchar_t separator = L'|';  // in no path
constexpr wchar_t words[] = L"\" service installer join";

struct Handle {
    HANDLE value = nullptr;
    Handle() = default;
    explicit Handle(HANDLE handle) : value(handle) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() { close(); }
    void close() {
        if (value != nullptr) CloseHandle(value);
        value = nullptr;
    }
};

// Nothing of it stays in memory that is given back.
struct Texts {
    wchar_t given[longest_text] = {};
    wchar_t command[longest_text] = {};
    char code[longest_text] = {};
    Texts() = default;
    Texts(const Texts&) = delete;
    Texts& operator=(const Texts&) = delete;
    ~Texts() { SecureZeroMemory(this, sizeof *this); }
};

// The program, with the pipe as its standard input and no other handle of ours.
bool start(const wchar_t* program, wchar_t* command, HANDLE input, Handle& process) {
    alignas(16) char memory[128] = {};
    SIZE_T bytes = sizeof memory;
    auto* const list = reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(memory);
    if (!InitializeProcThreadAttributeList(list, 1, 0, &bytes)) return false;
    STARTUPINFOEXW startup{};
    startup.StartupInfo.cb = sizeof startup;
    startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    startup.StartupInfo.hStdInput = input;
    startup.lpAttributeList = list;
    PROCESS_INFORMATION made{};
    constexpr DWORD flags = CREATE_NO_WINDOW | EXTENDED_STARTUPINFO_PRESENT;
    const bool started = UpdateProcThreadAttribute(list, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, &input, sizeof input, nullptr, nullptr) &&
                         CreateProcessW(program, command, nullptr, nullptr, TRUE, flags, nullptr, nullptr, &startup.StartupInfo, &made);
    DeleteProcThreadAttributeList(list);
    if (!started) return false;
    CloseHandle(made.hThread);
    process.value = made.hProcess;
    return true;
}

// `program`|`code`, as product.sql says.
bool hand_over(Texts& texts) {
    wchar_t* code = texts.given;
    while (*code != L'\0' && *code != separator) ++code;
    if (*code != separator) return false;
    *code++ = L'\0';
    const int bytes = WideCharToMultiByte(CP_UTF8, 0, code, -1, texts.code, longest_text - 1, nullptr, nullptr);
    if (bytes <= 1) return false;
    texts.code[bytes - 1] = '\n';
    texts.command[0] = L'"';
    if (static_cast<DWORD>(lstrlenW(texts.given) + lstrlenW(words)) + 2 > longest_text) return false;
    lstrcpyW(texts.command + 1, texts.given);
    lstrcatW(texts.command, words);

    SECURITY_ATTRIBUTES inherited{sizeof inherited, nullptr, TRUE};
    HANDLE ends[2] = {};
    // Larger than what goes into it, so that writing waits for nobody.
    if (!CreatePipe(&ends[0], &ends[1], &inherited, longest_text)) return false;
    Handle reading(ends[0]);
    Handle writing(ends[1]);
    Handle process;
    if (!SetHandleInformation(writing.value, HANDLE_FLAG_INHERIT, 0) || !start(texts.given, texts.command, reading.value, process))
        return false;
    reading.close();
    DWORD written = 0;
    const bool whole =
        WriteFile(writing.value, texts.code, static_cast<DWORD>(bytes), &written, nullptr) && written == static_cast<DWORD>(bytes);
    writing.close();
    return WaitForSingleObject(process.value, limit_ms) == WAIT_OBJECT_0 && whole;
}

}  // namespace

extern "C" __declspec(dllexport) UINT __stdcall HandOver(MSIHANDLE session) {
    Texts texts;
    DWORD length = longest_text;
    const bool had = MsiGetPropertyW(session, L"CustomActionData", texts.given, &length) == ERROR_SUCCESS;
    return had && hand_over(texts) ? ERROR_SUCCESS : ERROR_INSTALL_FAILURE;
}
