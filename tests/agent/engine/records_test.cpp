#include "agent/config/path_style.hpp"
#include "agent/engine/difference_memory.hpp"
#include "agent/engine/folder_set.hpp"
#include "agent/engine/records_text.hpp"
#include "agent/scan/listing.hpp"
#include "tests/support/local_paths.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace imc::engine;
using imc::imagemanager::Records;
using imc::imagemanager::WatchedFolder;

namespace {

std::string at(const std::string& path) {
    return imc::scan::normalise(support::local(path));
}

imc::config::Config config() {
    imc::config::Config c;
    c.imagemanager_map = {{R"(Q:\Backups)", at("/srv/backups")}};
    c.roots = {at("/srv/backups")};
    c.path_template = "{root}/{customer}/{machine}";
    return c;
}

WatchedFolder watched(std::int64_t index, const std::string& path, bool live = true) {
    WatchedFolder folder;
    folder.index = index;
    folder.path = path;
    folder.live = live;
    folder.files.emplace();
    return folder;
}

RecordsView view_of(std::vector<WatchedFolder> folders) {
    auto records = std::make_shared<Records>();
    records->folders = std::move(folders);
    return records_view(records, config());
}

const FolderSpec* find(const std::vector<FolderSpec>& specs, const std::string& path) {
    for (const auto& spec : specs) {
        if (spec.path == path) return &spec;
    }
    return nullptr;
}

}  // namespace

TEST_CASE("folders of the records are those that are live and have a path here") {
    const auto view = view_of({watched(1, R"(Q:\Backups\Acme\SRV1)"), watched(2, R"(Q:\Backups\Acme\OLD)", false),
                               watched(3, "ftp://nowhere/x"), watched(4, R"(q:\backups\Acme\SRV1)")});
    REQUIRE(view.folders.size() >= 1);
    CHECK(view.find(imc::store::folder_id(at("/srv/backups/Acme/SRV1"))) != nullptr);
    CHECK(view.left_behind == std::vector<std::string>{R"(Q:\Backups\Acme\OLD)"});
    CHECK(view.not_mapped == std::vector<std::string>{"ftp://nowhere/x"});
}

TEST_CASE("a folder that others lie directly below is a store, and its children are its children") {
    const auto view =
        view_of({watched(1, R"(Q:\Backups\Store)"), watched(2, R"(Q:\Backups\Store\WEB01)"), watched(3, R"(Q:\Backups\Acme\SRV1)")});
    const auto specs = watched_folders(config(), {}, {}, view);
    const auto* store = find(specs, at("/srv/backups/Store"));
    const auto* child = find(specs, at("/srv/backups/Store/WEB01"));
    const auto* plain = find(specs, at("/srv/backups/Acme/SRV1"));
    REQUIRE((store != nullptr && child != nullptr && plain != nullptr));
    CHECK(store->type == "backup_store");
    CHECK(child->parent_id == store->id);
    CHECK(child->type == "normal");
    CHECK(plain->parent_id.empty());
    CHECK(plain->customer == "Acme");
    for (const auto* spec : {store, child, plain}) CHECK(spec->source == "imagemanager");
}

TEST_CASE("the configuration wins over the records, and the records over what a store holds") {
    auto with = config();
    imc::config::ManagedFolder configured;
    configured.path = at("/srv/backups/Acme/SRV1");
    configured.customer = "Acme Inc";
    imc::config::ManagedFolder store;
    store.path = at("/srv/backups/Store");
    store.type = "backup_store";
    store.customer = "Globex";
    store.profile = "replica";
    with.folders = {configured, store};
    const auto view = view_of({watched(1, R"(Q:\Backups\Acme\SRV1)"), watched(2, R"(Q:\Backups\Store\WEB01)")});
    const StoreChildren children = {
        {imc::store::folder_id(at("/srv/backups/Store")), {at("/srv/backups/Store/WEB01"), at("/srv/backups/Store/WEB02")}}};
    const auto specs = watched_folders(with, {}, children, view);
    CHECK(specs.size() == 4);
    CHECK(find(specs, at("/srv/backups/Acme/SRV1"))->source == "configuration");
    CHECK(find(specs, at("/srv/backups/Acme/SRV1"))->customer == "Acme Inc");
    const auto* child = find(specs, at("/srv/backups/Store/WEB01"));
    CHECK(child->source == "imagemanager");
    CHECK(child->customer == "Globex");
    CHECK(child->profile == "replica");
    CHECK(find(specs, at("/srv/backups/Store/WEB02"))->source == "backup_store");
}

TEST_CASE("lost consolidations are remembered for an analysis, but not what is young or remembered already") {
    auto folder = watched(1, R"(Q:\Backups\Acme\SRV1)");
    for (const auto& [name, created] :
         {std::pair{"C_VOL-b001-i024-cd.spi", 1000}, {"C_VOL-b001-i048-cd.spi", 5000}, {"C_VOL-b001-i072-cd.spi", 1000}}) {
        imc::imagemanager::ImageFile file;
        file.name = name;
        file.created = created;
        folder.files->push_back(file);
    }
    const auto view = view_of({folder});
    const auto id = imc::store::folder_id(at("/srv/backups/Acme/SRV1"));
    spchain::Memory known;
    known.name = "C_VOL-b001-i024-cd.spi";
    std::vector<spchain::Memory> memory = {known};
    const std::vector<spchain::Entry> entries = {{"C_VOL-b001.spf", 1, 1}};
    view.remember_lost(memory, id, entries, 3600, 6000);
    REQUIRE(memory.size() == 2);
    CHECK_FALSE(memory[0].recorded);
    CHECK(memory[1].name == "C_VOL-b001-i072-cd.spi");
    CHECK(memory[1].recorded);
    view.remember_lost(memory, "fld_other", entries, 0, 6000);
    CHECK(memory.size() == 2);
}

