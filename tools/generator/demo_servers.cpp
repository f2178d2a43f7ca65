#include "tools/generator/demo_servers.hpp"

namespace generator {
namespace {

constexpr DemoVolume acme_dc[] = {
    {"C_VOL", 187, 41'000, 96'000, Habit::always},
    {"D_VOL", 187, 212'000, 310'000, Habit::irregular},
    {"System Reserved_VOL", 187, 68, 140, Habit::always},
};
constexpr DemoVolume acme_files[] = {
    {"C_VOL", 131, 38'000, 71'000, Habit::always},
    {"E_VOL", 131, 1'840'000, 940'000, Habit::daytime},
};
constexpr DemoVolume acme_sql[] = {
    {"C_VOL", 142, 52'000, 88'000, Habit::always},
    {"D_VOL", 142, 640'000, 1'250'000, Habit::always},
};
constexpr DemoVolume acme_reception[] = {{"C_VOL", 243, 61'000, 54'000, Habit::daytime, 9}};
constexpr DemoVolume acme_laptop[] = {{"C_VOL", 290, 47'000, 38'000, Habit::daytime, 120}};
constexpr DemoVolume globex_exchange[] = {
    {"C_VOL", 205, 64'000, 102'000, Habit::always},
    {"D_VOL", 205, 970'000, 1'900'000, Habit::always, 3},
};
constexpr DemoVolume globex_app[] = {
    {"C_VOL", 98, 55'000, 79'000, Habit::always},
    {"D_VOL", 98, 130'000, 220'000, Habit::always},
};
constexpr DemoVolume globex_files[] = {
    {"C_VOL", 164, 36'000, 44'000, Habit::daytime},
    {"D_VOL", 164, 2'300'000, 1'100'000, Habit::daytime},
};
constexpr DemoVolume globex_terminal[] = {{"C_VOL", 401, 83'000, 120'000, Habit::always}};
constexpr DemoVolume initech_erp[] = {
    {"C_VOL", 311, 59'000, 91'000, Habit::always},
    {"F_VOL", 311, 420'000, 760'000, Habit::always},
    {"System Reserved_VOL", 311, 98, 120, Habit::always},
};
constexpr DemoVolume initech_host[] = {
    {"C_VOL", 117, 33'000, 52'000, Habit::always},
    {"V_VOL", 117, 1'500'000, 2'400'000, Habit::irregular},
};
constexpr DemoVolume initech_web[] = {
    {"C_VOL", 226, 48'000, 66'000, Habit::always},
    {"D_VOL", 226, 75'000, 58'000, Habit::daytime},
};
constexpr DemoVolume initech_sales[] = {{"C_VOL", 152, 58'000, 81'000, Habit::weekdays}};
// Small enough to be written in full, so that its images can be verified; with so many points on its base that this is due first.
constexpr DemoVolume acme_till[] = {{"Journal_VOL", 204, 1, 12, Habit::daytime, 1, 15}};

constexpr DemoMachine machines[] = {
    {"backups/Acme/SRV-DC01", "Acme", acme_dc},
    {"backups/Acme/SRV-FILES", "Acme", acme_files, false},
    {"backups/Acme/SRV-SQL", "Acme", acme_sql, false},
    {"backups/Acme/WS-RECEPTION", "Acme", acme_reception},
    {"backups/Acme/OLD-LAPTOP", "Acme", acme_laptop},
    {"backups/Globex/EXCH01", "Globex", globex_exchange},
    {"backups/Globex/APP02", "Globex", globex_app},
    {"backups/Globex/FS01", "Globex", globex_files},
    {"backups/Globex/TS01", "Globex", globex_terminal},
    {"backups/Initech/SRV-ERP", "Initech", initech_erp, true, 6, true},
    {"store/HV01", "Initech", initech_host, true, 12, true},
    {"store/WEB01", "Initech", initech_web, true, 12, true},
    {"store/WS-SALES", "Initech", initech_sales, true, 12, true},
    {"backups/Acme/TILL-01", "Acme", acme_till},
};

}  // namespace

std::span<const DemoMachine> demo_machines() {
    return machines;
}

}  // namespace generator
