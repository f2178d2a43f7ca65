#include "agent/engine/retention.hpp"

#include "agent/monitor/words.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace imc::engine {
namespace {

using nlohmann::json;

constexpr std::int64_t day_seconds = 86'400;

json expected_json(std::int32_t length) {
    return length == 0 ? json() : json(length);
}

json found_json(const spchain::Kept& kept, spchain::UnixTime now) {
    if (kept.oldest == spchain::no_time) return nullptr;
    return {{"oldest_written", monitor::rfc3339(kept.oldest)},
            {"days", std::max<std::int64_t>(0, (now - kept.oldest) / day_seconds)},
            {"older_removed", kept.trimmed}};
}

}  // namespace

std::string retention_text(const spchain::Retention& expected, const spchain::KeptLevels& found, spchain::UnixTime now) {
    const json all = {{"expected",
                       {{"intra_daily_days", expected_json(expected.intra_daily)},
                        {"daily_days", expected_json(expected.daily)},
                        {"weekly_days", expected_json(expected.weekly)},
                        {"monthly_months", expected_json(expected.monthly)}}},
                      {"found",
                       {{"intra_daily", found_json(found.intra_daily, now)},
                        {"daily", found_json(found.daily, now)},
                        {"weekly", found_json(found.weekly, now)},
                        {"monthly", found_json(found.monthly, now)}}}};
    return all.dump();
}

}  // namespace imc::engine
