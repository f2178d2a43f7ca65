#include "tools/generator/demo_digests.hpp"

#include "agent/imagemanager/md5_digest.hpp"
#include "spchain/name.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

namespace generator {
namespace {

using imc::imagemanager::Md5;
using imc::imagemanager::Md5Digest;
using imc::imagemanager::to_text;

[[noreturn]] void fail() {
    throw std::runtime_error("MD5 is not available");
}

std::span<const std::uint8_t> bytes_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string digest_of_content(const std::string& content) {
    Md5Digest digest;
    Md5 result{};
    if (!digest.begin() || !digest.add(bytes_of(content)) || !digest.end(result)) fail();
    return imc::imagemanager::to_text(result);
}

// The digests of so many zeros, in one pass over the largest number.
void hash_zeros(std::map<std::uint64_t, std::string>& sizes) {
    static constexpr std::array<std::uint8_t, 65'536> zeros{};
    Md5Digest digest;
    if (!digest.begin()) fail();
    std::uint64_t done = 0;
    for (auto& [size, text] : sizes) {
        for (; done < size; done += std::min<std::uint64_t>(zeros.size(), size - done)) {
            if (!digest.add(std::span(zeros).first(static_cast<std::size_t>(std::min<std::uint64_t>(zeros.size(), size - done))))) fail();
        }
        Md5 result{};
        if (!digest.so_far(result)) fail();
        text = imc::imagemanager::to_text(result);
    }
}

// Of the directory's images, by their names without ending, as their .md5 files have it.
std::map<std::string_view, File*> images_of(Directory& directory) {
    std::map<std::string_view, File*> images;
    for (auto& file : directory.files) {
        if (spchain::parse(file.name).type == spchain::NameType::image)
            images.emplace(std::string_view(file.name).substr(0, file.name.rfind('.')), &file);
    }
    return images;
}

void write_digest(File& sidecar, const File& image, const std::map<std::uint64_t, std::string>& zeros) {
    const auto line_end = sidecar.content.find('\n') + 1;
    std::string line;
    if (!image.content.empty()) {
        line = digest_of_content(image.content) + " *" + image.name + "\r\n";
    } else if (image.bytes <= largest_hashed) {
        line = zeros.at(image.bytes) + " *" + image.name + "\r\n";
    }
    const auto rest = sidecar.content.substr(line_end);
    sidecar.content = line.empty() && rest.empty() ? ";\r\n" : line + rest;
    sidecar.bytes = sidecar.content.size();
}

}  // namespace

void add_digests(Tree& tree) {
    std::map<std::uint64_t, std::string> zeros;
    for (const auto& directory : tree.directories) {
        for (const auto& file : directory.files) {
            if (file.content.empty() && file.bytes <= largest_hashed) zeros.emplace(file.bytes, std::string());
        }
    }
    hash_zeros(zeros);
    for (auto& directory : tree.directories) {
        const auto images = images_of(directory);
        for (auto& file : directory.files) {
            if (!file.name.ends_with(".md5")) continue;
            const auto image = images.find(std::string_view(file.name).substr(0, file.name.size() - 4));
            if (image != images.end()) write_digest(file, *image->second, zeros);
        }
        for (const auto& defect : tree.defects) {
            if (defect.code != "image_damaged" || defect.path != directory.path) continue;
            for (auto& file : directory.files) {
                if (file.name == defect.file && !file.content.empty()) file.content[file.content.size() / 2] ^= 1;
            }
        }
    }
}

}  // namespace generator
