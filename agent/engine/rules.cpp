#include "agent/engine/rules.hpp"

#include "agent/host/timezone.hpp"

#include <algorithm>
#include <array>

namespace imc::engine {
namespace {

constexpr std::int64_t year = 366LL * 86'400;

int weekday(const std::string& name) {
    static constexpr std::array<std::string_view, 7> days = {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
    const auto found = std::find(days.begin(), days.end(), name);
    return found == days.end() ? 6 : static_cast<int>(found - days.begin());
}

}  // namespace

spchain::Rules rules_of(const config::Config& config, const std::string& profile, spchain::UnixTime now) {
    spchain::Rules rules;
    rules.calendar.offsets = host::local_offsets(now - 20 * year, now + 2 * year);
    rules.calendar.week_end = weekday(config.week_end);
    rules.calendar.month_end = static_cast<int>(config.month_end);
    rules.profile = profile == "replica" ? spchain::Profile::replica : spchain::Profile::primary;
    rules.settle_seconds = config.settle_seconds;
    rules.expect_md5 = config.expect_md5;
    return rules;
}

}  // namespace imc::engine
