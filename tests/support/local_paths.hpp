// Absolute paths of POSIX as the platform has them, so that one test does for all. What it is not: for files that exist.
#pragma once

#include <string>

namespace support {

// "/srv/x" as it is, on Windows "C:/srv/x".
inline std::string local(const std::string& path) {
#ifdef _WIN32
    return "C:" + path;
#else
    return path;
#endif
}

// The same for every path that begins right behind a quotation mark.
inline std::string with_local_paths(std::string text) {
    for (std::size_t at = 1; at < text.size(); ++at) {
        if (text[at] != '/' || (text[at - 1] != '"' && text[at - 1] != '\'')) continue;
        const std::string drive = local("/");
        text.replace(at, 1, drive);
        at += drive.size() - 1;
    }
    return text;
}

}  // namespace support
