// The bytes of the files in agent/api/page, built into the program: the local page for people. What it is not: what is
// served; resources_page.cpp fills the brand in.
#pragma once

#include <span>
#include <string_view>

namespace imc::api {

struct PageFile {
    std::string_view name;  // without folder, such as "main.js"
    std::string_view bytes;
};

[[nodiscard]] std::span<const PageFile> page_files() noexcept;  // ascending by name

}  // namespace imc::api
