// Files that only administrators and the agent may read, written so that a power cut leaves the old or the new
// content; and what this computer is called. files_posix.cpp, names_posix.cpp and files_win32.cpp.
// What it is not: for managed folders, which are never written.
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <cstddef>
#include <string>
#include <type_traits>

namespace imc::host {

// What the system's own error codes do not say; everything else is the system's error code (system_category()).
enum class errc {
    ok = 0,
    file_too_large,  // the file is larger than the caller's limit; equals boost::system::errc::file_too_large
    not_a_file,      // a directory, device, pipe or socket where a file belongs
    not_a_directory,
    not_private,  // the directory is shared by everybody on purpose, such as /tmp
};
[[nodiscard]] const boost::system::error_category& category() noexcept;
[[nodiscard]] inline boost::system::error_code make_error_code(errc e) noexcept {
    return {static_cast<int>(e), category()};
}

// All paths are UTF-8; relative ones are relative to the working directory. All functions may be called on any
// thread, and wait for the disk.

// At most `limit` bytes; a larger file is an error (errc::file_too_large). Never waits for a pipe's other end.
[[nodiscard]] boost::system::result<std::string> read_file(const std::string& path, std::size_t limit);
// Writes beside it (its name and ".new"), flushes, renames, flushes the directory. One writer per file at a time. `secret`:
// mode 0600 (Windows: SYSTEM, Administrators and the service; encrypted, secret.hpp reads it); else 0644 (Windows: as the
// directory says). Replaces a symbolic link.
[[nodiscard]] boost::system::result<void> write_file(const std::string& path, const std::string& content, bool secret);
// A missing file is no error.
[[nodiscard]] boost::system::result<void> remove_file(const std::string& path);
// Makes it and its parents; the last one for the agent and administrators only (mode 0700), also when it is there already.
[[nodiscard]] boost::system::result<void> make_private_directory(const std::string& path);

[[nodiscard]] std::string default_data_directory();  // /var/lib/imconnector, %ProgramData%\ImageManager Connector
[[nodiscard]] std::string default_config_file();     // /etc/imconnector/imconnector.toml, imconnector.toml in the data directory
[[nodiscard]] std::string host_name();               // without domain where the system knows none; never empty
[[nodiscard]] std::string os_name();                 // "Debian GNU/Linux 12 (bookworm)", "Windows Server 2022 Standard (build 20348)"

}  // namespace imc::host

template <>
struct boost::system::is_error_code_enum<imc::host::errc> : std::true_type {};