TEST_CASE("a difference is told after it has lasted, and begins anew after it was gone") {
    DifferenceMemory memory;
    imc::imagemanager::Comparison found;
    found.gone = {{"a", 1, 0, 0}};
    CHECK(memory.lasting("f", found, 1000, 600).gone.empty());
    CHECK(memory.lasting("f", found, 1599, 600).gone.empty());
    CHECK(memory.lasting("f", found, 1600, 600).gone.size() == 1);
    CHECK(memory.lasting("f", {}, 1700, 600).gone.empty());
    CHECK(memory.lasting("f", found, 1800, 600).gone.empty());
    CHECK(memory.lasting("f", found, 1800, 0).gone.size() == 1);
    memory.keep({});
    CHECK(memory.lasting("f", found, 9000, 600).gone.empty());
}

TEST_CASE("an image that ImageManager does not know is told when its nightly processing has passed it by") {
    DifferenceMemory memory;
    imc::imagemanager::Comparison found;
    found.unknown = {{"a", 0, 1, 100'000}, {"b", 0, 1, 0}};
    CHECK(memory.lasting("f", found, 110'000, 0).unknown.size() == 1);
    CHECK(memory.lasting("f", found, 100'000 + 26 * 3600, 0).unknown.size() == 2);
}

TEST_CASE("what was told before a restart is told at once") {
    DifferenceMemory memory;
    imc::imagemanager::Comparison found;
    found.gone = {{"a", 1, 0, 0}};
    found.unknown = {{"b", 0, 1, 0}};
    memory.told_before("f", "records_gone");
    const auto first = memory.lasting("f", found, 1000, 600);
    CHECK(first.gone.size() == 1);
    CHECK(first.unknown.empty());
    memory.first_round_done();
    CHECK(memory.lasting("f", found, 1001, 600).gone.size() == 1);
}

TEST_CASE("a folder's records in the API have its own part of each target only") {
    auto folder = watched(1, R"(Q:\Backups\Acme\SRV1)");
    imc::imagemanager::ImageSet set;
    set.set_guid = "{AB}";
    set.base_name = "C_VOL-b001";
    folder.sets = {set};
    const auto view = view_of({folder});
    const auto& recorded = view.folders.begin()->second;
    imc::imagemanager::TargetFacts facts;
    facts.target.type = imc::imagemanager::TargetType::headstart;
    facts.target.queued = 9;
    facts.target.sets = {{"{ab}", 2, 30, 500, 4, 900, "C_VOL-b001-i012.spi"}, {"{cd}", 7, 70, 100, 0, {}, {}}};
    facts.folder_ids = view.folders_of(facts.target);
    CHECK(facts.folder_ids == std::vector<std::string>{recorded.id});
    const auto text = nlohmann::json::parse(folder_records_text(recorded, {}, {facts}));
    const auto& target = text["targets"][0];
    CHECK(target["queued"] == 2);
    CHECK(target["queued_bytes"] == 30);
    CHECK(target["last_sent_point"] == "b001-i012");
    CHECK(text["gone"].is_null());
    CHECK(nlohmann::json::parse(volume_records_text(recorded, {}, "c_vol"))["sets"].size() == 1);
    CHECK(volume_records_text(recorded, {}, "D_VOL").empty());
}

TEST_CASE("folders that records named earlier are watched as before while the records are not known") {
    const auto known =
        view_of({watched(1, R"(Q:\Backups\Store)"), watched(2, R"(Q:\Backups\Store\WEB01)"), watched(3, R"(Q:\Backups\Acme\SRV1)")});
    const auto before = watched_folders(config(), {}, {}, known);
    std::vector<imc::store::FolderRecord> remembered;
    for (const auto& spec : before) {
        imc::store::FolderRecord record;
        record.id = spec.id;
        record.path = spec.path;
        record.type = spec.type;
        record.source = spec.source;
        remembered.push_back(record);
    }
    CHECK(watched_folders(config(), {}, {}, {}, remembered) == before);
    // What is configured meanwhile wins, and what lies in a remembered store has its owner from it.
    auto with = config();
    imc::config::ManagedFolder configured;
    configured.path = at("/srv/backups/Acme/SRV1");
    with.folders = {configured};
    const StoreChildren children = {{imc::store::folder_id(at("/srv/backups/Store")), {at("/srv/backups/Store/WEB02")}}};
    const auto specs = watched_folders(with, {}, children, {}, remembered);
    CHECK(specs.size() == 4);
    CHECK(find(specs, at("/srv/backups/Acme/SRV1"))->source == "configuration");
    CHECK(find(specs, at("/srv/backups/Store/WEB02"))->parent_id == imc::store::folder_id(at("/srv/backups/Store")));
}
