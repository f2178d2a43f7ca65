#include "agent/store/writing.hpp"

#include <algorithm>
#include <tuple>

namespace imc::store {
namespace {

using spchain::Memory;

std::optional<std::int64_t> known(UnixTime t) {
    return t == spchain::no_time ? std::nullopt : std::optional<std::int64_t>(t);
}

bool same(const Memory& a, const Memory& b) {
    const auto rest = [](const Memory& m) {
        return std::tie(m.bytes, m.written, m.first_seen, m.vanished, m.has_tail, m.basis, m.suspicious);
    };
    return rest(a) == rest(b) && (!a.has_tail || a.tail == b.tail);
}

// In byte order and each name once, whatever came in.
std::vector<const Memory*> in_order(const std::vector<Memory>& memory) {
    std::vector<const Memory*> out;
    out.reserve(memory.size());
    for (const auto& image : memory) out.push_back(&image);
    const auto less = [](const Memory* a, const Memory* b) { return a->name < b->name; };
    if (!std::is_sorted(out.begin(), out.end(), less)) std::stable_sort(out.begin(), out.end(), less);
    out.erase(std::unique(out.begin(), out.end(), [](const Memory* a, const Memory* b) { return a->name == b->name; }), out.end());
    return out;
}

class Images {
public:
    Images(Database& database, std::int64_t fid)
        : fid_(fid),
          save_(database,
                "INSERT INTO images (fid, name, bytes, written, first_seen, vanished, tail_differential, tail_incremental, basis, "
                "suspicious) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (fid, name) DO UPDATE SET bytes = excluded.bytes, "
                "written = excluded.written, first_seen = excluded.first_seen, vanished = excluded.vanished, "
                "tail_differential = excluded.tail_differential, tail_incremental = excluded.tail_incremental, basis = excluded.basis, "
                "suspicious = excluded.suspicious"),
          drop_(database, "DELETE FROM images WHERE fid = ? AND name = ?") {}

    void save(const Memory& m) {
        std::optional<std::uint32_t> differential, incremental;
        if (m.has_tail) {
            differential = m.tail.differential;
            incremental = m.tail.incremental;
        }
        save_.run(fid_, m.name, m.bytes, known(m.written), known(m.first_seen), known(m.vanished), differential, incremental,
                  static_cast<int>(m.basis), m.suspicious);
    }
    void drop(const Memory& m) { drop_.run(fid_, m.name); }

private:
    std::int64_t fid_;
    Statement save_;
    Statement drop_;
};

}  // namespace

void put_memory(Writing& writing, std::int64_t fid, const std::string& folder_id, const std::vector<Memory>& memory) {
    const std::vector<Memory> old = load_memory(writing.database(), folder_id);
    const std::vector<const Memory*> wanted = in_order(memory);
    Images images(writing.database(), fid);
    auto was = old.begin();
    for (const Memory* image : wanted) {
        for (; was != old.end() && was->name < image->name; ++was) images.drop(*was);
        const bool there = was != old.end() && was->name == image->name;
        if (!there || !same(*was, *image)) images.save(*image);
        if (there) ++was;
    }
    for (; was != old.end(); ++was) images.drop(*was);
}

}  // namespace imc::store
