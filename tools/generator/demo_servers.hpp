// Who is backed up in the demo, as data. What it is not: the place for defects; demo.cpp makes these.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace generator {

enum class Habit : std::uint8_t {
    always,    // every hour, day and night
    daytime,   // every hour from 6 to 22
    weekdays,  // every hour of office days
    irregular  // every hour, but some days cut short and some nights without processing
};

struct DemoVolume {
    std::string_view name;
    int age_days = 0;  // of the base
    std::uint32_t base_mb = 0;
    std::uint32_t increment_kb = 0;
    Habit habit = Habit::always;
    int silent_days = 0;
    int interval_minutes = 60;
};

struct DemoMachine {
    std::string_view path;
    std::string_view customer;
    std::span<const DemoVolume> volumes;
    bool monthlies = true;
    int keep_months = 12;
    bool stacked_names = false;
};

[[nodiscard]] std::span<const DemoMachine> demo_machines();

}  // namespace generator
