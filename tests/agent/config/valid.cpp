#include "tests/agent/config/valid.hpp"

#include "tests/support/local_paths.hpp"

#include <regex>
#include <set>

namespace support {
namespace {

using imc::config::Config;

bool one_of(const std::string& text, const std::set<std::string>& words) {
    return words.count(text) == 1;
}

bool clean(const std::string& text) {
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 32 || c == 127) return false;
    }
    return text.size() <= 4096;
}

bool absolute(const std::string& path) {
#ifdef _WIN32
    static const std::regex windows(R"(([A-Za-z]:[/\\]|[/\\]{2}[^/\\]).*)");
    return clean(path) && std::regex_match(path, windows);
#else
    return clean(path) && path.size() >= 1 && path[0] == '/';
#endif
}
bool absolute_or_empty(const std::string& path) {
    return path.empty() || absolute(path);
}

std::string numbers(const Config& c) {
    struct Range {
        const char* name;
        std::int64_t value, low, high;
    };
    const Range ranges[] = {
        {"log_file_bytes", c.log_file_bytes, 65'536, 1'073'741'824},
        {"log_files", c.log_files, 1, 100},
        {"max_connections", c.max_connections, 1, 65'536},
        {"max_connections_per_address", c.max_connections_per_address, 1, 65'536},
        {"max_requests_per_connection", c.max_requests_per_connection, 1, 1'000'000'000},
        {"max_header_bytes", c.max_header_bytes, 1024, 1'048'576},
        {"max_body_bytes", c.max_body_bytes, 1024, 67'108'864},
        {"handshake_timeout_seconds", c.handshake_timeout_seconds, 1, 600},
        {"header_timeout_seconds", c.header_timeout_seconds, 1, 600},
        {"body_timeout_seconds", c.body_timeout_seconds, 1, 3600},
        {"write_timeout_seconds", c.write_timeout_seconds, 1, 3600},
        {"idle_timeout_seconds", c.idle_timeout_seconds, 1, 86'400},
        {"max_event_streams", c.max_event_streams, 0, 65'536},
        {"interval_seconds", c.interval_seconds, 10, 86'400},
        {"parallel_folders", c.parallel_folders, 1, 64},
        {"folder_timeout_seconds", c.folder_timeout_seconds, 1, 86'400},
        {"settle_seconds", c.settle_seconds, 0, 86'400},
        {"max_entries_per_folder", c.max_entries_per_folder, 1000, 100'000'000},
        {"month_end", c.month_end, 1, 31},
        {"intra_daily_days", c.intra_daily_days, 0, 36'500},
        {"daily_days", c.daily_days, 0, 36'500},
        {"weekly_days", c.weekly_days, 0, 36'500},
        {"monthly_months", c.monthly_months, 0, 1'200},
        {"discovery_depth", c.discovery_depth, 1, 16},
        {"discovery_interval_seconds", c.discovery_interval_seconds, 60, 2'592'000},
        {"discovery_max_directories", c.discovery_max_directories, 1, 10'000'000},
        {"poll_seconds", c.poll_seconds, 5, 86'400},
        {"lag_seconds", c.lag_seconds, 0, 604'800},
        {"verify_days", c.verify_days, 0, 3650},
        {"replication_days", c.replication_days, 0, 3650},
        {"rotation_days", c.rotation_days, 0, 3650},
        {"grace_days", c.grace_days, 0, 3650},
        {"base_age_warning_days", c.base_age_warning_days, 0, 36'500},
        {"base_age_critical_days", c.base_age_critical_days, 0, 36'500},
        {"free_space_warning_percent", c.free_space_warning_percent, 0, 100},
        {"free_space_critical_percent", c.free_space_critical_percent, 0, 100},
        {"keep_closed_findings_days", c.keep_closed_findings_days, 1, 36'500},
        {"keep_samples_days", c.keep_samples_days, 1, 36'500},
    };
    for (const Range& range : ranges) {
        if (range.value < range.low || range.value > range.high) return range.name;
    }
    return {};
}

std::string texts(const Config& c) {
    static const std::regex listen(R"((\d{1,3}(\.\d{1,3}){3}|\[[0-9A-Fa-f:.]+\]):\d{1,5})");
    static const std::regex cidr(R"([0-9A-Fa-f:.]+/\d{1,3})");
    static const std::regex color("(#[0-9A-Fa-f]{6})?");
    if (!one_of(c.log_level, {"trace", "debug", "info", "warning", "error"})) return "log_level";
    if (!one_of(c.week_end, {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"})) return "week_end";
    for (const auto& path : {c.data_directory, c.log_file, c.certificate, c.certificate_key, c.client_ca, c.imagemanager_database,
                             c.imagemanager_program, c.imagemanager_logs, c.imagemanager_events}) {
        if (!absolute_or_empty(path)) return "path " + path;
    }
    static const std::regex window(R"(([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00))");
    if (!std::regex_match(c.verify_window, window)) return "verify_window";
    if (c.certificate.empty() != c.certificate_key.empty()) return "certificate";
    if (c.client_certificate_required && c.client_ca.empty()) return "client_ca";
    if (c.listen.empty() || c.listen.size() > 64) return "listen";
    for (const auto& address : c.listen) {
        if (!std::regex_match(address, listen) || std::stoi(address.substr(address.rfind(':') + 1)) > 65'535) return "listen " + address;
    }
    for (const auto& network : c.allow) {
        if (!std::regex_match(network, cidr)) return "allow " + network;
    }
    for (const auto& name : c.certificate_names) {
        if (name.empty() || !clean(name) || name.find(' ') != std::string::npos) return "certificate_names";
    }
    for (const auto& root : c.roots) {
        if (!absolute(root)) return "roots";
    }
    if (c.path_template.empty() || c.path_template.find('{') == std::string::npos) return "path_template";
    if (c.brand.product.empty() || !clean(c.brand.product) || !clean(c.brand.support)) return "brand";
    return std::regex_match(c.brand.color, color) ? "" : "brand.color";
}

std::string lists(const Config& c) {
    constexpr std::uint64_t most = std::uint64_t{1} << 60;
    std::set<std::string> seen;
    for (const auto& folder : c.folders) {
        if (!absolute(folder.path) || !seen.insert(folder.path).second) return "folder.path";
        if (!one_of(folder.type, {"normal", "backup_store"})) return "folder.type";
        if (!one_of(folder.profile, {"primary", "replica"})) return "folder.profile";
        if (!clean(folder.customer) || !clean(folder.machine)) return "folder.customer";
        if (folder.quota_bytes && (*folder.quota_bytes == 0 || *folder.quota_bytes > most)) return "folder.quota_bytes";
    }
    seen.clear();
    for (const auto& rule : c.grace) {
        if (rule.match.empty() || !clean(rule.match) || !seen.insert(rule.match).second) return "grace.match";
        if (rule.days < 0 || rule.days > 3650) return "grace.days";
    }
    seen.clear();
    for (const auto& rule : c.imagemanager_map) {
        if (rule.from.empty() || !clean(rule.from) || !seen.insert(rule.from).second) return "imagemanager.path.from";
        if (!absolute(rule.to)) return "imagemanager.path.to";
    }
    seen.clear();
    for (const auto& quota : c.quotas) {
        if (quota.customer.empty() || !clean(quota.customer) || !seen.insert(quota.customer).second) return "quota.customer";
        if (quota.bytes == 0 || quota.bytes > most) return "quota.bytes";
    }
    if (c.free_space_warning_percent > 0 && c.free_space_critical_percent > c.free_space_warning_percent) return "free_space";
    return c.base_age_critical_days > 0 && c.base_age_critical_days < c.base_age_warning_days ? "base_age" : "";
}

}  // namespace

std::string impossible(const Config& config) {
    std::string wrong = numbers(config);
    if (wrong.empty()) wrong = texts(config);
    if (wrong.empty()) wrong = lists(config);
    return wrong;
}

std::string full_example() {
    return with_local_paths(R"([agent]
data_directory = "/var/lib/imconnector"
log_level = "debug"
log_file = '/var/log/imconnector.log'
log_file_bytes = "1.5 MB"
log_files = 3

[api]
listen = ["127.0.0.1:8443", "[::1]:0"]
allow = ["10.0.0.0/8", "2001:db8::/32"]
certificate = "/etc/imconnector/cert.pem"
certificate_key = "/etc/imconnector/key.pem"
client_ca = "/etc/imconnector/ca.pem"
client_certificate_required = true
certificate_names = ["backup.example.net", "192.0.2.7"]
max_connections = 64
max_body_bytes = 65536

[scan]
interval_seconds = 60
expect_md5 = false
week_end = "friday"
month_end = 28

[retention]
intra_daily_days = 3
monthly_months = 0

[discovery]
roots = ["/srv/backups"]
path_template = "{root}/{customer}/{machine}"
auto_adopt = true

[imagemanager]
database = "/srv/imagemanager/ImageManager.mdb"
program = "/srv/imagemanager/ImageManager.exe"
logs = "/srv/imagemanager/Logs"
events = "/srv/imagemanager/events.xml"
poll_seconds = 30
lag_seconds = 0
rotation_days = 0

[[imagemanager.path]]
from = 'D:\Backups'
to = "/srv/backups"

[verify]
enabled = false
window = "22:00-05:30"
bytes_per_night = "1 TB"
bytes_per_second = 0
again_days = 14

[monitor]
grace_days = 2
base_age_warning_days = 100
base_age_critical_days = 200

[[monitor.grace]]
match = "Acme/*"
days = 14

[[monitor.grace]]
match = "*/LAB-?/*"
days = 0

[[monitor.quota]]
customer = "Acme"
bytes = "2 TiB"

[[folder]]
path = "/srv/backups/Acme/SRV1"
customer = "Acme"
machine = "SRV1"
quota_bytes = "500 GB"
daily_days = 60

[[folder]]
path = "/srv/backups/Globex"
type = "backup_store"
customer = "Globex"
profile = "replica"

[brand]
product = "Initech Backup Watch"
color = "#1a6e8e"
support = "Call the service desk."
)");
}

}  // namespace support
