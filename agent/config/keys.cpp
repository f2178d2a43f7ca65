#include "agent/config/api_keys.hpp"
#include "agent/config/imagemanager_keys.hpp"
#include "agent/config/verify_keys.hpp"

namespace imc::config {
namespace {

constexpr std::int64_t century = 36'500;  // in days

constexpr Key folder_keys[] = {
    {.name = "path",
     .field = at<&ManagedFolder::path>,
     .sentence = "Where the images lie.",
     .form = Form::absolute_path,
     .required = true,
     .example = R"('D:\Backups\Acme\SRV1')"},
    {.name = "type",
     .field = at<&ManagedFolder::type>,
     .sentence =
         "As in ImageManager: of a normal folder the sub-folders are ignored, of a backup store exactly one level below is managed.",
     .form = Form::word,
     .words = "normal backup_store",
     .example = R"("normal")"},
    {.name = "customer",
     .field = at<&ManagedFolder::customer>,
     .sentence = "Whose images these are. Empty: taken from discovery.path_template where it fits.",
     .empty = true,
     .example = R"("Acme")"},
    {.name = "machine",
     .field = at<&ManagedFolder::machine>,
     .sentence = "The machine that is backed up. Empty: taken from discovery.path_template, else the folder's name.",
     .empty = true,
     .example = R"("SRV1")"},
    {.name = "profile",
     .field = at<&ManagedFolder::profile>,
     .sentence = "A replica is a copy that may hold only full and daily images; nothing is missing there that a primary folder needs.",
     .form = Form::word,
     .words = "primary replica",
     .example = R"("primary")"},
    {.name = "quota_bytes",
     .field = at<&ManagedFolder::quota_bytes>,
     .sentence = "Tell when the folder's images take more than this. Left out: no limit.",
     .unit = "bytes",
     .low = 1,
     .high = eib,
     .bytes = true,
     .example = R"("2 TB")"},
    {.name = "intra_daily_days",
     .field = at<&ManagedFolder::intra_daily_days>,
     .sentence = "Days that increments are kept after a daily consolidation. Left out: as in [retention]; 0: for ever.",
     .unit = "days",
     .low = 0,
     .high = century,
     .example = "30"},
    {.name = "daily_days",
     .field = at<&ManagedFolder::daily_days>,
     .sentence = "Days that daily consolidations are kept. Left out: as in [retention]; 0: for ever.",
     .unit = "days",
     .low = 0,
     .high = century,
     .example = "60"},
    {.name = "weekly_days",
     .field = at<&ManagedFolder::weekly_days>,
     .sentence = "Days that weekly consolidations are kept. Left out: as in [retention]; 0: for ever.",
     .unit = "days",
     .low = 0,
     .high = century,
     .example = "180"},
    {.name = "monthly_months",
     .field = at<&ManagedFolder::monthly_months>,
     .sentence = "Months that monthly consolidations are kept. Left out: as in [retention]; 0: for ever.",
     .unit = "months",
     .low = 0,
     .high = 1200,
     .example = "24"},
};

constexpr Key agent_keys[] = {
    {.name = "data_directory",
     .field = at<&Config::data_directory>,
     .sentence = "Where the agent keeps its database, certificate and local token. Empty: the place that the platform provides.",
     .form = Form::absolute_path,
     .empty = true},
    {.name = "log_level",
     .field = at<&Config::log_level>,
     .sentence = "How much is logged.",
     .form = Form::word,
     .words = "trace debug info warning error"},
    {.name = "log_file",
     .field = at<&Config::log_file>,
     .sentence = "File to log to. Empty: terminal or journal only.",
     .form = Form::absolute_path,
     .empty = true},
    {.name = "log_file_bytes",
     .field = at<&Config::log_file_bytes>,
     .sentence = "Size at which the log file is put aside and a new one begun.",
     .unit = "bytes",
     .low = 64 * kib,
     .high = gib,
     .bytes = true},
    {.name = "log_files",
     .field = at<&Config::log_files>,
     .sentence = "How many log files are kept, the current one included.",
     .unit = "files",
     .low = 1,
     .high = 100},
};

constexpr Key scan_keys[] = {
    {.name = "interval_seconds",
     .field = at<&Config::interval_seconds>,
     .sentence = "Time between looks at the same folder.",
     .unit = "seconds",
     .low = 10,
     .high = 86'400},
    {.name = "watch_changes",
     .field = at<&Config::watch_changes>,
     .sentence = "Look at a folder soon after the system tells that something changed in it. The interval holds all the same."},
    {.name = "parallel_folders",
     .field = at<&Config::parallel_folders>,
     .sentence = "Folders looked at side by side.",
     .unit = "folders",
     .low = 1,
     .high = 64},
    {.name = "folder_timeout_seconds",
     .field = at<&Config::folder_timeout_seconds>,
     .sentence = "Longest look at one folder; a dead share never holds up the others.",
     .unit = "seconds",
     .low = 1,
     .high = 86'400},
    {.name = "settle_seconds",
     .field = at<&Config::settle_seconds>,
     .sentence = "A file younger than this is taken as still being written: neither missing nor corrupt.",
     .unit = "seconds",
     .low = 0,
     .high = 86'400},
    {.name = "max_entries_per_folder",
     .field = at<&Config::max_entries_per_folder>,
     .sentence = "A folder with more files and sub-folders than this is not read but reported.",
     .unit = "entries",
     .low = 1000,
     .high = 100'000'000},
    {.name = "expect_md5", .field = at<&Config::expect_md5>, .sentence = "Tell of images without their .md5 file."},
    {.name = "week_end",
     .field = at<&Config::week_end>,
     .sentence = "Last day of ImageManager's weeks.",
     .form = Form::word,
     .words = "sunday monday tuesday wednesday thursday friday saturday"},
    {.name = "month_end",
     .field = at<&Config::month_end>,
     .sentence = "Last day of ImageManager's months; shorter months end on their last day.",
     .low = 1,
     .high = 31},
};

constexpr Key retention_keys[] = {
    {.name = "intra_daily_days",
     .field = at<&Config::intra_daily_days>,
     .sentence = "Days that increments are kept after a daily consolidation. 0: for ever.",
     .unit = "days",
     .low = 0,
     .high = century},
    {.name = "daily_days",
     .field = at<&Config::daily_days>,
     .sentence = "Days that daily consolidations are kept. 0: for ever.",
     .unit = "days",
     .low = 0,
     .high = century},
    {.name = "weekly_days",
     .field = at<&Config::weekly_days>,
     .sentence = "Days that weekly consolidations are kept. 0: for ever.",
     .unit = "days",
     .low = 0,
     .high = century},
    {.name = "monthly_months",
     .field = at<&Config::monthly_months>,
     .sentence = "Months that monthly consolidations are kept. 0: for ever.",
     .unit = "months",
     .low = 0,
     .high = 1200},
};

constexpr Key discovery_keys[] = {
    {.name = "roots",
     .field = at<&Config::roots>,
     .sentence = "Directories below which to look for folders with images that nobody manages.",
     .low = 0,
     .high = 256,
     .form = Form::absolute_path},
    {.name = "path_template",
     .field = at<&Config::path_template>,
     .sentence = "How a path tells whose folder it is. {root} is one of the roots; other words in braces take one component each, and "
                 "{customer}, {machine} and {folder} are used.",
     .form = Form::path_template},
    {.name = "discovery_depth",
     .field = at<&Config::discovery_depth>,
     .sentence = "How far below a root to look.",
     .unit = "levels",
     .low = 1,
     .high = 16},
    {.name = "discovery_interval_seconds",
     .field = at<&Config::discovery_interval_seconds>,
     .sentence = "Time between two searches.",
     .unit = "seconds",
     .low = 60,
     .high = 2'592'000},
    {.name = "discovery_max_directories",
     .field = at<&Config::discovery_max_directories>,
     .sentence = "Directories to look into in one search.",
     .unit = "directories",
     .low = 1,
     .high = 10'000'000},
    {.name = "auto_adopt",
     .field = at<&Config::auto_adopt>,
     .sentence = "Watch every folder that is found and fits the template, as if it were configured here."},
};

constexpr Key monitor_keys[] = {
    {.name = "grace_days",
     .field = at<&Config::grace_days>,
     .sentence = "Days without a new backup before a volume is stale; twice as many are critical. 0: never.",
     .unit = "days",
     .low = 0,
     .high = 3650},
    {.name = "base_age_warning_days",
     .field = at<&Config::base_age_warning_days>,
     .sentence = "Age of a base that is a warning. 0: never.",
     .unit = "days",
     .low = 0,
     .high = century},
    {.name = "base_age_critical_days",
     .field = at<&Config::base_age_critical_days>,
     .sentence = "Age of a base that is critical. 0: never.",
     .unit = "days",
     .low = 0,
     .high = century},
    {.name = "free_space_warning_percent",
     .field = at<&Config::free_space_warning_percent>,
     .sentence = "Free space below which a disk is a warning. 0: never.",
     .unit = "percent",
     .low = 0,
     .high = 100},
    {.name = "free_space_critical_percent",
     .field = at<&Config::free_space_critical_percent>,
     .sentence = "Free space below which a disk is critical. 0: never.",
     .unit = "percent",
     .low = 0,
     .high = 100},
    {.name = "keep_closed_findings_days",
     .field = at<&Config::keep_closed_findings_days>,
     .sentence = "How long findings that no longer hold are remembered.",
     .unit = "days",
     .low = 1,
     .high = century},
    {.name = "keep_samples_days",
     .field = at<&Config::keep_samples_days>,
     .sentence = "How long the daily sizes of folders are remembered.",
     .unit = "days",
     .low = 1,
     .high = century},
};

constexpr Key grace_keys[] = {
    {.name = "match",
     .field = at<&GraceRule::match>,
     .sentence = "Pattern over customer/machine/volume; '*' stands for any text, '?' for one character, case does not matter.",
     .form = Form::glob,
     .required = true,
     .example = R"("Acme/*/D_VOL")"},
    {.name = "days",
     .field = at<&GraceRule::days>,
     .sentence = "Days of grace for what matches. 0: never stale.",
     .unit = "days",
     .low = 0,
     .high = 3650,
     .required = true,
     .example = "7"},
};

constexpr Key quota_keys[] = {
    {.name = "customer",
     .field = at<&CustomerQuota::customer>,
     .sentence = "The customer, as in the folders; case does not matter.",
     .required = true,
     .example = R"("Acme")"},
    {.name = "bytes",
     .field = at<&CustomerQuota::bytes>,
     .sentence = "Tell when the images in all folders of the customer take more than this.",
     .unit = "bytes",
     .low = 1,
     .high = eib,
     .bytes = true,
     .required = true,
     .example = R"("10 TB")"},
};

constexpr Key brand_keys[] = {
    {.name = "product", .field = at<&Brand::product>, .sentence = "Name shown on the local page and in reports."},
    {.name = "color",
     .field = at<&Brand::color>,
     .sentence = "Colour of the local page, such as \"#1a6e8e\". Empty: the default.",
     .form = Form::color,
     .empty = true},
    {.name = "support", .field = at<&Brand::support>, .sentence = "A line shown beside problems, such as whom to call.", .empty = true},
};

void* whole(Config& c) {
    return &c;
}
void* brand(Config& c) {
    return &c.brand;
}
void* new_folder(Config& c) {
    return &c.folders.emplace_back();
}
void* new_grace(Config& c) {
    return &c.grace.emplace_back();
}
void* new_path(Config& c) {
    return &c.imagemanager_map.emplace_back();
}
void* new_quota(Config& c) {
    return &c.quotas.emplace_back();
}

constexpr Table all[] = {
    {"folder", true, "A managed folder. One such table for each; more may come from discovery and adoption.", folder_keys, new_folder},
    {"agent", false, "The service itself.", agent_keys, whole},
    {"api", false, "The API and the local page, over TLS.", api_keys, whole},
    {"scan", false, "How folders are read.", scan_keys, whole},
    {"retention", false,
     "What ImageManager is expected to keep. It never changes what is kept; what is missing although it should be there is told.",
     retention_keys, whole},
    {"discovery", false, "The search for folders that hold images and are managed by nobody.", discovery_keys, whole},
    {"imagemanager", false, "ImageManager itself, which is looked at and never touched.", imagemanager_keys, whole},
    {"imagemanager.path", true, "Where the agent finds what ImageManager knows by another path. The longest that fits counts.", path_keys,
     new_path},
    {"verify", false,
     "The agent's own verification of images. It only reads, pauses where ImageManager is at work, and a missing .md5 is "
     "no failure here.",
     verify_keys, whole},
    {"monitor", false, "When to tell.", monitor_keys, whole},
    {"monitor.grace", true, "Days of grace for some volumes. The first table that matches wins.", grace_keys, new_grace},
    {"monitor.quota", true, "The space that a customer's images may take.", quota_keys, new_quota},
    {"brand", false, "How the agent presents itself.", brand_keys, brand},
};

}  // namespace

std::span<const Table> tables() noexcept {
    return all;
}

const Table* find_table(std::string_view name) noexcept {
    for (const Table& table : all) {
        if (table.name == name) return &table;
    }
    return nullptr;
}

}  // namespace imc::config
