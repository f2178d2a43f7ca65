#include "tools/generator/demo.hpp"

#include "tools/generator/demo_servers.hpp"
#include "tools/generator/manager_files.hpp"
#include "tools/generator/reach.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <stdexcept>

namespace generator {
namespace {

using spchain::Kind;
using spchain::UnixTime;

constexpr UnixTime day_seconds = 86'400;

struct Chain {
    std::string path;
    std::string volume;
    std::vector<TrueImage> ever;   // all that was made
    std::vector<TrueImage> there;  // what is left now
};

class Builder {
public:
    explicit Builder(const DemoOptions& options) : options_(options), random_(options.seed), today_(options.calendar.day_of(options.now)) {}

    Demo run() {
        for (const auto& machine : demo_machines()) {
            for (const auto& volume : machine.volumes) chains_.push_back(simulated(machine, volume));
        }
        second_base();
        lose_weekly();
        lose_increment();
        choose_experiment();
        choose_damage();
        for (const auto& chain : chains_) place(chain.path, chain.there);
        beside_the_images();
        incrementals();
        replica();
        store_root();
        manager();
        manage();
        summarise();
        return std::move(demo_);
    }

private:
    Chain simulated(const DemoMachine& machine, const DemoVolume& volume) {
        Plan plan;
        plan.seed = random_.next();
        plan.volume = volume.name;
        plan.calendar = options_.calendar;
        plan.first_day = today_ - volume.age_days;
        plan.days = volume.age_days + 1;
        plan.silent_days = volume.silent_days;
        plan.base_bytes = std::uint64_t{volume.base_mb} * 1'000'000 + random_.below(900'000) + 512;
        plan.increment_bytes = std::uint64_t{volume.increment_kb} * 1'000;
        plan.monthlies = machine.monthlies;
        plan.keep_months = machine.keep_months;
        plan.stacked_names = machine.stacked_names;
        plan.base_minute = 12 * 60 + static_cast<int>(random_.below(50));
        const bool night_too = volume.habit == Habit::always || volume.habit == Habit::irregular;
        plan.first_minute = night_too ? 0 : volume.habit == Habit::daytime ? 6 * 60 : 8 * 60;
        plan.last_minute = night_too ? 24 * 60 : volume.habit == Habit::daytime ? 22 * 60 : 18 * 60;
        plan.interval_minutes = volume.interval_minutes;
        plan.weekends_off = volume.habit == Habit::weekdays;
        plan.partial_day = volume.habit == Habit::irregular ? 0.02 : 0.0;
        plan.night_off = volume.habit == Habit::irregular ? 0.01 : 0.0;
        Chain chain{std::string(machine.path), plan.volume, simulate(plan), {}};
        chain.there = at(chain.ever, options_.now);
        return chain;
    }

    Chain& chain(std::string_view path, std::string_view volume) {
        const auto found =
            std::find_if(chains_.begin(), chains_.end(), [&](const Chain& c) { return c.path == path && c.volume == volume; });
        if (found == chains_.end()) throw std::logic_error("no such volume in the demo");
        return *found;
    }

    Directory& directory(const std::string& path) {
        const auto [at, fresh] = index_.try_emplace(path, demo_.tree.directories.size());
        if (fresh) demo_.tree.directories.push_back({path, {}});
        return demo_.tree.directories[at->second];
    }

    void place(const std::string& path, const std::vector<TrueImage>& images) {
        auto& files = directory(path).files;
        for (const auto& image : images) {
            files.push_back(path.ends_with("/TILL-01") ? filled_image(image.entry, options_.seed) : image_file(image.entry));
            files.push_back(digest_of(image.entry, options_.seed));
            const bool fresh = image.created > options_.now - 2 * day_seconds;
            if (fresh && image.kind == Kind::incremental) files.push_back(bitmap_of(image.entry));
        }
        for (auto& file : files) file.written = std::min(file.written, options_.now);
    }

    void defect(const Chain& where, const char* code, std::string file) {
        demo_.tree.defects.push_back({where.path, where.volume, code, std::move(file)});
    }

    void second_base() {
        auto& old = chain("backups/Globex/EXCH01", "D_VOL");
        Plan plan;
        plan.seed = random_.next();
        plan.volume = old.volume;
        plan.base = 2;
        plan.calendar = options_.calendar;
        plan.first_day = today_ - 2;
        plan.days = 3;
        plan.first_minute = 0;
        plan.last_minute = 24 * 60;
        plan.base_minute = 9 * 60 + 14;
        plan.base_bytes = 981'000'221'184;
        plan.increment_bytes = 1'900'000'000;
        const auto newer = at(simulate(plan), options_.now);
        defect(old, "new_base", newer.front().entry.name);
        place(old.path, newer);
    }

    void lose(Chain& from, const char* code, std::size_t which) {
        defect(from, code, from.there[which].entry.name);
        from.there.erase(from.there.begin() + static_cast<std::ptrdiff_t>(which));
    }

    void lose_weekly() {
        auto& from = chain("backups/Acme/SRV-SQL", "D_VOL");
        if (const auto which = essential(from.there, Kind::weekly)) lose(from, "chain_doubtful", *which);
    }

    void lose_increment() {
        auto& from = chain("backups/Globex/APP02", "C_VOL");
        if (const auto which = late_link(from.there)) lose(from, "chain_broken", *which);
    }

    // An image that is there and does not hold what was written: demo_digests.cpp sees to that.
    void choose_damage() {
        const auto& from = chain("backups/Acme/TILL-01", "Journal_VOL");
        if (const auto which = late_link(from.there)) defect(from, "image_damaged", from.there[*which].entry.name);
        demo_.tree.verify_bytes = 60'000'000;
    }

    void choose_experiment() {
        const auto& from = chain("backups/Acme/SRV-FILES", "E_VOL");
        if (const auto which = essential(from.there, Kind::weekly))
            demo_.tree.worth_losing = from.path + "/" + from.there[*which].entry.name;
    }

    void add(const std::string& path, std::string name, std::uint64_t bytes, UnixTime written) {
        directory(path).files.push_back({std::move(name), {}, bytes, written, 0});
    }

    void beside_the_images() {
        defect(chain("backups/Acme/WS-RECEPTION", "C_VOL"), "volume_stale", {});
        defect(chain("backups/Globex/TS01", "C_VOL"), "old_base", "C_VOL-b001.spf");
        demo_.tree.defects.push_back({"backups/Acme/OLD-LAPTOP", {}, "unmanaged_folder", {}});
        lose_digest();
        const auto& web = chain("store/WEB01", "D_VOL");
        const std::string log = "D_VOL-b001bad.log";
        const auto& failed = web.there.back().entry;
        const std::string text = "Verification failed: " + failed.name + "\r\nThe digest differs from the one that was recorded.\r\n";
        directory(web.path).files.push_back({log, text, text.size(), std::min(failed.written + 900, options_.now), 0});
        defect(web, "bad_log", log);
        const auto days_ago = [&](int days) { return options_.now - days * day_seconds; };
        add("backups/Acme/SRV-DC01", "Thumbs.db", 21'504, days_ago(140));
        add("backups/Acme/SRV-DC01", "C_VOL-b001.png", 48'211, days_ago(6));
        add("backups/Acme/SRV-FILES", "desktop.ini", 282, days_ago(130));
        add("backups/Globex/FS01", "do not delete - offsite seed.txt", 311, days_ago(163));
        add("backups/Initech/SRV-ERP", "C_VOL-b001.spk", 1'024, days_ago(311));
        add("backups/Acme", "contacts.xlsx", 18'944, days_ago(75));
        add("store/HV01", "robocopy.log", 92'160, days_ago(33));
    }

    // The second newest daily's; the newest may be from minutes ago.
    void lose_digest() {
        const auto& from = chain("backups/Globex/FS01", "C_VOL");
        std::vector<const TrueImage*> dailies;
        for (const auto& image : from.there) {
            if (image.kind == Kind::daily) dailies.push_back(&image);
        }
        const auto name = digest_of(dailies.at(dailies.size() - 2)->entry, options_.seed).name;
        std::erase_if(directory(from.path).files, [&](const File& file) { return file.name == name; });
        defect(from, "md5_missing", name);
    }

    // Where ImageManager moves what it has consolidated, if told so: dailies and weeklies of the last six weeks.
    void incrementals() {
        const auto& from = chain("backups/Acme/SRV-FILES", "E_VOL");
        std::vector<TrueImage> moved;
        for (const auto& image : from.ever) {
            const bool kept = image.kind == Kind::daily || image.kind == Kind::weekly;
            if (kept && image.deleted <= options_.now && image.deleted > options_.now - 42 * day_seconds) moved.push_back(image);
        }
        place(from.path + "/Incrementals", moved);
    }

    void replica() {
        for (const char* volume : {"C_VOL", "D_VOL"}) {
            std::vector<TrueImage> copied;
            for (const auto& image : chain("backups/Globex/FS01", volume).ever) {
                const bool wanted = image.kind == Kind::full || image.kind == Kind::daily;
                if (wanted && image.created <= options_.now) copied.push_back(image);
            }
            place("replica/Globex/FS01", copied);
        }
    }

    void store_root() {
        Plan plan;
        plan.seed = random_.next();
        plan.calendar = options_.calendar;
        plan.first_day = today_ - 1;
        plan.days = 1;
        plan.base_minute = 8 * 60;
        plan.last_minute = 14 * 60;
        plan.base_bytes = 44'000'118'272;
        auto images = simulate(plan);
        std::erase_if(images, [](const TrueImage& image) { return image.kind != Kind::full && image.kind != Kind::incremental; });
        place("store", images);
        demo_.tree.defects.push_back({"store", {}, "images_in_store_root", "C_VOL-b001.spf"});
    }

    // What ImageManager made of all chains, as it tells it in its log and its events.
    void manager() {
        std::vector<Deed> deeds;
        for (const auto& chain : chains_) {
            for (const auto& image : chain.ever) {
                if (image.kind >= Kind::daily) deeds.push_back({chain.path, image.entry.name, image.created});
            }
        }
        for (auto& made : manager_files(std::move(deeds), options_.calendar, options_.now)) {
            auto& files = directory(made.path).files;
            files.insert(files.end(), made.files.begin(), made.files.end());
        }
        demo_.tree.manager_drive = manager_drive;
    }

    void manage() {
        auto& tree = demo_.tree;
        for (const auto& machine : demo_machines()) {
            const std::string path(machine.path);
            const bool in_store = path.starts_with("store/");
            const bool unmanaged = path.ends_with("/OLD-LAPTOP");
            if (!in_store && !unmanaged) tree.folders.push_back({path, "normal", std::string(machine.customer), "primary"});
        }
        tree.folders.push_back({"store", "backup_store", "Initech", "primary"});
        tree.folders.push_back({"replica/Globex/FS01", "normal", "Globex", "replica"});
        tree.discovery_roots = {"backups"};
        tree.path_template = "{root}/{customer}/{machine}";
    }

    void summarise() {
        struct Sum {
            int machines = 0;
            std::size_t volumes = 0, images = 0;
            std::uint64_t bytes = 0;
        };
        std::map<std::string_view, Sum> sums;
        for (const auto& machine : demo_machines()) {
            auto& sum = sums[machine.customer];
            ++sum.machines;
            sum.volumes += machine.volumes.size();
            for (const auto& one : chains_) {
                if (one.path != machine.path) continue;
                sum.images += one.there.size();
                for (const auto& image : one.there) sum.bytes += image.entry.bytes;
            }
        }
        for (const auto& [customer, sum] : sums) {
            char text[160];
            const int length =
                std::snprintf(text, sizeof text, "%-8s %2d machines, %2zu volumes, %5zu images, %5.1f TB", std::string(customer).c_str(),
                              sum.machines, sum.volumes, sum.images, static_cast<double>(sum.bytes) / 1e12);
            demo_.summary.emplace_back(text, static_cast<std::size_t>(length));
        }
    }

    const DemoOptions& options_;
    Random random_;
    spchain::DayNumber today_;
    std::vector<Chain> chains_;
    std::map<std::string, std::size_t> index_;
    Demo demo_;
};

}  // namespace

Demo make_demo(const DemoOptions& options) {
    return Builder(options).run();
}

}  // namespace generator
