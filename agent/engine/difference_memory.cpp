#include "agent/engine/difference_memory.hpp"

#include <algorithm>

namespace imc::engine {
namespace {

// Nobody has described when ImageManager takes note of an image; at the latest its nightly processing does.
constexpr std::int64_t processing_seconds = 26 * 3600;

std::string_view text_of(const imagemanager::Difference& one) {
    return one.name;
}
std::string_view text_of(const std::string& one) {
    return one;
}

}  // namespace

imagemanager::Comparison DifferenceMemory::lasting(const std::string& folder, imagemanager::Comparison found, std::int64_t now,
                                                   std::int64_t lag) {
    auto& before = since_[folder];
    std::map<std::string, std::int64_t> after;
    const auto filter = [&](auto& list, const std::string& code) {
        const bool told = told_.contains({folder, code});
        std::erase_if(list, [&](const auto& one) {
            const std::string key = code + "\n" + std::string(text_of(one));
            const auto known = before.find(key);
            // A clock that went back must not hide what has lasted.
            const std::int64_t since = told ? now - lag : known == before.end() ? now : std::min(known->second, now);
            after[key] = since;
            return now - since < lag;
        });
    };
    filter(found.gone, "records_gone");
    filter(found.unknown, "records_unknown");
    std::erase_if(found.unknown, [now](const auto& one) { return one.since != 0 && now - one.since < processing_seconds; });
    filter(found.sizes, "records_size_differs");
    filter(found.empty_sets, "records_empty_set");
    before = std::move(after);
    return found;
}

void DifferenceMemory::keep(const std::set<std::string>& folders) {
    std::erase_if(since_, [&folders](const auto& one) { return !folders.contains(one.first); });
}

}  // namespace imc::engine
