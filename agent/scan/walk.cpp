#include "agent/scan/walk.hpp"

#include "agent/scan/paths.hpp"
#include "agent/scan/reading.hpp"

#include <algorithm>

namespace imc::scan {
namespace {

constexpr std::string_view incrementals = "Incrementals";

// The bytes are a side figure: where they cannot be had, the look at the images still counts, and says so.
errc add_incrementals(const std::string& path, const Limits& limits, const std::stop_token& stop, FolderLook& look) {
    const auto below = read_directory(path, limits, {}, stop);
    if (below) {
        look.incrementals_bytes += below->bytes;
        look.incrementals_files += below->files.size();
        return errc::ok;
    }
    const auto why = static_cast<errc>(below.error().value());
    if (why == errc::cancelled) return why;
    if (why != errc::not_found) {
        look.incrementals_known = false;
        look.incrementals_error = why;
    }
    return errc::ok;
}

errc look_below(const std::string& path, const Limits& limits, const Watch& watch, const std::stop_token& stop, FolderLook& look) {
    // Where case counts there may be several.
    for (const auto& name : look.listing.directories) {
        if (!equal_without_case(name, incrementals)) continue;
        const Limits left{limits.entries, watch.milliseconds_left()};
        if (const errc e = add_incrementals(join(path, name), left, stop, look); e != errc::ok) return e;
    }
    if (!look.incrementals_known) {
        look.incrementals_bytes = 0;
        look.incrementals_files = 0;
    }
    return errc::ok;
}

}  // namespace

boost::system::result<FolderLook> look(const std::string& path, const Limits& limits, std::int64_t now, std::int64_t fresh_seconds,
                                       std::stop_token stop) {
    const Watch watch(limits, stop);
    auto listing = read_directory(path, limits, {now, fresh_seconds}, stop);
    if (!listing) return listing.error();
    FolderLook look;
    look.listing = std::move(*listing);
    if (const errc e = look_below(path, limits, watch, stop, look); e != errc::ok) return make_error_code(e);
    if (const auto left = space(path)) {
        look.space = *left;
        look.space_known = true;
    }
    if (auto same = identity(path)) look.identity = std::move(*same);
    look.digest = combine(look.listing.digest, look.incrementals_known ? 1 : 0);
    look.digest = combine(look.digest, look.incrementals_bytes);
    look.digest = combine(look.digest, look.incrementals_files);
    return look;
}

boost::system::result<std::vector<std::string>> children(const std::string& store, const Limits& limits, std::stop_token stop) {
    const auto listing = read_directory(store, limits, {}, std::move(stop));
    if (!listing) return listing.error();
    std::vector<std::string> out;
    for (const auto& name : listing->directories) {
        if (!equal_without_case(name, incrementals)) out.push_back(join(store, name));
    }
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace imc::scan
