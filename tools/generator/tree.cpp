#include "tools/generator/tree.hpp"

#include "tools/generator/time_text.hpp"

namespace generator {
namespace {

std::uint64_t hash(std::string_view text, std::uint64_t seed) {
    std::uint64_t value = 0xcbf29ce484222325ULL ^ seed;
    for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return value;
}

std::string hex(Random& random, int digits) {
    std::string text;
    for (int k = 0; k < digits; ++k) text += "0123456789abcdef"[random.below(16)];
    return text;
}

std::string guid(Random& random) {
    const int parts[] = {8, 4, 4, 4, 12};
    std::string text;
    for (const int digits : parts) text += (text.empty() ? "" : "-") + hex(random, digits);
    return text;
}

std::string replace_extension(const std::string& name, const char* extension) {
    return name.substr(0, name.rfind('.')) + extension;
}

// A literal string where possible: nothing needs escaping there.
std::string toml_string(const std::string& text) {
    const auto awkward = [](char c) { return c == '\'' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    bool literal = true;
    for (const char c : text) literal = literal && !awkward(c);
    if (literal) return "'" + text + "'";
    std::string escaped = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f) {
            escaped += std::string("\\u00") + "0123456789abcdef"[byte >> 4] + "0123456789abcdef"[byte & 15];
        } else {
            if (c == '"' || c == '\\') escaped += '\\';
            escaped += c;
        }
    }
    return escaped + "\"";
}

}  // namespace

File image_file(const spchain::Entry& image) {
    return {image.name, {}, image.bytes, image.written, 0};
}

File filled_image(const spchain::Entry& image, std::uint64_t seed) {
    Random random(hash(image.name, seed));
    std::string content;
    content.reserve(image.bytes + 8);
    while (content.size() < image.bytes) {
        const auto word = random.next();
        for (unsigned shift = 0; shift < 64; shift += 8) content += static_cast<char>(word >> shift & 0xff);
    }
    content.resize(image.bytes);
    return {image.name, std::move(content), image.bytes, image.written, 0};
}

File digest_of(const spchain::Entry& image, std::uint64_t seed) {
    Random random(hash(image.name, seed) + static_cast<std::uint64_t>(image.written));
    std::string text = hex(random, 32) + " *" + image.name + "\r\n";
    if (!random.chance(0.05)) text += ";" + guid(random) + ";" + slashed_date(image.written) + "\r\n";
    const auto bytes = text.size();
    return {replace_extension(image.name, ".md5"), std::move(text), bytes, image.written + 20, 0};
}

File bitmap_of(const spchain::Entry& image) {
    return {replace_extension(image.name, ".bitmap"), {}, 64'000 + image.bytes / 32'768, image.written + 5, 0};
}

std::string folders_toml(const Tree& tree, const std::string& root) {
    std::string text = "# Made by imc-generate. Append it to a configuration.\n";
    if (!tree.worth_losing.empty()) text += "# Worth a try: delete " + toml_string(root + "/" + tree.worth_losing) + "\n";
    if (!tree.path_template.empty()) {
        text += "[discovery]\nroots = [";
        for (const auto& below : tree.discovery_roots) text += (text.back() == '[' ? "" : ", ") + toml_string(root + "/" + below);
        text += "]\npath_template = " + toml_string(tree.path_template) + "\n";
    }
    if (!tree.manager_drive.empty()) {
        const std::string beside = root + "/ImageManager/";
        text += "\n[imagemanager]\nlogs = " + toml_string(beside + "Logs") + "\nevents = " + toml_string(beside + "events.xml") + "\n";
        if (!tree.database.empty()) {
            text += "database = " + toml_string(root + "/" + tree.database) + "\npoll_seconds = 5\nlag_seconds = 0\n";
        }
        text += "\n[[imagemanager.path]]\nfrom = " + toml_string(tree.manager_drive) + "\nto = " + toml_string(root) + "\n";
    }
    if (tree.verify_bytes > 0) {
        text +=
            "\n# At any hour, and little: most images only pretend to hold anything.\n[verify]\nwindow = \"00:00-24:00\"\nbytes_per_night "
            "= " +
            std::to_string(tree.verify_bytes) + "\n";
    }
    for (const auto& folder : tree.folders) {
        text += "\n[[folder]]\npath = " + toml_string(root + "/" + folder.path) + "\n";
        if (folder.type != "normal") text += "type = " + toml_string(folder.type) + "\n";
        if (!folder.customer.empty()) text += "customer = " + toml_string(folder.customer) + "\n";
        if (folder.profile != "primary") text += "profile = " + toml_string(folder.profile) + "\n";
    }
    return text;
}

}  // namespace generator
