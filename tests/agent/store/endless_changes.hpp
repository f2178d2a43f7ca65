// A history that is written again and again until its process is killed, and the check that what is left is whole.
// What it is not: the killing, which is each platform's own.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace imc::test {

// Applies ever new changes, the first with this mark; calls `begun` after the first. Ends the process by itself only on errors.
[[noreturn]] void apply_for_ever(const std::string& path, std::uint64_t mark, const std::function<void()>& begun);

// All parts must carry the mark of one and the same change; gives the mark.
std::uint64_t check_whole(const std::string& path);

}  // namespace imc::test
