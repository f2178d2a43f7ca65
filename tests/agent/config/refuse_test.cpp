#include "agent/config/config.hpp"
#include "agent/config/printable.hpp"
#include "tests/support/local_paths.hpp"

#include <catch2/catch.hpp>

using namespace imc::config;

namespace {

// The only problem of a text, as "line: key: says".
std::string problem(const std::string& toml) {
    const Loaded loaded = parse(support::with_local_paths(toml), "f");
    if (loaded.problems.empty()) return "accepted";
    std::string all;
    for (const auto& p : loaded.problems) all += (all.empty() ? "" : " | ") + p.text();
    return all;
}

bool says(const std::string& toml, const std::string& part) {
    const std::string got = problem(toml);
    INFO(toml.substr(0, 200));
    INFO("got: " << got);
    CHECK(got.find(part) != std::string::npos);
    return got.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("wrong types are refused with line, key and what would be right") {
    const std::pair<const char*, const char*> cases[] = {
        {"scan = 5", "f:1: scan: must be a table, written [scan], not a whole number"},
        {"folder = 5", "f:1: folder: is written [[folder]], once for each; here it is a whole number"},
        {"[folder]\npath = '/a'", "f:1: folder: is written [[folder]], once for each; here it is a table"},
        {"folder = [1]", "here it holds a whole number"},
        {"[monitor]\ngrace = 3", "f:2: monitor.grace: is written [[monitor.grace]]"},
        {"[scan]\nexpect_md5 = 1", "f:2: scan.expect_md5: must be true or false, not a whole number"},
        {"[scan]\nexpect_md5 = 'true'", "must be true or false, not a text"},
        {"[scan]\ninterval_seconds = 60.0", "must be a whole number, not a number with decimals; allowed are 10 to 86400 seconds"},
        {"[scan]\ninterval_seconds = 2026-01-01", "not a date or time"},
        {"[scan]\nweek_end = 6", "must be a text in quotes, not a whole number"},
        {"[api]\nlisten = '0.0.0.0:8443'", "f:2: api.listen: must be a list such as"},
        {"[api]\nlisten = ['0.0.0.0:1', 8443]", "f:2: api.listen: must be a text in quotes"},
        {"[brand]\nproduct = { name = 'x' }", "not a table"},
        {"[[folder]]\npath = ['/a']", "not a list"},
    };
    for (const auto& [toml, part] : cases) says(toml, part);
}

TEST_CASE("unknown keys are refused with the nearest known one, or the table they belong to") {
    says("[scan]\ninterval_second = 60", "f:2: scan.interval_second: is no key of this configuration; did you mean \"interval_seconds\"?");
    says("[scan]\ngrace_days = 4", "grace_days belongs under [monitor]");
    says("interval_seconds = 60", "interval_seconds belongs under [scan]");
    says("[scann]\n", "f:1: scann: is no table of this configuration; did you mean \"scan\"?");
    says("[[folders]]\npath = '/a'", "did you mean \"folder\"?");
    says("[[folder]]\npath = '/a'\ncostumer = 'Acme'", "f:3: folder.costumer: is no key of this configuration; did you mean \"customer\"?");
    says("[[monitor.grace]]\nmatch = '*'\ndays = 1\nhours = 3", "f:4: monitor.grace.hours");
    CHECK(problem("[scan]\nzzzzzzzzzzzz = 60") == "f:2: scan.zzzzzzzzzzzz: is no key of this configuration");
}

TEST_CASE("impossible values are refused") {
    const std::pair<const char*, const char*> cases[] = {
        {"[scan]\ninterval_seconds = 9", "9 is too small; allowed are 10 to 86400 seconds"},
        {"[scan]\ninterval_seconds = 86401", "86401 is too large"},
        {"[scan]\nparallel_folders = 0", "0 is too small; allowed are 1 to 64 folders"},
        {"[scan]\nmonth_end = 32", "32 is too large; allowed are 1 to 31"},
        {"[scan]\nweek_end = 'caturday'", "must be \"sunday\", \"monday\""},
        {"[agent]\nlog_level = 'loud'", "must be \"trace\", \"debug\", \"info\", \"warning\" or \"error\", not \"loud\""},
        {"[agent]\ndata_directory = 'data'", "must be an absolute path"},
        {"[agent]\nlog_file = './x.log'", "must be an absolute path"},
        {"[agent]\nlog_file_bytes = '10 furlongs'", "is no size; right would be a number of bytes or such as \"500 GB\""},
        {"[agent]\nlog_file_bytes = 10", "10 is too small; allowed are 64 KiB to 1 GiB"},
        {"[api]\nlisten = []", "has 0 entries; allowed are 1 to 64"},
        {"[api]\nlisten = ['8443']", "has no port"},
        {"[api]\nlisten = ['::1:8443']", "an IPv6 address needs brackets"},
        {"[api]\nlisten = ['backup:8443']", "is not an address and a port"},
        {"[api]\nlisten = ['0.0.0.0:65536']", "has no port from 0 to 65535"},
        {"[api]\nlisten = ['0.0.0.0:1', '0.0.0.0:1']", "f:2: api.listen: has \"0.0.0.0:1\" twice"},
        {"[api]\nallow = ['10.0.0.1/8']", "the network is \"10.0.0.0/8\""},
        {"[api]\nallow = ['10.0.0.1']", "one address alone is \"10.0.0.1/32\""},
        {"[api]\nallow = ['10.0.0.0/33']", "has no prefix length from 0 to 32"},
        {"[api]\nallow = ['everybody']", "is not a network"},
        {"[api]\ncertificate_names = ['a b']", "is neither a DNS name nor an address"},
        {"[discovery]\nroots = ['backups']", "must be an absolute path"},
        {"[discovery]\nroots = ['']", "must not be empty"},
        {"[discovery]\npath_template = '{root}/{customer'", "has a '{' without '}'"},
        {"[discovery]\npath_template = '{root}/customer}'", "has a '}' without '{' before it"},
        {"[discovery]\npath_template = '{root}/{}'", "something else than a word of small letters"},
        {"[discovery]\npath_template = '{root}/{a}/{a}'", "has {a} twice"},
        {"[discovery]\npath_template = '{customer}/{root}'", "has {root} elsewhere than at its beginning"},
        {"[discovery]\npath_template = '{root}/{a}{b}'", "with nothing between them"},
        {"[discovery]\npath_template = 'x/y'", "has no word in braces"},
        {"[monitor]\nfree_space_warning_percent = 101", "101 is too large; allowed are 0 to 100 percent"},
        {"[[folder]]\ntype = 'normal'", "f:1: folder.path: is missing from this [[folder]]"},
        {"[[folder]]\npath = ''", "must not be empty"},
        {"[[folder]]\npath = 'a/b'", "f:2: folder.path: must be an absolute path"},
        {"[[folder]]\npath = '/a'\ntype = 'store'", "must be \"normal\" or \"backup_store\", not \"store\""},
        {"[retention]\ndaily_days = -1", "f:2: retention.daily_days: -1 is too small"},
        {"[[folder]]\npath = '/a'\nmonthly_months = 1201", "1201 is too large"},
        {"[[folder]]\npath = '/a'\nquota_bytes = 0", "0 is too small"},
        {"[[folder]]\npath = '/a'\nquota_bytes = -5", "-5 is too small"},
        {"[[monitor.grace]]\nmatch = ''\ndays = 1", "monitor.grace.match: must not be empty"},
        {"[[monitor.grace]]\nmatch = '*'", "f:1: monitor.grace.days: is missing"},
        {"[[monitor.quota]]\ncustomer = 'Acme'\nbytes = '1 XB'", "is no size"},
        {"[brand]\ncolor = 'red'", "must be a colour such as"},
        {"[brand]\nsupport = \"two\\nlines\"", "must be one line"},
    };
    for (const auto& [toml, part] : cases) says(toml, part);
}

TEST_CASE("contradictions between keys are refused where the later of them stands") {
    says("[[folder]]\npath = '/a/b'\n[[folder]]\npath = '/a//b/'", "f:4: folder.path: is the same path as line 2");
    says("[[monitor.quota]]\ncustomer = 'Acme'\nbytes = 5\n[[monitor.quota]]\ncustomer = 'ACME'\nbytes = 6",
         "f:5: monitor.quota.customer: is the same customer as line 2");
    says("[[monitor.grace]]\nmatch = 'a*'\ndays = 5\n[[monitor.grace]]\nmatch = 'A*'\ndays = 6",
         "f:5: monitor.grace.match: can never apply");
    says("[api]\ncertificate = '/c.pem'", "f:2: api.certificate: a certificate and its key go together");
    says("[api]\n\ncertificate_key = '/k.pem'", "f:3: api.certificate_key: a certificate and its key go together");
    says("[api]\nclient_certificate_required = true", "f:2: api.client_certificate_required: needs api.client_ca");
    says("[monitor]\nfree_space_warning_percent = 3", "f:2: monitor.free_space_warning_percent: critical at 5 percent comes before");
    says("[monitor]\nbase_age_critical_days = 30", "f:2: monitor.base_age_critical_days: critical at 30 days comes before");
    CHECK(problem("[monitor]\nfree_space_warning_percent = 0") == "accepted");
    CHECK(problem("[monitor]\nbase_age_critical_days = 0") == "accepted");
}

TEST_CASE("what is not TOML is refused with its line, and Windows paths in double quotes with a hint") {
    says("[scan\n", "f:1: is not TOML");
    says("[~scan]\n", "f:1: is not TOML");
    says("[scan]\n\ninterval_seconds = \n", "f:3: is not TOML");
    says("[scan]\ninterval_seconds = 60\ninterval_seconds = 61", "f:3: is not TOML");
    says("[[folder]]\npath = \"D:\\Backups\"", "write paths in single quotes");
    says(std::string("[brand]\nsupport = '\xff\xfe'"), "is not TOML");
    says(std::string("a\0b = 1", 7), "is not TOML");
}

TEST_CASE("deep nesting of any kind is refused instead of exhausting the stack") {
    std::string dotted = "[scan]\na";
    for (int i = 0; i < 400'000; ++i) dotted += ".a";
    says(dotted + " = 1", "f:2: has a key with more than 16 parts");
    std::string quoted = "x = 1\n'a'";
    for (int i = 0; i < 100'000; ++i) quoted += " . \"a\"";
    says("#\n" + quoted + " = 1", "f:3: has a key with more than 16 parts");
    std::string header = "[a";
    for (int i = 0; i < 400'000; ++i) header += ".a";
    says(header + "]", "f:1: has a key with more than 16 parts");
    says("a = " + std::string(500'000, '[') + std::string(500'000, ']'), "is not TOML");
    std::string inline_tables = "a = ";
    for (int i = 0; i < 200'000; ++i) inline_tables += "{a=";
    says(inline_tables, "is not TOML");
    CHECK(problem("[brand]\nsupport = 'a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t' # a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t") == "accepted");
}

TEST_CASE("characters outside of ASCII are welcome in texts and comments and refused elsewhere") {
    for (const char* odd : {"\xEF\xBB\xBE", "\xC3\xA9", "\xC2\xA0", "\xD7\x90", "\xF0\x9F\x98\x80"}) {
        const std::string c = odd;
        says(c + "[scan]", "f:1: is not TOML");
        says("[scan]\n" + c + " = 1", "f:2: is not TOML");
        says("[scan]\ninterval_seconds = 6" + c, "f:2: is not TOML");
        says("[scan]\ninterval_seconds = 60 " + c, "f:2: is not TOML");
        says("[brand]\nsupport = \"\\" + c + "\"", "f:2: is not TOML");
        const std::string text = "[brand] # " + c + "\nsupport = '" + c + "x'\nproduct = \"\"\"" + c + "\"\"\"\n";
        CHECK(problem(text) == "accepted");
        CHECK(parse(text, "f").config.brand.support == c + "x");
    }
}

TEST_CASE("messages hold neither control characters nor half characters") {
    says("\"a\\u001b[31m\" = 1", "f:1: a?[31m: is no table");
    says("\"monitor.grace\" = []", "f:1: monitor.grace: is no table");
    std::string word = "[agent]\nlog_level = '";
    for (int i = 0; i < 100; ++i) word += "\xC3\xA9";
    const std::string got = problem(word + "'");
    CHECK(got.substr(got.size() - 3) == "\xC3\xA9\"");
    const std::string odd = problem(word + "x'");
    CHECK(odd.substr(odd.size() - 3) == "\xC3\xA9\"");
}

TEST_CASE("text for messages is cut between characters and cleaned") {
    CHECK(printable("plain", 100) == "plain");
    CHECK(printable("a\tb\x7f", 100) == "a?b?");
    CHECK(printable("\xC3\xA9\xC3", 100) == "\xC3\xA9?");
    CHECK(printable("\xC3\xA9\xC3\xA9", 3) == "\xC3\xA9");
    for (const char* bad :
         {"\xC0\x80", "\xED\xA0\x80", "\xE0\x80\x80", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xFF", "\x80", "\xC2\x9B"}) {
        const std::string text = printable(bad, 100);
        CHECK(text == std::string(text.size(), '?'));
    }
    CHECK(printable("\xF0\x9F\x98\x80\xE2\x82\xAC", 100) == "\xF0\x9F\x98\x80\xE2\x82\xAC");
}

TEST_CASE("a flood of problems is cut with a word that there are more") {
    std::string text = "[scan]\n";
    for (int i = 0; i < 1000; ++i) text += "unknown" + std::to_string(i) + " = 1\n";
    const Loaded loaded = parse(text, "f");
    REQUIRE(loaded.problems.size() == 201);
    bool more = false;
    for (const auto& p : loaded.problems) more = more || p.says.find("and more") == 0;
    CHECK(more);
}
