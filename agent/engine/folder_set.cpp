#include "agent/engine/folder_set.hpp"

#include "agent/config/path_style.hpp"
#include "agent/engine/rules.hpp"
#include "agent/scan/listing.hpp"
#include "agent/scan/path_template.hpp"

namespace imc::engine {
namespace {

std::string first_of(const std::string& a, const std::string& b) {
    return a.empty() ? b : a;
}

class Merger {
public:
    explicit Merger(const config::Config& config) : config_(config) {}

    const FolderSpec& add(FolderSpec spec) {
        spec.path = scan::normalise(spec.path);
        spec.id = store::folder_id(spec.path);
        const Owner owner = owner_of(spec.path, config_);
        spec.customer = first_of(spec.customer, owner.customer);
        spec.machine = first_of(spec.machine, owner.machine);
        // Windows takes two spellings for one folder; the one that came first names it.
        const auto key = config::comparable(spec.path, config::native_path_style());
        return by_path_.try_emplace(key, std::move(spec)).first->second;
    }

    [[nodiscard]] const FolderSpec* store_at(const std::string& path) const {
        const auto found = by_path_.find(config::comparable(path, config::native_path_style()));
        return found != by_path_.end() && found->second.type == "backup_store" ? &found->second : nullptr;
    }

    std::vector<FolderSpec> take() {
        std::vector<FolderSpec> all;
        for (auto& [path, spec] : by_path_) all.push_back(std::move(spec));
        return all;
    }

    [[nodiscard]] std::vector<FolderSpec> stores() const {
        std::vector<FolderSpec> found;
        for (const auto& [path, spec] : by_path_) {
            if (spec.type == "backup_store") found.push_back(spec);
        }
        return found;
    }

private:
    const config::Config& config_;
    std::map<std::string, FolderSpec> by_path_;  // as comparable() has it
};

FolderSpec configured(const config::ManagedFolder& folder, const config::Config& config) {
    FolderSpec spec;
    spec.retention = retention_of(config, folder);
    spec.path = folder.path;
    spec.type = folder.type;
    spec.customer = folder.customer;
    spec.machine = folder.machine;
    spec.profile = folder.profile;
    spec.source = "configuration";
    return spec;
}

FolderSpec adopted_folder(const store::AdoptedFolder& folder, const config::Config& config) {
    FolderSpec spec;
    spec.retention = retention_of(config);
    spec.path = folder.path;
    spec.type = folder.type;
    spec.customer = folder.customer;
    spec.machine = folder.machine;
    spec.profile = "primary";
    spec.source = folder.automatic ? "auto_adopted" : "adopted";
    return spec;
}

FolderSpec child_of(const FolderSpec& parent, const std::string& path) {
    FolderSpec spec;
    spec.path = path;
    spec.type = "normal";
    spec.customer = parent.customer;
    spec.profile = parent.profile;
    spec.machine = scan::last_component(path);
    spec.source = "backup_store";
    spec.parent_id = parent.id;
    spec.retention = parent.retention;
    return spec;
}

FolderSpec recorded_folder(const RecordedFolder& folder, const FolderSpec* parent, const config::Config& config) {
    FolderSpec spec;
    if (parent != nullptr) {
        spec = child_of(*parent, folder.path);
    } else {
        spec.path = folder.path;
        spec.profile = "primary";
        spec.retention = retention_of(config);
    }
    spec.type = folder.type;
    spec.source = "imagemanager";
    return spec;
}

}  // namespace

Owner owner_of(const std::string& path, const config::Config& config) {
    Owner owner;
    owner.machine = scan::last_component(path);
    std::string why;
    const auto pattern = scan::PathTemplate::compile(config.path_template, why);
    if (!pattern) return owner;
    const auto captured = pattern->match(path, config.roots);
    if (!captured) return owner;
    owner.matched = true;
    if (const auto customer = captured->find("customer"); customer != captured->end()) owner.customer = customer->second;
    if (const auto machine = captured->find("machine"); machine != captured->end()) owner.machine = machine->second;
    return owner;
}

std::vector<FolderSpec> watched_folders(const config::Config& config, const std::vector<store::AdoptedFolder>& adopted,
                                        const StoreChildren& children, const RecordsView& recorded,
                                        const std::vector<store::FolderRecord>& remembered) {
    Merger merger(config);
    for (const auto& folder : config.folders) merger.add(configured(folder, config));
    for (const auto& folder : adopted) merger.add(adopted_folder(folder, config));
    // Stores first: what lies in them has its owner and profile from them.
    for (const bool stores : {true, false}) {
        for (const auto& [id, folder] : recorded.folders) {
            if ((folder.type == "backup_store") != stores) continue;
            merger.add(recorded_folder(folder, merger.store_at(scan::parent(folder.path)), config));
        }
        for (const auto& folder : remembered) {
            if ((folder.type == "backup_store") != stores) continue;
            RecordedFolder known;
            known.path = folder.path;
            known.type = folder.type;
            merger.add(recorded_folder(known, merger.store_at(scan::parent(folder.path)), config));
        }
    }
    for (const FolderSpec& parent : merger.stores()) {
        const auto known = children.find(parent.id);
        if (known == children.end()) continue;
        for (const std::string& path : known->second) merger.add(child_of(parent, path));
    }
    return merger.take();
}

}  // namespace imc::engine
