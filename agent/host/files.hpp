// Files that only administrators and the agent may read, written so that a power cut leaves the old or the new
// content. files_posix.cpp and files_win32.cpp. What it is not: for managed folders, which are never written.
#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <string>

namespace imc::host {

// At most `limit` bytes; a larger file is an error (errc::file_too_large).
[[nodiscard]] boost::system::result<std::string> read_file(const std::string& path, std::size_t limit);
// Writes beside it, flushes, renames, flushes the directory. `secret`: mode 0600 (Windows: SYSTEM and Administrators).
[[nodiscard]] boost::system::result<void> write_file(const std::string& path, const std::string& content, bool secret);
// Makes it and its parents; the last one for the agent and administrators only (mode 0700).
[[nodiscard]] boost::system::result<void> make_private_directory(const std::string& path);
[[nodiscard]] std::string default_data_directory();  // /var/lib/imconnector, %ProgramData%\ImageManager Connector
[[nodiscard]] std::string default_config_file();     // /etc/imconnector/imconnector.toml, …
[[nodiscard]] std::string host_name();
[[nodiscard]] std::string os_name();  // "Debian GNU/Linux 12", "Windows Server 2022 …"

}  // namespace imc::host
