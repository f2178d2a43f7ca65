// A tree of folders as data, before anything is written: what the demo is made of, and what tests look at. What it is
// not: the writer of it (files.hpp).
#pragma once

#include "spchain/folder.hpp"
#include "tools/generator/simulator.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace generator {

struct File {
    std::string name;     // without directory
    std::string content;  // empty: `bytes` of nothing, sparse
    std::uint64_t bytes = 0;
    spchain::UnixTime written = 0;
    std::int32_t nanoseconds = 0;  // of `written`
};

// Everything in one directory itself. Those above it are made with it.
struct Directory {
    std::string path;  // below the root of the tree, with '/'
    std::vector<File> files;
};

// An entry of folders.toml.
struct ManagedFolder {
    std::string path;  // below the root of the tree, with '/'
    std::string type = "normal";
    std::string customer;
    std::string profile = "primary";
};

// What was done to a place on purpose; the words are those of the findings that it must lead to.
struct Defect {
    std::string path;    // of the Directory
    std::string volume;  // empty: the directory itself
    std::string code;    // such as "chain_doubtful"
    std::string file;    // the one lost, old or unwanted; may be empty
};

struct Tree {
    std::vector<Directory> directories;
    std::vector<ManagedFolder> folders;
    std::vector<std::string> discovery_roots;  // below the root of the tree
    std::string path_template;                 // empty: none
    std::vector<Defect> defects;
    std::string manager_drive;       // how ImageManager spells the root; empty: it left no logs, events and database
    std::string database;            // ImageManager's, below the root; empty: there is none
    std::uint64_t verify_bytes = 0;  // to be verified in a night; 0: the configuration says nothing of verification
    std::string worth_losing;        // a file below the root whose loss is worth seeing, told in a comment; empty: none
};

// What ImageManager puts beside an image: the digest in two lines (some have only the first). Digest and identity are
// invented from the name and the seed.
[[nodiscard]] File digest_of(const spchain::Entry& image, std::uint64_t seed);
[[nodiscard]] File bitmap_of(const spchain::Entry& image);
// The image itself, sparse.
[[nodiscard]] File image_file(const spchain::Entry& image);
// The same with bytes that no other image has, for small ones.
[[nodiscard]] File filled_image(const spchain::Entry& image, std::uint64_t seed);
// The configuration's tables for the tree below `root`, an absolute path.
[[nodiscard]] std::string folders_toml(const Tree& tree, const std::string& root);

}  // namespace generator
