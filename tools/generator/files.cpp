#include "tools/generator/files.hpp"

#include <stdexcept>
#include <system_error>
#include <vector>

namespace generator {

namespace fs = std::filesystem;

namespace {

const std::string mark_text = "This directory was made by imc-generate, which may empty it again.\n";

File text_file(const char* name, const std::string& text, spchain::UnixTime when) {
    return {name, text, text.size(), when, 0};
}

[[noreturn]] void fail(const fs::path& path, const std::string& what) {
    throw std::runtime_error(path.string() + ": " + what);
}

void empty_own(const fs::path& directory) {
    std::error_code error;
    std::vector<fs::path> inside;
    for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) inside.push_back(at->path());
    if (error) fail(directory, error.message());
    if (inside.empty()) return;
    const auto mark = directory / mark_name;
    if (!fs::is_regular_file(fs::symlink_status(mark, error)))
        fail(directory, "not empty, and not made by this program; nothing was changed");
    // The mark goes last: whatever stops this, the directory is still known as made by this program.
    for (const auto& path : inside) {
        if (path != mark) fs::remove_all(path, error);
        if (error) fail(path, error.message());
    }
    fs::remove(mark, error);
    if (error) fail(mark, error.message());
}

}  // namespace

fs::path claim(const fs::path& directory, spchain::UnixTime now) {
    std::error_code error;
    auto root = fs::absolute(directory, error).lexically_normal();
    if (error) fail(directory, error.message());
    if (!root.has_filename()) root = root.parent_path();
    const auto status = fs::status(root, error);
    if (fs::exists(status) && !fs::is_directory(status)) fail(root, "is not a directory");
    if (fs::exists(status)) empty_own(root);
    write_files(root, std::vector{text_file(mark_name, mark_text, now)});
    return root;
}

void write_folders_toml(const Tree& tree, const fs::path& root, spchain::UnixTime now) {
    write_files(root, std::vector{text_file("folders.toml", folders_toml(tree, root.generic_string()), now)});
}

void write_tree(const Tree& tree, const fs::path& root, spchain::UnixTime now) {
    for (const auto& directory : tree.directories) write_files(root / directory.path, directory.files);
    write_folders_toml(tree, root, now);
}

}  // namespace generator
