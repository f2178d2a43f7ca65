#include "agent/imagemanager/jet/usage_map.hpp"

namespace imc::jet {
namespace {

constexpr std::size_t bits_at = 5;      // of the inline form
constexpr std::size_t map_bits_at = 4;  // of a map page
constexpr std::uint64_t pages_per_map = (page_size - map_bits_at) * 8;

class Map {
public:
    explicit Map(const Pages& pages) : pages_(pages) {}

    Result<void> add(Bytes bits, std::uint64_t first) {
        for (std::size_t i = 0; i < bits.size(); ++i) {
            if (bits[i] == 0) continue;
            for (unsigned bit = 0; bit < 8; ++bit) {
                if ((bits[i] >> bit & 1) == 0) continue;
                const std::uint64_t page = first + i * 8 + bit;
                if (page >= pages_.count()) return Error{errc::truncated, static_cast<std::uint32_t>(page), 0};
                used.push_back(static_cast<std::uint32_t>(page));
            }
        }
        return {};
    }

    std::vector<std::uint32_t> used;

private:
    const Pages& pages_;
};

}  // namespace

Result<std::vector<std::uint32_t>> used_pages(const Pages& pages, Pointer at) {
    DataPage page;
    if (const auto got = page.read(pages, at.page); !got) return got.error();
    const auto slot = page.slot(at.row);
    if (!slot) return slot.error();
    View row = page.view(*slot);
    Map map(pages);
    switch (row.u8(0)) {
        case 0: {
            const std::uint32_t first = row.u32(1);
            if (!row.ok()) return row.error();
            if (const auto added = map.add(row.bytes(bits_at, row.size() - bits_at), first); !added) return added.error();
            break;
        }
        case 1: {
            if (!row.ok()) return row.error();
            Page bits;
            for (std::size_t k = 0; (k + 1) * 4 < row.size(); ++k) {
                const std::uint32_t number = row.u32(1 + k * 4);
                if (number == 0) continue;
                if (const auto got = pages.read(number, bits); !got) return got.error();
                if (bits[0] != static_cast<std::uint8_t>(PageKind::usage)) return Error{errc::wrong_page, number, 0};
                if (const auto added = map.add(Bytes(bits).subspan(map_bits_at), k * pages_per_map); !added) return added.error();
            }
            break;
        }
        default:
            return row.at(errc::bad_definition, 0);
    }
    return std::move(map.used);
}

}  // namespace imc::jet
