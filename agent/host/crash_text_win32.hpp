// The text of a crash: what happened where, and the calls above it, each as a module and an offset into it, which the
// symbols of the build turn into lines. Made without heap. Internal to the agent's Win32 files. What it is not: symbolic.
#pragma once

#include "agent/host/wide_win32.hpp"

#include <array>
#include <cstddef>

namespace imc::host {

class CrashText {
public:
    // On any thread; the faulting one is stopped or waits. At most 64 calls.
    void describe(const char* program, const EXCEPTION_POINTERS& where);
    [[nodiscard]] const char* bytes() const { return text_.data(); }
    [[nodiscard]] std::size_t size() const { return size_; }

private:
    void add(const char* format, ...);
    void add_address(const char* what, DWORD64 address);
    void add_calls(CONTEXT context);

    std::array<char, 8'192> text_{};
    std::size_t size_ = 0;
};

}  // namespace imc::host
