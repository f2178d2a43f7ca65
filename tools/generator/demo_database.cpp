#include "tools/generator/demo_database.hpp"

#include "spchain/name.hpp"
#include "tools/generator/jet_writer.hpp"
#include "tools/generator/manager_files.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>

namespace generator {
namespace {

using imc::jet::ColumnType;
using imc::jet::DateTime;
using imc::jet::Value;
using spchain::UnixTime;

constexpr UnixTime hour = 3'600;
constexpr UnixTime day = 24 * hour;
constexpr std::monostate null;
constexpr const char* managed_by_records_alone = "backups/Initech/SRV-ERP";

// Days since 1899-12-30; the database keeps UTC.
Value date(UnixTime time) {
    return DateTime{25'569.0 + static_cast<double>(time) / 86'400.0};
}

Value number(std::int64_t value) {
    return value;
}

std::string recorded_path(const std::string& below) {
    std::string path = std::string(manager_drive) + "\\" + below;
    std::replace(path.begin(), path.end(), '/', '\\');
    return path;
}

std::string guid_of(const std::string& text) {
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    char out[64];
    const auto part = [&](unsigned shift, unsigned mask) { return static_cast<unsigned>(hash >> shift) & mask; };
    std::snprintf(out, sizeof out, "{%08X-%04X-%04X-%04X-%08X%04X}", part(32, 0xFFFFFFFF), part(16, 0xFFFF), part(0, 0xFFFF) | 0x4000U,
                  part(48, 0x3FFF) | 0x8000U, part(8, 0xFFFFFFFF), part(24, 0xFFFF));
    return out;
}

std::string machine_of(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

// The base that an image depends on, without ending: "C_VOL-b001".
std::string base_of(spchain::Name name) {
    name.kind = spchain::Kind::full;
    name.differential = name.incremental = 0;
    name.suffix = {};
    const std::string text = spchain::format(name);
    return text.substr(0, text.rfind('.'));
}

struct Chain {
    std::string base_name, guid;
    std::int64_t images = 0;
    UnixTime newest = 0;
    std::string newest_name;
};

class Database {
public:
    Database(const Tree& tree, UnixTime now) : tree_(tree), now_(now) {}

    std::string bytes() {
        for (const auto& folder : tree_.folders) {
            if (folder.profile != "primary") continue;
            add_folder(folder.path);
            if (folder.type == "backup_store") add_children(folder.path);
        }
        paths_.rows.push_back({{number(next_++), recorded_path("backups/Acme/OLD-SERVER")}});
        add_targets();
        tables_.push_back(std::move(paths_));
        tables_.push_back(std::move(targets_));
        const auto all = jet_database(tables_);
        return {all.begin(), all.end()};
    }

private:
    void add_children(const std::string& store) {
        for (const auto& directory : tree_.directories) {
            if (directory.path.starts_with(store + "/")) add_folder(directory.path);
        }
    }

    // The name of a file that a defect of the folder concerns; empty: there is none of that kind.
    [[nodiscard]] std::string defect(const std::string& path, const std::string& code) const {
        for (const auto& one : tree_.defects) {
            if (one.path == path && one.code == code) return one.file;
        }
        return {};
    }

    void add_folder(const std::string& path) {
        const auto index = next_++;
        paths_.rows.push_back({{number(index), recorded_path(path)}});
        const std::string prefix = "w" + std::to_string(index);
        JetTable sets{prefix + "Sets",
                      {{"Id", ColumnType::long_int},
                       {"Machine", ColumnType::text},
                       {"BaseName", ColumnType::text},
                       {"SetGuid", ColumnType::text},
                       {"Images", ColumnType::long_int},
                       {"LatestCreateTime", ColumnType::date_time},
                       {"SyncTime", ColumnType::date_time}},
                      {},
                      false};
        JetTable files{prefix + "Files",
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
        auto& chains = chains_[path];
        // A store's own root is managed by nobody.
        if (path.find('/') != std::string::npos) add_files(path, files, chains);
        for (const auto& [base, chain] : chains) {
            sets.rows.push_back({{number(static_cast<std::int64_t>(sets.rows.size()) + 1), machine_of(path), chain.base_name, chain.guid,
                                  number(chain.images), date(chain.newest), date(std::min(now_, chain.newest + hour))}});
        }
        tables_.push_back(std::move(sets));
        tables_.push_back(std::move(files));
    }

    void add_files(const std::string& path, JetTable& files, std::map<std::string, Chain>& chains) {
        const auto directory =
            std::find_if(tree_.directories.begin(), tree_.directories.end(), [&](const Directory& d) { return d.path == path; });
        if (directory == tree_.directories.end()) return;
        const std::string failed = defect(path, "bad_log").empty() ? std::string() : newest_image(*directory);
        for (const auto& file : directory->files) add_file(file.name, file.bytes, file.written, file.name == failed, files, chains);
        // ImageManager still knows what somebody has deleted.
        if (const auto lost = defect(path, "chain_broken"); !lost.empty()) add_file(lost, 62'914'560, now_ - 2 * day, false, files, chains);
    }

    static std::string newest_image(const Directory& directory) {
        const File* newest = nullptr;
        for (const auto& file : directory.files) {
            const bool image = spchain::parse(file.name).type == spchain::NameType::image;
            if (image && (newest == nullptr || file.written >= newest->written)) newest = &file;
        }
        return newest == nullptr ? std::string() : newest->name;
    }

    void add_file(const std::string& file, std::uint64_t bytes, UnixTime written, bool failed, JetTable& files,
                  std::map<std::string, Chain>& chains) {
        const auto name = spchain::parse(file);
        if (name.type != spchain::NameType::image || !name.conventional) return;
        const std::string base_name = base_of(name);
        auto& chain = chains[base_name];
        chain.base_name = base_name;
        chain.guid = guid_of(base_name + std::to_string(next_));
        ++chain.images;
        if (written >= chain.newest) {
            chain.newest = written;
            chain.newest_name = file;
        }
        // New images are verified within hours, all of them again each month.
        UnixTime verified = written + 2 * hour;
        while (verified + 30 * day <= now_) verified += 30 * day;
        const bool due = verified <= now_ || failed;
        files.rows.push_back(
            {{file, number(2), static_cast<double>(bytes), date(written), due ? date(std::min(verified, now_)) : Value(null),
              due ? number(failed ? -1 : 1) : Value(null), failed, chain.guid}});
    }

    struct Waiting {
        std::string path;     // of the folder
        UnixTime oldest = 0;  // what waits was made since then; 0: nothing waits
        UnixTime last_sent = 0;
    };

    void add_target(const std::string& type, const std::string& where, const std::vector<Waiting>& folders) {
        const auto index = static_cast<std::int64_t>(targets_.rows.size()) + 1;
        targets_.rows.push_back({{where, number(index)}});
        if (type.empty()) return;
        const std::vector<JetColumn> columns = {{"SetGuid", ColumnType::text},
                                                {"Name", ColumnType::text},
                                                {"CreateTime", ColumnType::date_time},
                                                {"FileSize", ColumnType::double_float}};
        JetTable queue{type + std::to_string(index) + "Queue", columns, {}, false};
        JetTable sent{type + std::to_string(index) + "Sent", columns, {}, false};
        sent.columns.push_back({"Sent", ColumnType::date_time});
        sent.columns.push_back({"BytesSent", ColumnType::double_float});
        for (const auto& folder : folders) {
            const auto directory =
                std::find_if(tree_.directories.begin(), tree_.directories.end(), [&](const Directory& d) { return d.path == folder.path; });
            if (directory == tree_.directories.end()) continue;
            for (const auto& file : directory->files) add_moved(file, folder, queue, sent);
        }
        tables_.push_back(std::move(queue));
        tables_.push_back(std::move(sent));
    }

    void add_moved(const File& file, const Waiting& folder, JetTable& queue, JetTable& sent) {
        const auto name = spchain::parse(file.name);
        const bool kept =
            name.type == spchain::NameType::image && name.conventional &&
            (name.kind == spchain::Kind::full || name.kind == spchain::Kind::daily || name.kind == spchain::Kind::incremental);
        if (!kept) return;
        const auto chain = chains_[folder.path].find(base_of(name));
        if (chain == chains_[folder.path].end()) return;
        const bool waits = folder.oldest != 0 && file.written >= folder.oldest;
        const auto size = static_cast<double>(file.bytes);
        if (waits) {
            queue.rows.push_back({{chain->second.guid, file.name, date(file.written), size}});
        } else if (file.written + hour <= folder.last_sent) {
            sent.rows.push_back({{chain->second.guid, file.name, date(file.written), size, date(file.written + hour), size}});
        }
    }

    void add_targets() {
        add_target("lan", "\\\\nas02\\replica\\Globex", {{"backups/Globex/FS01", 0, now_}});
        add_target("ftp", "ftp://dr.example.net/acme",
                   {{"backups/Acme/SRV-SQL", now_ - 6 * day, now_}, {"backups/Acme/SRV-FILES", 0, now_}});
        add_target("hsr", "V:\\HeadStart\\SRV-DC01-C.vmdk", {{"backups/Acme/SRV-DC01", 0, now_ - 3 * hour}});
        // One of two disks that take turns.
        add_target("loc", "R:\\Offsite", {{"backups/Initech/SRV-ERP", now_ - 9 * day, now_}});
        add_target("", "\\\\nas01\\old-replica", {});
    }

    const Tree& tree_;
    UnixTime now_;
    std::int64_t next_ = 1;
    JetTable paths_{"WatchPaths", {{"Index", ColumnType::long_int}, {"Path", ColumnType::text}}, {}, false};
    JetTable targets_{"TargetPaths", {{"Path", ColumnType::text}, {"Index", ColumnType::long_int}}, {}, false};
    std::vector<JetTable> tables_;
    std::map<std::string, std::map<std::string, Chain>> chains_;  // by folder, then by base
};

}  // namespace

void add_database(Tree& tree, UnixTime now) {
    std::string bytes = Database(tree, now).bytes();
    const auto size = bytes.size();
    const auto beside =
        std::find_if(tree.directories.begin(), tree.directories.end(), [](const Directory& d) { return d.path == "ImageManager"; });
    auto& directory = beside != tree.directories.end() ? *beside : tree.directories.emplace_back(Directory{"ImageManager", {}});
    directory.files.push_back({"ImageManager.mdb", std::move(bytes), size, now, 0});
    tree.database = "ImageManager/ImageManager.mdb";
    tree.manager_drive = manager_drive;
    std::erase_if(tree.folders, [](const ManagedFolder& folder) { return folder.path == managed_by_records_alone; });
}

}  // namespace generator
