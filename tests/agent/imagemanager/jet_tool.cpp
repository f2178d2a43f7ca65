// jet_tool dump FILE: all tables of a database as JSON lines, values written as mdb-export writes them.
// jet_tool compose every-form|large|single FILE: writes a database of tests/support/jet_samples.hpp; large has 150 folders
//   with 40,000 files together, single has them in one folder.
// jet_tool time FILE: milliseconds that reading ImageManager's records takes, the best of ten.
#include "agent/imagemanager/database_file.hpp"
#include "agent/imagemanager/jet/database.hpp"
#include "tests/support/jet_samples.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace {

using namespace imc::jet;
using nlohmann::json;

std::string printed(const char* format, double number) {
    char text[64];
    std::snprintf(text, sizeof text, format, number);
    return text;
}

std::string hexadecimal(const Binary& bytes) {
    std::string text;
    for (const std::uint8_t byte : bytes) {
        char digits[3];
        std::snprintf(digits, sizeof digits, "%02x", byte);
        text += digits;
    }
    return text;
}

struct Write {
    json operator()(std::monostate) const { return nullptr; }
    json operator()(bool value) const { return value ? "1" : "0"; }
    json operator()(std::int64_t value) const { return std::to_string(value); }
    json operator()(const Currency& value) const { return value.text(); }
    json operator()(float value) const { return printed("%.8g", static_cast<double>(value)); }
    json operator()(double value) const { return printed("%.16g", value); }
    json operator()(const DateTime& value) const {
        const auto at = value.civil();
        if (!at) return "no date";
        char text[32];
        std::snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d:%02d", at->year, at->month, at->day, at->hour, at->minute, at->second);
        return text;
    }
    json operator()(const std::string& value) const { return value; }
    json operator()(const Binary& value) const { return hexadecimal(value); }
    json operator()(const Guid& value) const { return value.text(); }
    json operator()(const Numeric& value) const { return value.text(); }
};

int failed(const Error& error) {
    std::cerr << error.text() << "\n";
    return 1;
}

int dump(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const MemorySource source({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    const auto database = Database::open(source);
    if (!database) return failed(database.error());
    for (const auto& entry : database->tables()) {
        const auto table = database->table(entry);
        if (!table) return failed(table.error());
        json out = {{"table", table->name},
                    {"system", entry.system},
                    {"columns", json::array()},
                    {"types", json::array()},
                    {"rows", json::array()}};
        for (const auto& column : table->columns) {
            out["columns"].push_back(column.name);
            out["types"].push_back(to_string(column.type));
        }
        auto rows = database->rows(*table);
        if (!rows) return failed(rows.error());
        for (;;) {
            const auto more = rows->next();
            if (!more) return failed(more.error());
            if (!*more) break;
            json row = json::array();
            for (const auto& value : rows->row()) row.push_back(std::visit(Write{}, value));
            out["rows"].push_back(std::move(row));
        }
        std::cout << out.dump() << "\n";
    }
    return 0;
}

int compose(const std::string& what, const std::string& file) {
    const auto bytes = support::jet_database(what == "large"    ? support::large_server(150, 40'000)
                                             : what == "single" ? support::large_server(1, 40'000)
                                                                : support::every_form());
    std::ofstream out(file, std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    out.close();
    return out ? 0 : 1;
}

int time_records(const std::string& file) {
    double best = 1e9;
    for (int i = 0; i < 10; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        const auto records = imc::imagemanager::load_records(file);
        const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
        if (!records) {
            std::cerr << records.error() << "\n";
            return 1;
        }
        best = std::min(best, took.count());
    }
    std::cout << best << "\n";
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 3 && std::strcmp(argv[1], "dump") == 0) return dump(argv[2]);
    if (argc == 4 && std::strcmp(argv[1], "compose") == 0) return compose(argv[2], argv[3]);
    if (argc == 3 && std::strcmp(argv[1], "time") == 0) return time_records(argv[2]);
    std::cerr << "usage: jet_tool dump FILE | compose every-form|large|single FILE | time FILE\n";
    return 64;
}
