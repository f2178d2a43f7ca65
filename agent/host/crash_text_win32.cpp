#include "agent/host/crash_text_win32.hpp"

#include <algorithm>
#include <cstdarg>
#include <cstdio>

namespace imc::host {
namespace {

constexpr int most_calls = 64;

const char* word_of(DWORD code) {
    switch (code) {
        case EXCEPTION_ACCESS_VIOLATION:
            return "access violation";
        case EXCEPTION_STACK_OVERFLOW:
            return "stack exhausted";
        case EXCEPTION_ILLEGAL_INSTRUCTION:
            return "illegal instruction";
        case EXCEPTION_IN_PAGE_ERROR:
            return "page cannot be read";
        case 0xE0494D43:
            return "exception that nobody caught, or abort";
        default:
            return "exception";
    }
}

// A function without a table (a leaf, or a call to nowhere): the address to return to is among the next words of the stack.
bool leave_leaf(CONTEXT& context) {
    constexpr int near_words = 8;
    for (int i = 0; i < near_words; ++i) {
        MEMORY_BASIC_INFORMATION about{};
        const auto* word = reinterpret_cast<const DWORD64*>(context.Rsp);
        if (VirtualQuery(word, &about, sizeof about) == 0 || about.State != MEM_COMMIT) return false;
        context.Rsp += sizeof(DWORD64);
        DWORD64 base = 0;
        if (RtlLookupFunctionEntry(*word, &base, nullptr) == nullptr) continue;
        context.Rip = *word;
        return true;
    }
    return false;
}

}  // namespace

void CrashText::add(const char* format, ...) {
    if (size_ + 1 >= text_.size()) return;
    va_list values;
    va_start(values, format);
    const int length = std::vsnprintf(text_.data() + size_, text_.size() - size_, format, values);
    va_end(values);
    if (length > 0) size_ = std::min(size_ + static_cast<std::size_t>(length), text_.size() - 1);
}

void CrashText::add_address(const char* what, DWORD64 address) {
    HMODULE module = nullptr;
    constexpr DWORD flags = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
    if (GetModuleHandleExW(flags, reinterpret_cast<LPCWSTR>(address), &module) == 0) {
        add("%s 0x%llx\r\n", what, address);
        return;
    }
    wchar_t path[MAX_PATH] = {};
    GetModuleFileNameW(module, path, MAX_PATH - 1);
    const wchar_t* name = path;
    for (const wchar_t* at = path; *at != L'\0'; ++at) {
        if (*at == L'\\') name = at + 1;
    }
    add("%s %ls+0x%llx\r\n", what, name, address - reinterpret_cast<DWORD64>(module));
}

// By the tables that every module brings for its exceptions.
void CrashText::add_calls(CONTEXT context) {
    for (int i = 0; i < most_calls && context.Rip != 0; ++i) {
        add_address("  at", context.Rip);
        DWORD64 base = 0;
        auto* entry = RtlLookupFunctionEntry(context.Rip, &base, nullptr);
        if (entry == nullptr) {
            if (i > 0 || !leave_leaf(context)) return;
            continue;
        }
        void* data = nullptr;
        DWORD64 frame = 0;
        const DWORD64 before = context.Rsp;
        RtlVirtualUnwind(UNW_FLAG_NHANDLER, base, context.Rip, entry, &context, &data, &frame, nullptr);
        if (context.Rsp <= before) return;
    }
}

void CrashText::describe(const char* program, const EXCEPTION_POINTERS& where) {
    const EXCEPTION_RECORD& what = *where.ExceptionRecord;
    add("%s, process %lu: %s (0x%08lx)\r\n", program, GetCurrentProcessId(), word_of(what.ExceptionCode), what.ExceptionCode);
    if (what.ExceptionCode == EXCEPTION_ACCESS_VIOLATION && what.NumberParameters >= 2) {
        add("%s 0x%llx\r\n", what.ExceptionInformation[0] == 0 ? "reading" : "writing or running",
            static_cast<unsigned long long>(what.ExceptionInformation[1]));
    }
    add_address("in", reinterpret_cast<DWORD64>(what.ExceptionAddress));
    add_calls(*where.ContextRecord);
}

}  // namespace imc::host
