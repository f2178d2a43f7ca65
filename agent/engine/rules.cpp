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

std::int32_t length_of(std::int64_t everywhere, const std::optional<std::uint64_t>& here) {
    return static_cast<std::int32_t>(here ? static_cast<std::int64_t>(*here) : everywhere);
}

}  // namespace

spchain::Retention retention_of(const config::Config& config, const config::ManagedFolder& folder) {
    return {length_of(config.intra_daily_days, folder.intra_daily_days), length_of(config.daily_days, folder.daily_days),
            length_of(config.weekly_days, folder.weekly_days), length_of(config.monthly_months, folder.monthly_months)};
}

spchain::Rules rules_of(const config::Config& config, const std::string& profile, spchain::UnixTime now) {
    spchain::Rules rules;
    rules.calendar.offsets = host::local_offsets(now - 20 * year, now + 2 * year);
    rules.calendar.week_end = weekday(config.week_end);
    rules.calendar.month_end = static_cast<int>(config.month_end);
    rules.profile = profile == "replica" ? spchain::Profile::replica : spchain::Profile::primary;
    rules.retention = retention_of(config);
    rules.settle_seconds = config.settle_seconds;
    rules.expect_md5 = config.expect_md5;
    return rules;
}

}  // namespace imc::engine
