#include "agent/engine/folder_set.hpp"

#include "agent/config/path_style.hpp"
#include "agent/scan/listing.hpp"
#include "tests/support/local_paths.hpp"

#include <catch2/catch.hpp>

using imc::engine::FolderSpec;
using imc::engine::watched_folders;

namespace {

// As the platform writes an absolute path.
std::string at(const std::string& path) {
    return imc::scan::normalise(support::local(path));
}

imc::config::Config config() {
    imc::config::Config c;
    c.roots = {at("/srv/backups")};
    c.path_template = "{root}/{customer}/{machine}";
    imc::config::ManagedFolder plain;
    plain.path = at("/srv/backups/Acme/SRV01");
    imc::config::ManagedFolder store;
    store.path = at("/srv/store");
    store.type = "backup_store";
    store.customer = "Globex";
    c.folders = {plain, store};
    return c;
}

const FolderSpec* find(const std::vector<FolderSpec>& specs, const std::string& path) {
    for (const auto& spec : specs) {
        if (spec.path == path) return &spec;
    }
    return nullptr;
}

}  // namespace

TEST_CASE("customer and machine come from the path template where nobody gave them") {
    const auto specs = watched_folders(config(), {}, {});
    const auto* spec = find(specs, at("/srv/backups/Acme/SRV01"));
    REQUIRE(spec != nullptr);
    CHECK(spec->customer == "Acme");
    CHECK(spec->machine == "SRV01");
    CHECK(spec->source == "configuration");
    CHECK(spec->id == imc::store::folder_id(at("/srv/backups/Acme/SRV01")));
}

TEST_CASE("each path is watched once, and the configuration wins") {
    imc::store::AdoptedFolder same{at("/srv/backups/Acme/SRV01") + "/", "normal", "Other", "", false, 1};
    imc::store::AdoptedFolder found{at("/srv/backups/Acme/NEW"), "normal", "", "", true, 1};
    const auto specs = watched_folders(config(), {same, found}, {});
    CHECK(specs.size() == 3);
    CHECK(find(specs, at("/srv/backups/Acme/SRV01"))->customer == "Acme");
    CHECK(find(specs, at("/srv/backups/Acme/NEW"))->source == "auto_adopted");
}

TEST_CASE("two spellings of a path are one folder where the platform takes them for one") {
    imc::store::AdoptedFolder same{at("/srv/backups/ACME/srv01"), "normal", "Other", "", false, 1};
    const bool one = imc::config::native_path_style() == imc::config::PathStyle::windows;
    const auto specs = watched_folders(config(), {same}, {});
    CHECK(specs.size() == (one ? 2 : 3));
    CHECK(find(specs, at("/srv/backups/Acme/SRV01"))->source == "configuration");
}

TEST_CASE("children of a backup store inherit its customer and know their parent") {
    const auto store = imc::store::folder_id(at("/srv/store"));
    const auto specs = watched_folders(config(), {}, {{store, {at("/srv/store/WEB01")}}, {"fld_gone", {at("/elsewhere")}}});
    const auto* child = find(specs, at("/srv/store/WEB01"));
    REQUIRE(child != nullptr);
    CHECK(child->customer == "Globex");
    CHECK(child->machine == "WEB01");
    CHECK(child->parent_id == store);
    CHECK(find(specs, at("/elsewhere")) == nullptr);
}

TEST_CASE("the expected retention is the folder's own, else everybody's, and children of a store take it over") {
    auto all = config();
    all.intra_daily_days = 14;
    all.folders[1].monthly_months = 0;
    const auto store = imc::store::folder_id(at("/srv/store"));
    imc::store::AdoptedFolder adopted{at("/srv/backups/Acme/NEW"), "normal", "", "", true, 1};
    const auto specs = watched_folders(all, {adopted}, {{store, {at("/srv/store/WEB01")}}});
    CHECK(find(specs, at("/srv/backups/Acme/SRV01"))->retention == spchain::Retention{14, 15, 90, 12});
    CHECK(find(specs, at("/srv/backups/Acme/NEW"))->retention == spchain::Retention{14, 15, 90, 12});
    CHECK(find(specs, at("/srv/store/WEB01"))->retention == spchain::Retention{14, 15, 90, 0});
}
