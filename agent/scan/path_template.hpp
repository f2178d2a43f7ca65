// The path template "{root}/{customer}/{folder}" that says whose folder a path is. Words in braces match one
// path component each and are captured; {root} is one of the discovery roots; anything else is literal.
// '/' in the template stands for the platform's separator. What it is not: a glob.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace imc::scan {

class PathTemplate {
public:
    // Empty result: the template is malformed; `why` says how in a sentence.
    [[nodiscard]] static std::optional<PathTemplate> compile(const std::string& text, std::string& why);
    // Captures by name ("customer", "machine", "folder" ...), or nothing when `path` does not fit.
    [[nodiscard]] std::optional<std::map<std::string, std::string>> match(const std::string& path,
                                                                          const std::vector<std::string>& roots) const;

private:
    struct Piece {
        bool capture;
        std::string text;
    };
    std::vector<std::vector<Piece>> components_;
};

}  // namespace imc::scan
