// UTF-8 to the wide characters of Windows and back, and paths as its wide functions take them at any length.
// Internal to the agent's Win32 files. What it is not: for names that may be no UTF-16 (agent/scan has its own).
#pragma once

#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#ifndef NOMINMAX
#define NOMINMAX
#endif

#include <string>
#include <string_view>
#include <windows.h>

namespace imc::host {

// What is no UTF-8 becomes U+FFFD.
[[nodiscard]] std::wstring wide(std::string_view text);
[[nodiscard]] std::string utf8(std::wstring_view text);
// Absolute, resolved against the working directory, with "\\?\" or "\\?\UNC\" before it; what cannot be resolved stays as it is.
[[nodiscard]] std::wstring long_path(std::string_view path);

}  // namespace imc::host
