// ImageManager's database as a file: opened for reading so that nobody else is hindered, whatever they do with it, and read
// by pages. ImageManager holds it open in a way that only Access heeds. What it is not: a lock or a copy; what is read while
// ImageManager writes may not fit together, which load_records() notices. database_file_posix.cpp, database_file_win32.cpp.
#pragma once

#include "agent/imagemanager/jet/source.hpp"
#include "agent/imagemanager/records.hpp"

#include <boost/system/result.hpp>
#include <memory>
#include <string>
#include <vector>

namespace imc::imagemanager {

inline constexpr std::uint64_t largest_database = std::uint64_t{1} << 31;  // of Access itself

class DatabaseFile : public jet::Source {
public:
    // `path` is UTF-8. host::errc::not_a_file, host::errc::file_too_large, else the system's error. Waits for the disk.
    [[nodiscard]] static boost::system::result<std::unique_ptr<DatabaseFile>> open(const std::string& path);
    // Size or time of writing are other than when it was opened, or cannot be told.
    [[nodiscard]] virtual bool changed() const noexcept = 0;
};

// Reads the file, again where it was written meanwhile, three times at most. The error is a sentence that names the file.
// Waits for the disk.
[[nodiscard]] boost::system::result<Records, std::string> load_records(const std::string& path);

}  // namespace imc::imagemanager
