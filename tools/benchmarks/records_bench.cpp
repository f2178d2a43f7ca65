// records_bench compose FILE: an ImageManager database of 150 folders with 40,000 files together.
// records_bench time FILE ROUNDS: milliseconds to read it and compare every folder with a disk that agrees, the best of ROUNDS.
#include "agent/imagemanager/compare.hpp"
#include "agent/imagemanager/database_file.hpp"
#include "agent/imagemanager/path_map.hpp"
#include "tools/generator/jet_writer.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>

namespace {

using namespace generator;
using imc::jet::ColumnType;
using imc::jet::DateTime;

constexpr int folders = 150;
constexpr int files = 40'000;
constexpr std::int64_t made = 1'790'000'000;

std::vector<JetTable> server() {
    const DateTime when{46184.916666666664};
    JetTable watched{"WatchPaths", {{"Index", ColumnType::long_int}, {"Path", ColumnType::text}}, {}, false};
    std::vector<JetTable> tables;
    for (int i = 1; i <= folders; ++i) {
        const std::string number = std::to_string(i);
        watched.rows.push_back({{std::int64_t{i}, "D:\\Backups\\Acme\\SRV" + number}});
        JetTable sets{"w" + number + "Sets",
                      {{"Id", ColumnType::long_int}, {"Machine", ColumnType::text}, {"BaseName", ColumnType::text}},
                      {},
                      false};
        JetTable images{"w" + number + "Files",
                        {{"Name", ColumnType::text},
                         {"ImageType", ColumnType::long_int},
                         {"FileSize", ColumnType::double_float},
                         {"CreateTime", ColumnType::date_time},
                         {"LastVerified", ColumnType::date_time},
                         {"VerifyStatus", ColumnType::long_int},
                         {"VerifyFailed", ColumnType::yes_no},
                         {"SetGuid", ColumnType::text}},
                        {},
                        false};
        sets.rows.push_back({{std::int64_t{1}, "SRV" + number, std::string("C_VOL-b001")}});
        const int here = files / folders + (i <= files % folders ? 1 : 0);
        for (int k = 1; k <= here; ++k) {
            images.rows.push_back({{"C_VOL-b001-i" + std::to_string(1000 + k) + ".spi", std::int64_t{2}, 1e9 + k, when, when,
                                    std::int64_t{1}, false, std::string("{694A6C72-21D0-4A98-B7B8-79F553E460CC}")}});
        }
        tables.push_back(std::move(sets));
        tables.push_back(std::move(images));
    }
    tables.push_back(std::move(watched));
    return tables;
}

int compose(const std::string& file) {
    const auto bytes = jet_database(server());
    std::ofstream out(file, std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    out.close();
    return out ? 0 : 1;
}

std::vector<std::vector<spchain::Memory>> disk(const imc::imagemanager::Records& records) {
    std::vector<std::vector<spchain::Memory>> all;
    for (const auto& folder : records.folders) {
        auto& memory = all.emplace_back();
        for (const auto& file : *folder.files) {
            spchain::Memory image;
            image.name = *file.name;
            image.bytes = *file.bytes;
            image.written = image.first_seen = made;
            memory.push_back(std::move(image));
        }
    }
    return all;
}

int time_it(const std::string& file, int rounds) {
    const std::vector<imc::config::PathRule> rules = {{"D:\\Backups", "/srv/backups"}};
    std::vector<std::vector<spchain::Memory>> there;
    if (const auto first = imc::imagemanager::load_records(file)) {
        there = disk(*first);
    } else {
        std::cerr << first.error() << "\n";
        return 1;
    }
    double best = 1e9;
    for (int round = 0; round < rounds; ++round) {
        const auto begin = std::chrono::steady_clock::now();
        const auto records = imc::imagemanager::load_records(file);
        std::size_t verified = 0;
        for (std::size_t i = 0; i < records->folders.size(); ++i) {
            const auto& folder = records->folders[i];
            if (!imc::imagemanager::local_path(*folder.path, rules, imc::config::PathStyle::posix)) return 1;
            const auto comparison = imc::imagemanager::compare(folder, there[i]);
            if (!comparison.gone.empty() || !comparison.unknown.empty()) return 1;
            verified += comparison.verification.verified;
        }
        const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
        if (verified != files) return 1;
        best = std::min(best, took.count());
    }
    std::cout << best << "\n";
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 3 && std::strcmp(argv[1], "compose") == 0) return compose(argv[2]);
    if (argc == 4 && std::strcmp(argv[1], "time") == 0) return time_it(argv[2], std::max(1, std::atoi(argv[3])));
    std::cerr << "usage: records_bench compose FILE | time FILE ROUNDS\n";
    return 64;
}
