// The verbs of the command line: what each is given, and that it returns an exit code. One source file for each noun.
// What it is not: the parsing of words (command_line.cpp). Verbs throw only where nothing can be done.
#pragma once

#include "agent/cli/context.hpp"
#include "agent/cli/directory_scan.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace imc::cli {

// run.cpp
int run_agent(const Context& context, bool service);  // service: under Windows' service control manager
int scan_once(const Context& context, bool json);

// status.cpp
int status(const Context& context, bool json, bool full);
// lists.cpp: "folders", "volumes", "findings" or "unmanaged".
int list(const Context& context, const std::string& what, bool json);

// chain.cpp
enum class ChainForm { text, svg, json, dot };
struct ChainOptions {
    std::string place;  // a directory or a volume id
    std::string volume;
    std::int64_t base = 0;  // 0: the newest
    std::string point;      // empty: the newest
    std::string now;
    std::string axis = "sequence";  // or "time"
    std::string theme = "auto";     // or "light", "dark"; of the SVG
    std::int64_t width = 0;         // columns or pixels; 0: the terminal's, or 1200
    bool blast = false;
    bool plain = false;    // ASCII without colour
    bool unicode = false;  // whatever the terminal is
    ChainForm form = ChainForm::text;
};
int chain(const Context& context, const ChainOptions& options);

// restore_set.cpp
struct RestoreSetOptions {
    std::string place;
    std::string point;
    std::string volume;
    bool json = false;
};
int restore_set(const Context& context, const RestoreSetOptions& options);

// simulate.cpp
struct SimulateOptions {
    std::string place;  // a directory or a volume id
    std::string volume;
    std::int64_t base = 0;  // 0: the newest
    std::string now;        // of a directory
    std::vector<std::string> lose;
    std::optional<std::int64_t> intra, daily, weekly, monthly;  // 0: for ever
    std::string when;
    std::string within;  // "500 GB"; empty: not asked
    bool json = false;
};
int simulate(const Context& context, const SimulateOptions& options);

// scan.cpp
int scan(const Context& context, const ScanOptions& options, bool store, bool json);

// records.cpp; without `database`: the configuration's, else where a usual installation has it.
int records(const Context& context, const std::string& database, bool json);

// verify.cpp; without `volume_id`: what a night would do. Exit codes of monitoring.
int verify(const Context& context, const std::string& volume_id, bool json);

// report.cpp
enum class ReportForm { text, json, html };
struct ReportOptions {
    std::string date;  // "2026-11-21"; empty: the newest day of which anything is known
    ReportForm form = ReportForm::text;
};
int report(const Context& context, const ReportOptions& options);
int list_logs(const Context& context, bool json);
int show_log(const Context& context, const std::string& id, std::int64_t lines, bool json);  // the last ones

// names.cpp
int parse(const Context& context, bool json);

// token.cpp
struct NewTokenOptions {
    std::string name;
    std::string scope = "read";
    std::int64_t days = 0;  // 0: for ever
};
int create_token(const Context& context, const NewTokenOptions& options);
int list_tokens(const Context& context, bool json);
int revoke_token(const Context& context, const std::string& id);

// share.cpp
struct ShareOptions {
    std::string share;
    std::string account;
};
int set_share(const Context& context, const ShareOptions& options);  // the password comes from standard input
int list_shares(const Context& context, bool json);
int remove_share(const Context& context, const std::string& share);

// cert.cpp
int show_certificate(const Context& context, bool json);
int import_certificate(const Context& context, const std::string& certificate_file, const std::string& key_file);
int request_certificate(const Context& context, const std::vector<std::string>& names);
int renew_certificate(const Context& context);

// changes.cpp
int rescan(const Context& context, const std::string& folder_id);
struct AdoptOptions {
    std::string path;
    std::string type = "normal";
    std::string customer;
    std::string machine;
};
int adopt(const Context& context, const AdoptOptions& options);
int release(const Context& context, const std::string& folder_id);

// check_config.cpp
int check_config(const Context& context, const std::string& file);

// explain.cpp
int explain(const Context& context, const std::string& code);
int explain_all(const Context& context, bool markdown);

// doctor.cpp
int doctor(const Context& context, bool compatibility, bool json);

// service.cpp
struct ServiceOptions {
    std::string account;   // empty: as it is; at installation "virtual"
    std::string firewall;  // "on", "off"; empty: off at installation
};
int install_service(const Context& context, const ServiceOptions& options);
int configure_service(const Context& context, const ServiceOptions& options);
int uninstall_service(const Context& context);
int start_service(const Context& context);
int stop_service(const Context& context);

// version.cpp
int show_version(const Context& context, bool json);

}  // namespace imc::cli
