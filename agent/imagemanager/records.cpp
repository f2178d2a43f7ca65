#include "agent/imagemanager/records.hpp"

#include "agent/imagemanager/jet/database.hpp"
#include "agent/imagemanager/table_names.hpp"
#include "agent/imagemanager/table_reader.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace imc::imagemanager {
namespace {

using Kind = TableName::Kind;

constexpr std::string_view path_columns[] = {"Index", "Path"};
constexpr std::string_view set_columns[] = {"Id", "Machine", "BaseName", "SetGuid", "Images", "LatestCreateTime", "SyncTime"};
constexpr std::string_view file_columns[] = {"Name",         "FileSize",     "CreateTime",   "ImageType",
                                             "LastVerified", "VerifyStatus", "VerifyFailed", "SetGuid"};
constexpr std::string_view queue_columns[] = {"FileSize", "CreateTime", "SetGuid", "Name"};
constexpr std::string_view sent_columns[] = {"BytesSent", "Sent", "SetGuid", "Name", "CreateTime", "FileSize"};

// A sum that is not known as soon as one part of it is not.
class Sum {
public:
    void add(std::optional<std::uint64_t> part) {
        const bool fits = value_ && part && *part <= std::numeric_limits<std::uint64_t>::max() - *value_;
        value_ = fits ? std::optional(*value_ + *part) : std::nullopt;
    }
    [[nodiscard]] std::optional<std::uint64_t> value() const { return value_; }

private:
    std::optional<std::uint64_t> value_ = 0;
};

class Sets {
public:
    void queued(const RowView& row) {
        Entry* entry = of(row);
        if (entry == nullptr) return;
        ++entry->set.queued;
        entry->bytes.add(row.bytes(0));
        if (const auto created = row.time(1)) entry->set.oldest_queued = std::min(entry->set.oldest_queued.value_or(*created), *created);
    }

    void sent(const RowView& row) {
        Entry* entry = of(row);
        if (entry == nullptr) return;
        ++entry->set.sent;
        const auto sent = row.time(1);
        if (!sent || (entry->set.last_sent && *sent < *entry->set.last_sent)) return;
        entry->set.last_sent = sent;
        entry->set.last_sent_name = row.text(3);
    }

    // `sizes`: the queue has a column of sizes.
    std::vector<TargetSet> take(bool sizes) {
        std::vector<TargetSet> all;
        for (auto& [guid, entry] : sets_) {
            entry.set.set_guid = guid;
            if (sizes) entry.set.queued_bytes = entry.bytes.value();
            all.push_back(std::move(entry.set));
        }
        return all;
    }

private:
    struct Entry {
        TargetSet set;
        Sum bytes;
    };
    static constexpr std::size_t most = 10'000;

    Entry* of(const RowView& row) {
        auto guid = row.text(2);
        if (!guid || guid->empty()) return nullptr;
        if (sets_.size() >= most && !sets_.contains(*guid)) return nullptr;
        return &sets_[std::move(*guid)];
    }

    std::map<std::string, Entry> sets_;
};

struct TargetTables {
    TargetType type = TargetType::unknown;
    const jet::CatalogueEntry* queue = nullptr;
    const jet::CatalogueEntry* sent = nullptr;
};

ImageSet set_of(const RowView& row) {
    return {row.number(0), row.text(1), row.text(2), row.text(3), row.number(4), row.time(5), row.time(6)};
}

ImageFile file_of(const RowView& row) {
    return {row.text(0), row.bytes(1), row.time(2), row.number(3), row.time(4), row.number(5), row.flag(6), row.text(7)};
}

class Reader {
public:
    Reader(const jet::Database& database, std::uint64_t file_size) : tables_(database, file_size) {
        for (const auto& entry : database.tables()) {
            if (!entry.system) sort_in(entry);
        }
    }

    RecordsResult<Records> run() {
        if (const auto read = read_folders(); !read) return read.error();
        if (const auto read = read_targets(); !read) return read.error();
        records_.unknown_columns = tables_.take_unknown_columns();
        return std::move(records_);
    }

private:
    void sort_in(const jet::CatalogueEntry& entry) {
        const TableName name = parse_table_name(entry.name);
        switch (name.kind) {
            case Kind::watch_paths:
                watch_paths_ = &entry;
                break;
            case Kind::target_paths:
                target_paths_ = &entry;
                break;
            case Kind::sets:
                sets_.emplace(name.index, &entry);
                break;
            case Kind::files:
                files_.emplace(name.index, &entry);
                break;
            case Kind::queue:
            case Kind::sent: {
                auto& tables = target_tables_[{name.index, name.prefix}];
                tables.type = name.type;
                (name.kind == Kind::queue ? tables.queue : tables.sent) = &entry;
                break;
            }
            case Kind::opaque:
                break;
            case Kind::unknown:
                records_.unknown_tables.push_back(entry.name);
                break;
        }
    }

    RecordsResult<void> read_folders() {
        const RecordsError other{RecordsError::Kind::not_its_own, "", {}};
        if (watch_paths_ == nullptr) return other;
        const auto rows = tables_.read(*watch_paths_, path_columns, TableReader::Keep::yes, [this](const RowView& row) {
            WatchedFolder folder;
            folder.index = row.number(0);
            folder.path = row.text(1);
            records_.folders.push_back(std::move(folder));
        });
        if (!rows) return rows.error();
        if (!tables_.had(0) || !tables_.had(1)) return other;
        for (auto& folder : records_.folders) {
            if (const auto filled = fill(folder); !filled) return filled.error();
        }
        return {};
    }

