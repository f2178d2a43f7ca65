// What a path or a sentence of ImageManager is about: which watched folder, volume, base and image. What it is not: a guess; what
// several folders could be meant by is about none. Pure.
#pragma once

#include "agent/engine/folder_set.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace imc::engine {

// Folders as ImageManager may spell them: where its paths are others than the agent's (another computer, a mount), `from` is its
// spelling of what the agent knows as `to`.
struct Spelling {
    std::string from;
    std::string to;
};

struct Subject {
    std::string folder_id;  // empty: not known
    std::string volume;     // as the image's name or the folder has it; empty: not known
    std::uint32_t base = 0;
    std::string image;  // name of the file; empty: none is named
};

class Subjects {
public:
    struct Folder {
        std::string id;
        std::string path;
        std::vector<std::string> volumes;  // names
    };
    Subjects(const std::vector<Folder>& folders, const std::vector<Spelling>& spellings);

    // A full path of an image. An image whose folder nobody watches has a name and no folder.
    [[nodiscard]] Subject of_path(std::string_view path) const;
    // A sentence with a folder's path, an image's name, or both somewhere in it.
    [[nodiscard]] Subject of_text(std::string_view text) const;
    // An image's name in what is said of a folder.
    [[nodiscard]] Subject of_image(std::string_view name, const std::string& folder_id) const;
    // What stands between the brackets of a folder's log; empty: no watched folder.
    [[nodiscard]] std::string folder_of_log(std::string_view key) const;

private:
    struct Known {
        std::string id;
        std::set<std::string> volumes;  // in small letters
    };
    [[nodiscard]] const Known* find(const std::string& id) const;
    [[nodiscard]] std::string folder_in(const std::string& folded) const;

    std::vector<Known> known_;
    std::map<std::string, std::string> by_spelling_;  // in small letters, with '\', to ids
};

}  // namespace imc::engine
