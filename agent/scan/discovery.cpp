#include "agent/scan/paths.hpp"
#include "agent/scan/reading.hpp"
#include "agent/scan/utf8.hpp"
#include "agent/scan/walk.hpp"
#include "spchain/name.hpp"

#include <algorithm>
#include <deque>

namespace imc::scan {
namespace {

constexpr std::size_t unreadable_limit = 100;

struct Pending {
    std::string path;
    int depth = 0;
};

// One search below one root.
class Search {
public:
    Search(const DiscoveryLimits& limits, std::stop_token stop)
        : limits_(limits), stop_(std::move(stop)), watch_({limits.directories, limits.milliseconds}, stop_) {}

    boost::system::result<Discovery> run(const std::string& root) {
        queue_.push_back({root, 0});
        for (std::size_t looked = 0; !queue_.empty(); ++looked) {
            if (looked >= limits_.directories || watch_.milliseconds_left() == 0 || found_.found.size() >= limits_.found) {
                found_.complete = false;
                break;
            }
            const Pending next = std::move(queue_.front());
            queue_.pop_front();
            if (const errc e = visit(next); e != errc::ok) return make_error_code(e);
        }
        const auto by_path = [](const Discovered& a, const Discovered& b) { return a.path < b.path; };
        std::sort(found_.found.begin(), found_.found.end(), by_path);
        std::sort(found_.unreadable.begin(), found_.unreadable.end());
        return std::move(found_);
    }

private:
    errc visit(const Pending& at) {
        Limits each = limits_.each;
        each.milliseconds = std::min(each.milliseconds, watch_.milliseconds_left());
        const auto listing = read_directory(at.path, each, {}, stop_);
        if (!listing) return unreadable(at, static_cast<errc>(listing.error().value()));
        report(at.path, *listing);
        if (at.depth >= limits_.depth) return errc::ok;
        for (const auto& name : listing->directories) {
            if (equal_without_case(name, "Incrementals")) continue;
            // Bounds the queue as well as the search.
            if (queue_.size() >= limits_.directories) {
                found_.complete = false;
                break;
            }
            queue_.push_back({join(at.path, name), at.depth + 1});
        }
        return errc::ok;
    }

    // The root itself must be readable; below it, what cannot be read is told and passed over.
    errc unreadable(const Pending& at, errc why) {
        if (why == errc::cancelled || at.depth == 0) return why;
        if (why == errc::not_found && at.path.find(replacement) == std::string::npos) return errc::ok;
        if (why == errc::timed_out || why == errc::too_many) found_.complete = false;
        if (found_.unreadable.size() < unreadable_limit) found_.unreadable.push_back(at.path);
        return errc::ok;
    }

    void report(const std::string& path, const Listing& listing) {
        Discovered here;
        here.path = path;
        for (const auto& file : listing.files) {
            const spchain::Name name = spchain::parse(file.name);
            if (name.type != spchain::NameType::image || !name.conventional) continue;
            here.newest_written = here.images == 0 ? file.written : std::max(here.newest_written, file.written);
            here.images += 1;
            here.bytes += file.bytes;
        }
        if (here.images > 0) found_.found.push_back(std::move(here));
    }

    const DiscoveryLimits& limits_;
    std::stop_token stop_;
    Watch watch_;
    std::deque<Pending> queue_;
    Discovery found_;
};

}  // namespace

boost::system::result<Discovery> discover(const std::string& root, const DiscoveryLimits& limits, std::stop_token stop) {
    return Search(limits, std::move(stop)).run(root);
}

}  // namespace imc::scan
