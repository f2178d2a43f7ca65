// Secrets in files: on Windows encrypted for this computer on top of the file's access list (DPAPI, machine scope), so that
// a disk or a backup that is carried away tells none (secret_win32.cpp); elsewhere as they are (secret_posix.cpp).
// write_file(secret) protects. What it is not: a defence against administrators of the computer.
#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <string>

namespace imc::host {

// Any thread. Errors are the system's: content that another computer has protected cannot be read.
[[nodiscard]] boost::system::result<std::string> protect(const std::string& plain);
// What was never protected comes back as it is.
[[nodiscard]] boost::system::result<std::string> unprotect(const std::string& stored);
// The same as hexadecimal digits, for a column of text.
[[nodiscard]] boost::system::result<std::string> protect_as_text(const std::string& plain);
[[nodiscard]] boost::system::result<std::string> unprotect_text(const std::string& text);
[[nodiscard]] bool wants_protection(const std::string& stored);  // false: it is protected, or nothing is here

// As read_file; `limit` counts the plain content, roughly.
[[nodiscard]] boost::system::result<std::string> read_secret(const std::string& path, std::size_t limit);
// A secret that lies in the agent's own directory as plain text, from an earlier version or by hand, is written again.
// What cannot be written stays: it could be read.
[[nodiscard]] boost::system::result<std::string> read_own_secret(const std::string& path, std::size_t limit);

}  // namespace imc::host
