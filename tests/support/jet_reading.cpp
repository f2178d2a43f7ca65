#include "tests/support/jet_reading.hpp"

namespace support {
namespace {

using namespace imc::jet;

struct Size {
    std::uint64_t operator()(const std::string& text) const { return text.size(); }
    std::uint64_t operator()(const Binary& bytes) const { return bytes.size(); }
    template <class T>
    std::uint64_t operator()(const T&) const {
        return 0;
    }
};

struct Fold {
    std::uint64_t sum = 0xCBF29CE484222325;
    void add(const void* bytes, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) sum = (sum ^ static_cast<const unsigned char*>(bytes)[i]) * 0x100000001B3;
    }
    void operator()(std::monostate) {}
    void operator()(const std::string& text) { add(text.data(), text.size()); }
    void operator()(const Binary& bytes) { add(bytes.data(), bytes.size()); }
    void operator()(const Guid& guid) { add(guid.bytes.data(), guid.bytes.size()); }
    void operator()(const Numeric& number) { (*this)(number.text()); }
    void operator()(const Currency& money) { (*this)(money.text()); }
    void operator()(const DateTime& date) { (*this)(date.serial); }
    template <class T>
    void operator()(const T& value) {
        add(&value, sizeof value);
    }
};

class Reading {
public:
    explicit Reading(std::span<const std::uint8_t> bytes) : source_(bytes) {}

    JetReading run() {
        const auto database = Database::open(source_);
        if (!database) {
            fail(database.error());
            return std::move(result_);
        }
        std::uint64_t work = 0;
        for (const auto& entry : database->tables()) {
            fold_(entry.name);
            // A hostile catalogue may name one table many times.
            if (work > 8 * source_.size()) break;
            work += table(*database, entry);
        }
        result_.all = std::to_string(fold_.sum);
        return std::move(result_);
    }

private:
    std::uint64_t table(const Database& database, const CatalogueEntry& entry) {
        const auto definition = database.table(entry);
        if (!definition) return fail(definition.error());
        auto cursor = database.rows(*definition);
        if (!cursor) return fail(cursor.error());
        std::uint64_t bytes = 0, rows = 0;
        for (;;) {
            const auto more = cursor->next();
            if (!more) return fail(more.error());
            if (!*more) break;
            ++rows;
            if (cursor->row().size() != definition->columns.size()) breach("a row has another number of values");
            for (const auto& value : cursor->row()) {
                fold_(value.index());
                std::visit(fold_, value);
                bytes += std::visit(Size{}, value);
                if (const auto* date = std::get_if<DateTime>(&value)) static_cast<void>(date->civil());
            }
        }
        // Own rows once, rows and long values elsewhere twice, text up to three bytes for one.
        if (bytes > 9 * source_.size()) breach("values take more than the file can hold");
        if (rows > source_.size()) breach("there are more rows than bytes");
        result_.rows += rows;
        return bytes + rows * 16 + page_size;
    }

    std::uint64_t fail(const Error& error) {
        if (!result_.error) result_.error = error;
        if (error.text().empty()) breach("an error without words");
        const bool missing = error.code == errc::truncated || error.code == errc::not_a_database;
        if (!missing && std::uint64_t{error.page} * page_size >= source_.size()) breach("an error on a page that is not there");
        return page_size;
    }

    void breach(const char* says) { result_.breaches += std::string(says) + "\n"; }

    MemorySource source_;
    Fold fold_;
    JetReading result_;
};

}  // namespace

JetReading read_all(std::span<const std::uint8_t> bytes) {
    return Reading(bytes).run();
}

}  // namespace support
