#include "tools/generator/bench.hpp"

#include <algorithm>
#include <cstdio>

namespace generator {
namespace {

using spchain::Kind;
using spchain::UnixTime;

constexpr UnixTime day_seconds = 86'400;
constexpr int spread_seconds = 60;  // between copies of one shape
constexpr std::uint64_t digest_bytes = 90;

// A volume as it is now, without the volume's name: made once and copied often, since simulating costs more than copying.
struct Shape {
    struct Part {
        std::string tail;  // of the name, such as "-b001-i012.md5"
        std::uint64_t bytes;
        UnixTime written;
        bool image;
    };
    std::vector<Part> parts;
    std::uint64_t images = 0;
};

class Bench {
public:
    explicit Bench(const BenchOptions& options) : options_(options), random_(options.seed) {
        const int intervals[] = {15, 30, 60, 60, 60, 120};
        const int ages[] = {120, 210, 340, 95, 260, 400};
        for (std::size_t k = 0; k < 6; ++k) shapes_.push_back(old_shape(intervals[k], ages[k], k % 2 == 0));
    }

    Directory folder(std::uint64_t index, std::uint64_t wanted) {
        char path[64];
        const int length = std::snprintf(path, sizeof path, "backups/Customer-%04u/SRV-%02u", static_cast<unsigned>(index / 5 + 1),
                                         static_cast<unsigned>(index % 5 + 1));
        Directory directory{std::string(path, static_cast<std::size_t>(length)), {}};
        std::uint64_t left = wanted;
        if (!options_.count_images && left >= 10) {
            directory.files.push_back({"Thumbs.db", {}, 4'608, options_.now - 30 * day_seconds, 0});
            --left;
        }
        std::uint64_t volume = 0;
        for (; const auto* shape = fitting(left); ++volume) left -= copy(*shape, volume, directory);
        if (left >= (options_.count_images ? 1U : 2U))
            left -= copy(young_shape(options_.count_images ? left : left / 2), volume, directory);
        if (left > 0 && !options_.count_images) directory.files.push_back({"notes.txt", {}, 118, options_.now - 3 * day_seconds, 0});
        return directory;
    }

private:
    [[nodiscard]] std::uint64_t cost(const Shape& shape) const { return options_.count_images ? shape.images : shape.parts.size(); }

    [[nodiscard]] const Shape* fitting(std::uint64_t left) {
        const auto start = random_.below(shapes_.size());
        for (std::size_t k = 0; k < shapes_.size(); ++k) {
            const auto& shape = shapes_[(start + k) % shapes_.size()];
            if (cost(shape) <= left) return &shape;
        }
        return nullptr;
    }

    void add(Shape& shape, const TrueImage& image) const {
        constexpr std::size_t volume_length = 1;
        const auto name = image.entry.name.substr(volume_length);
        const auto stem = name.substr(0, name.rfind('.'));
        ++shape.images;
        shape.parts.push_back({name, image.entry.bytes, image.created, true});
        shape.parts.push_back({stem + ".md5", digest_bytes, image.created + 1, false});
        const bool fresh = image.created > options_.now - day_seconds;
        if (fresh && image.kind == Kind::incremental) shape.parts.push_back({stem + ".bitmap", 64'000, image.created + 1, false});
    }

    Plan plan() {
        Plan plan;
        plan.seed = random_.next();
        plan.volume = "V";
        plan.calendar = options_.calendar;
        plan.first_minute = 0;
        plan.last_minute = 24 * 60;
        return plan;
    }

    Shape old_shape(int interval, int age, bool night_too) {
        auto server = plan();
        const auto now = options_.now - spread_seconds;
        server.first_day = options_.calendar.day_of(now) - age;
        server.days = age + 1;
        server.interval_minutes = interval;
        server.keep_months = 12;
        if (!night_too) {
            server.first_minute = 6 * 60;
            server.last_minute = 22 * 60;
        }
        Shape shape;
        for (const auto& image : at(simulate(server), now)) add(shape, image);
        return shape;
    }

    // A chain so young that nothing is consolidated: any number of images.
    [[nodiscard]] Shape young_shape(std::uint64_t images) const {
        Shape shape;
        for (std::uint64_t k = 0; k < images; ++k) {
            const std::string stem = "-" + spchain::to_string(1, {0, static_cast<std::uint32_t>(k)});
            const auto age = static_cast<UnixTime>(images - k) * 900;
            const auto when = options_.now - spread_seconds - age;
            shape.parts.push_back({stem + (k == 0 ? ".spf" : ".spi"), k == 0 ? 40'000'000'000U : 150'000'000U, when, true});
            shape.parts.push_back({stem + ".md5", digest_bytes, when + 1, false});
            ++shape.images;
        }
        return shape;
    }

    static std::string volume_name(std::uint64_t index) {
        constexpr std::uint64_t letters = 24;  // C to Z
        const std::string name = std::string(1, static_cast<char>('C' + index % letters)) + "_VOL";
        return index < letters ? name : "VM" + std::to_string(index / letters) + "_" + name;
    }

    std::uint64_t copy(const Shape& shape, std::uint64_t volume, Directory& to) {
        const auto name = volume_name(volume);
        const auto shift = static_cast<UnixTime>(random_.below(spread_seconds));
        for (const auto& part : shape.parts) {
            const auto nanoseconds = static_cast<std::int32_t>(random_.below(1'000'000'000));
            to.files.push_back(
                {name + part.tail, {}, part.bytes + (part.image ? random_.below(4'096) : 0), part.written + shift, nanoseconds});
        }
        return cost(shape);
    }

    const BenchOptions& options_;
    Random random_;
    std::vector<Shape> shapes_;
};

}  // namespace

Tree make_bench(const BenchOptions& options, const std::function<void(const Directory&)>& take) {
    Bench bench(options);
    Tree tree;
    for (std::uint64_t k = 0; k < options.folders; ++k) {
        const auto share = options.total / options.folders + (k < options.total % options.folders ? 1 : 0);
        const auto directory = bench.folder(k, share);
        const auto from = directory.path.find('/') + 1;
        tree.folders.push_back({directory.path, "normal", directory.path.substr(from, directory.path.rfind('/') - from), "primary"});
        take(directory);
    }
    return tree;
}

Directory make_long_chain(const BenchOptions& options, std::uint64_t images) {
    Plan plan;
    plan.seed = options.seed;
    plan.calendar = options.calendar;
    plan.first_minute = 0;
    plan.last_minute = 24 * 60;
    plan.interval_minutes = images > 5'000 ? 15 : 60;
    plan.retention = {1'000'000, 1'000'000, 1'000'000};
    const auto a_day = static_cast<std::uint64_t>(24 * 60 / plan.interval_minutes);
    plan.days = static_cast<int>(images / a_day) + 3;
    const auto today = options.calendar.day_of(options.now);
    // How many days that many images take depends on how many weeks and months end within them.
    plan.first_day = today - plan.days;
    for (int pass = 0; pass < 3; ++pass) {
        const auto made = simulate(plan);
        const auto last = options.calendar.day_of(made.at(images - 1).created);
        plan.first_day += today - 1 - last;
    }
    Directory directory;
    auto made = simulate(plan);
    made.resize(images);
    for (const auto& image : made) {
        directory.files.push_back(image_file(image.entry));
        directory.files.push_back(digest_of(image.entry, options.seed));
    }
    return directory;
}

}  // namespace generator
