#include "agent/imagemanager/database_copy.hpp"

#include "agent/host/files.hpp"
#include "agent/imagemanager/database_file.hpp"
#include "agent/scan/listing.hpp"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace imc::imagemanager {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
template <class T>
using Told = boost::system::result<T, std::string>;

constexpr std::size_t chunk_bytes = std::size_t{1} << 20;
constexpr std::size_t largest_state = std::size_t{64} << 10;
constexpr int attempts = 3;

fs::path path_of(const std::string& text) {
    return {std::u8string(text.begin(), text.end())};
}

std::string cannot(const std::string& what, const std::string& path, const std::string& why) {
    return "cannot " + what + " " + path + ": " + why;
}

// A state can be made of a text, too, so the kind is said.
Told<CopiedState> failed(std::string why) {
    return {boost::system::in_place_error, std::move(why)};
}

// FNV-1a: enough to tell one state of a file from another.
class Digest {
public:
    void add(std::span<const std::uint8_t> bytes) {
        for (const std::uint8_t byte : bytes) value_ = (value_ ^ byte) * 0x100000001b3ULL;
    }
    [[nodiscard]] std::uint64_t value() const { return value_; }

private:
    std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

struct Copied {
    FileStamp stamp;
    std::uint64_t digest = 0;
    bool whole = false;  // nobody wrote to the original meanwhile
};

Told<Copied> copy_once(const std::string& from, const std::string& to, const std::stop_token& stop) {
    const auto file = SharedFile::open(from);
    if (!file) return cannot("read", from, file.error().message());
    const auto before = file->stamp();
    if (!before) return cannot("read", from, before.error().message());
    if (before->bytes > largest_database) return cannot("read", from, "it is larger than any database of Access");
    std::ofstream out(path_of(to), std::ios::binary | std::ios::trunc);
    if (!out) return cannot("write", to, "the file cannot be made");
    std::vector<std::uint8_t> buffer(chunk_bytes);
    Digest digest;
    // A file that grows while it is read is not followed.
    for (std::uint64_t offset = 0; offset < before->bytes;) {
        if (stop.stop_requested()) return cannot("read", from, "the agent stops");
        const auto got = file->read(offset, buffer);
        if (!got) return cannot("read", from, got.error().message());
        if (*got == 0) break;
        digest.add(std::span(buffer).first(*got));
        out.write(reinterpret_cast<const char*>(buffer.data()), static_cast<std::streamsize>(*got));
        offset += *got;
    }
    out.close();
    if (!out) return cannot("write", to, "the disk is full or not there");
    const auto after = file->stamp();
    return Copied{*before, digest.value(), after.has_value() && *after == *before};
}

std::string state_text(const CopiedState& state) {
    const json text = {{"original", state.original}, {"bytes", state.stamp.bytes}, {"stamp", state.stamp.written},
                       {"digest", state.digest},     {"written", state.written},   {"read_at", state.read_at}};
    return text.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

std::optional<CopiedState> parse_state(const std::string& text) {
    const json all = json::parse(text, nullptr, false);
    if (!all.is_object()) return std::nullopt;
    try {
        CopiedState state;
        state.original = all.at("original").get<std::string>();
        state.stamp.bytes = all.at("bytes").get<std::uint64_t>();
        state.stamp.written = all.at("stamp").get<std::int64_t>();
        state.digest = all.at("digest").get<std::uint64_t>();
        state.written = all.at("written").get<std::int64_t>();
        state.read_at = all.at("read_at").get<std::int64_t>();
        return state;
    } catch (const json::exception&) {
        return std::nullopt;
    }
}

// The copy is the agent's own: nobody else writes to it.
Told<std::shared_ptr<const Records>> records_in(const std::string& copy) {
    const auto file = DatabaseFile::open(copy);
    if (!file) return cannot("read", copy, file.error().message());
    auto records = read_records(**file);
    if (!records) return records.error().text();
    return std::shared_ptr<const Records>(std::make_shared<Records>(std::move(*records)));
}

std::string keep(const CopyPlaces& places, const CopiedState& state) {
    std::error_code error;
    fs::rename(path_of(places.fresh), path_of(places.database), error);
    if (error) return cannot("keep", places.database, error.message());
    const auto written = host::write_file(places.state, state_text(state), false);
    return written ? std::string() : cannot("write", places.state, written.error().message());
}

}  // namespace

CopyPlaces::CopyPlaces(const std::string& directory)
    : database(scan::join(directory, "imagemanager.mdb")),
      fresh(scan::join(directory, "imagemanager.mdb.new")),
      state(scan::join(directory, "imagemanager.json")) {}

std::optional<CopiedState> last_copy(const CopyPlaces& places, const std::string& original) {
    const auto text = host::read_file(places.state, largest_state);
    if (!text) return std::nullopt;
    auto state = parse_state(*text);
    if (!state || state->original != original) return std::nullopt;
    auto records = records_in(places.database);
    if (!records) return std::nullopt;
    state->records = std::move(*records);
    return state;
}

Told<CopiedState> renew_copy(const CopyPlaces& places, const std::string& original, const CopiedState* last, Look look, UnixTime now,
                             const std::stop_token& stop) {
    if (last != nullptr && last->original != original) last = nullptr;
    if (last != nullptr && look == Look::when_touched) {
        const auto file = SharedFile::open(original);
        if (!file) return failed(cannot("read", original, file.error().message()));
        const auto stamp = file->stamp();
        if (stamp && *stamp == last->stamp) return *last;
    }
    std::string why = "it is being written all the time";
    for (int attempt = 0; attempt < attempts; ++attempt) {
        const auto copied = copy_once(original, places.fresh, stop);
        if (!copied) return failed(copied.error());
        CopiedState state;
        state.original = original;
        state.stamp = copied->stamp;
        state.digest = copied->digest;
        state.written = unix_time(copied->stamp);
        state.read_at = now;
        if (last != nullptr && last->digest == state.digest && copied->whole) {
            std::error_code ignored;
            fs::remove(path_of(places.fresh), ignored);
            state.read_at = last->read_at;
            state.records = last->records;
            return state;
        }
        auto records = records_in(places.fresh);
        if (records && copied->whole) {
            state.records = std::move(*records);
            state.not_kept = keep(places, state);
            return state;
        }
        if (!records) why = records.error();
        if (copied->whole) break;
    }
    std::error_code ignored;
    fs::remove(path_of(places.fresh), ignored);
    return failed(cannot("read", original, why));
}

}  // namespace imc::imagemanager