    RecordsResult<void> fill(WatchedFolder& folder) {
        // Of two rows with one number the first has the tables.
        const bool first = folder.index && watched_.insert(*folder.index).second;
        const auto sets = first ? sets_.find(*folder.index) : sets_.end();
        folder.live = sets != sets_.end();
        folder.files.emplace();
        if (!folder.live) return {};
        const auto keep_set = [&folder](const RowView& row) { folder.sets.push_back(set_of(row)); };
        if (const auto rows = tables_.read(*sets->second, set_columns, TableReader::Keep::yes, keep_set); !rows) return rows.error();
        const auto files = files_.find(*folder.index);
        if (files == files_.end()) {
            folder.files.reset();
            return {};
        }
        const auto keep_file = [&folder](const RowView& row) { folder.files->push_back(file_of(row)); };
        return tables_.read(*files->second, file_columns, TableReader::Keep::yes, keep_file);
    }

    RecordsResult<void> read_targets() {
        if (target_paths_ == nullptr && target_tables_.empty()) return {};
        records_.targets.emplace();
        if (target_paths_ != nullptr) {
            std::vector<Target> rows;
            const auto read = tables_.read(*target_paths_, path_columns, TableReader::Keep::yes, [&rows](const RowView& row) {
                Target target;
                target.index = row.number(0);
                target.path = row.text(1);
                rows.push_back(std::move(target));
            });
            if (!read) return read.error();
            for (const auto& row : rows) {
                if (const auto added = add_target(row); !added) return added.error();
            }
        }
        // Tables whose row is missing: something waits or was sent, whatever the list of paths says.
        for (const auto& [key, tables] : target_tables_) {
            if (listed_.contains(key.first)) continue;
            Target target;
            target.index = key.first;
            if (const auto counted = count(target, tables); !counted) return counted.error();
            records_.targets->push_back(std::move(target));
        }
        return {};
    }

    // One target for each pair of tables of the row's index, else the row alone.
    RecordsResult<void> add_target(const Target& row) {
        const bool first = row.index && listed_.insert(*row.index).second;
        auto tables = first ? target_tables_.lower_bound({*row.index, std::string_view()}) : target_tables_.end();
        bool any = false;
        for (; tables != target_tables_.end() && tables->first.first == *row.index; ++tables, any = true) {
            Target target = row;
            if (const auto counted = count(target, tables->second); !counted) return counted.error();
            records_.targets->push_back(std::move(target));
        }
        if (!any) records_.targets->push_back(row);
        return {};
    }

    RecordsResult<void> count(Target& target, const TargetTables& tables) {
        target.type = tables.type;
        target.live = true;
        Sets sets;
        bool sizes = false;
        if (tables.queue != nullptr) {
            Sum bytes;
            target.queued = 0;
            const auto rows = tables_.read(*tables.queue, queue_columns, TableReader::Keep::no, [&](const RowView& row) {
                ++*target.queued;
                sets.queued(row);
                bytes.add(row.bytes(0));
                if (const auto created = row.time(1); created)
                    target.oldest_queued = std::min(target.oldest_queued.value_or(*created), *created);
            });
            if (!rows) return rows.error();
            sizes = tables_.had(0);
            target.queued_bytes = sizes ? bytes.value() : std::nullopt;
        }
        if (tables.sent != nullptr) {
            Sum bytes;
            target.sent = 0;
            const auto rows = tables_.read(*tables.sent, sent_columns, TableReader::Keep::no, [&](const RowView& row) {
                ++*target.sent;
                sets.sent(row);
                bytes.add(row.bytes(0));
                if (const auto sent = row.time(1); sent) target.last_sent = std::max(target.last_sent.value_or(*sent), *sent);
            });
            if (!rows) return rows.error();
            target.sent_bytes = tables_.had(0) ? bytes.value() : std::nullopt;
        }
        target.sets = sets.take(sizes);
        return {};
    }

    TableReader tables_;
    Records records_;
    const jet::CatalogueEntry* watch_paths_ = nullptr;
    const jet::CatalogueEntry* target_paths_ = nullptr;
    std::map<std::int64_t, const jet::CatalogueEntry*> sets_, files_;
    std::map<std::pair<std::int64_t, std::string_view>, TargetTables> target_tables_;
    std::set<std::int64_t> watched_, listed_;  // indexes that WatchPaths and TargetPaths have
};

}  // namespace

std::string RecordsError::text() const {
    switch (kind) {
        case Kind::damaged:
            break;
        case Kind::not_its_own:
            return "the database has no table WatchPaths with an Index and a Path, so it is none of ImageManager's";
        case Kind::too_many:
            return "the table " + table + " brings the database to more rows than can be right";
    }
    return table.empty() ? jet.text() : "the table " + table + " cannot be read: " + jet.text();
}

RecordsResult<Records> read_records(const jet::Source& source) {
    const auto database = jet::Database::open(source);
    if (!database) return RecordsError{RecordsError::Kind::damaged, "", database.error()};
    return Reader(*database, source.size()).run();
}

}  // namespace imc::imagemanager
