#include "agent/imagemanager/database_copy.hpp"

#include "tests/agent/scan/temporary.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

using namespace imc::imagemanager;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t now = 1'790'000'000;

struct Place {
    imc::test::Temporary home;
    std::string original = home.path("im/ImageManager.mdb");
    CopyPlaces places{home.path("data")};

    Place() {
        home.directory("im");
        home.directory("data");
    }
    void use(const std::string& golden) const {
        fs::copy_file(std::string(IMC_GOLDEN) + "/imagemanager-mdb/" + golden, original, fs::copy_options::overwrite_existing);
    }
    void damage() const { fs::resize_file(original, fs::file_size(original) / 2); }
    [[nodiscard]] auto renew(const CopiedState* last, Look look = Look::when_touched, std::int64_t at = now) const {
        return renew_copy(places, original, last, look, at, {});
    }
};

}  // namespace

TEST_CASE("a database is read from a copy, and nothing appears beside the original") {
    const Place place;
    place.use("imagemanager-small.mdb");
    fs::permissions(place.original, fs::perms::owner_read);
    const auto state = place.renew(nullptr);
    REQUIRE(state.has_value());
    CHECK(state->records->folders.size() == 4);
    CHECK(state->read_at == now);
    CHECK(state->not_kept.empty());
    CHECK(fs::exists(place.places.database));
    CHECK_FALSE(fs::exists(place.places.fresh));
    CHECK(std::distance(fs::directory_iterator(place.home.path("im")), {}) == 1);
}

TEST_CASE("what was not touched is not read again, and what has the same bytes is no news") {
    const Place place;
    place.use("imagemanager-small.mdb");
    const auto first = place.renew(nullptr);
    REQUIRE(first.has_value());
    const auto again = place.renew(&*first, Look::when_touched, now + 60);
    REQUIRE(again.has_value());
    CHECK(again->records == first->records);
    fs::last_write_time(place.original, fs::last_write_time(place.original) + std::chrono::hours(1));
    const auto touched = place.renew(&*first, Look::when_touched, now + 120);
    REQUIRE(touched.has_value());
    CHECK(touched->records == first->records);
    CHECK(touched->read_at == now);
    CHECK(touched->written == first->written + 3600);
    CHECK_FALSE(fs::exists(place.places.fresh));
}

TEST_CASE("a change is noticed even where size and time stand still") {
    const Place place;
    place.use("imagemanager-small.mdb");
    // Whole seconds: not every system sets a time back as finely as it tells it.
    const auto time = std::chrono::floor<std::chrono::seconds>(fs::last_write_time(place.original));
    fs::last_write_time(place.original, time);
    const auto first = place.renew(nullptr);
    REQUIRE(first.has_value());
    std::fstream file(place.original, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(4000);  // in the first page, behind what it says
    file.put('x');
    file.close();
    fs::last_write_time(place.original, time);
    CHECK(place.renew(&*first)->records == first->records);
    const auto looked = place.renew(&*first, Look::in_any_case, now + 3600);
    REQUIRE(looked.has_value());
    CHECK(looked->read_at == now + 3600);
    CHECK(looked->digest != first->digest);
}

TEST_CASE("the last good state is kept when the database cannot be read, and outlives the process") {
    const Place place;
    place.use("imagemanager-small.mdb");
    const auto first = place.renew(nullptr);
    REQUIRE(first.has_value());
    place.damage();
    const auto damaged = place.renew(&*first, Look::when_touched, now + 60);
    REQUIRE_FALSE(damaged.has_value());
    CHECK(damaged.error().find(place.original) != std::string::npos);
    CHECK_FALSE(fs::exists(place.places.fresh));
    fs::remove(place.original);
    CHECK_FALSE(place.renew(&*first).has_value());
    const auto later = last_copy(place.places, place.original);
    REQUIRE(later.has_value());
    CHECK(later->records->folders == first->records->folders);
    CHECK(later->read_at == now);
    CHECK(later->stamp == first->stamp);
    place.use("imagemanager-unicode.mdb");
    const auto back = place.renew(&*later, Look::when_touched, now + 120);
    REQUIRE(back.has_value());
    CHECK(back->records->folders != first->records->folders);
}

TEST_CASE("a copy of another database, or a damaged one, is no last state") {
    const Place place;
    place.use("imagemanager-small.mdb");
    REQUIRE(place.renew(nullptr).has_value());
    CHECK_FALSE(last_copy(place.places, place.home.path("other.mdb")).has_value());
    std::ofstream(place.places.state) << R"({"original":7})";
    CHECK_FALSE(last_copy(place.places, place.original).has_value());
    std::ofstream(place.places.state) << "[";
    CHECK_FALSE(last_copy(place.places, place.original).has_value());
}

TEST_CASE("a reading that is to stop leaves the last state as it was") {
    const Place place;
    place.use("imagemanager-small.mdb");
    std::stop_source stop;
    stop.request_stop();
    CHECK_FALSE(renew_copy(place.places, place.original, nullptr, Look::when_touched, now, stop.get_token()).has_value());
    CHECK_FALSE(fs::exists(place.places.database));
}
