#include "agent/store/history_impl.hpp"

namespace imc::store {

Result<std::uint64_t> History::cursor() const {
    const auto value = impl_->begin_reading().number("SELECT value FROM meta WHERE key = 'cursor'");
    return impl_->outcome(static_cast<std::uint64_t>(value.value_or(0)));
}

Result<std::string> History::epoch() const {
    auto value = impl_->begin_reading().text("SELECT value FROM meta WHERE key = 'epoch'");
    return impl_->outcome(std::move(value).value_or(""));
}

Result<std::vector<FolderRecord>> History::folders() const {
    std::vector<FolderRecord> out;
    {
        Statement query(impl_->begin_reading(), std::string("SELECT ") + folder_columns + " FROM folders ORDER BY path");
        query.ask();
        while (query.next()) read_into(query, fields_of_folder(out.emplace_back()));
    }
    return impl_->outcome(std::move(out));
}

Result<std::vector<VolumeRecord>> History::volumes() const {
    std::vector<VolumeRecord> out;
    {
        Statement query(impl_->begin_reading(), std::string("SELECT ") + volume_columns + " FROM volumes ORDER BY folder_id, volume");
        query.ask();
        while (query.next()) read_into(query, fields_of_volume(out.emplace_back()));
    }
    return impl_->outcome(std::move(out));
}

Result<std::vector<spchain::Memory>> History::memory(const std::string& folder_id) const {
    auto out = load_memory(impl_->begin_reading(), folder_id);
    return impl_->outcome(std::move(out));
}

Result<std::vector<Sample>> History::samples(const std::string& folder_id) const {
    std::vector<Sample> out;
    {
        Statement query(impl_->begin_reading(),
                        "SELECT at, image_bytes, images, free_bytes FROM samples WHERE fid = (SELECT fid FROM folders WHERE id = ?) "
                        "ORDER BY day");
        query.ask(folder_id);
        while (query.next()) {
            auto& sample = out.emplace_back();
            query >> sample.at >> sample.image_bytes >> sample.images >> sample.free_bytes;
        }
    }
    return impl_->outcome(std::move(out));
}

Result<History::Removed> History::removed_since(std::uint64_t cursor) const {
    Removed out;
    Database& database = impl_->begin_reading();
    // One transaction: tombstones and what is forgotten belong together.
    database.execute("BEGIN");
    const auto value = [&](const char* sql) { return static_cast<std::uint64_t>(database.number(sql).value_or(0)); };
    const std::uint64_t forgotten = value("SELECT value FROM meta WHERE key = 'forgotten'");
    out.complete = cursor >= forgotten && cursor <= value("SELECT value FROM meta WHERE key = 'cursor'");
    {
        Statement query(database, "SELECT kind, id, seq FROM tombstones WHERE seq > ? ORDER BY seq");
        query.ask(cursor);
        while (query.next()) {
            auto& tombstone = out.tombstones.emplace_back();
            query >> tombstone.kind >> tombstone.id >> tombstone.seq;
        }
    }
    auto result = impl_->outcome(std::move(out));
    database.forget_failure();
    database.execute("COMMIT");
    return result;
}

}  // namespace imc::store
