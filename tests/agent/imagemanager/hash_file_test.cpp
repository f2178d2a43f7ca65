#include "agent/imagemanager/hash_file.hpp"

#include "agent/host/files.hpp"
#include "agent/imagemanager/errors.hpp"
#include "tests/agent/scan/temporary.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

using namespace imc::imagemanager;
using imc::test::Temporary;
using namespace std::chrono_literals;

namespace {

class Image {
public:
    explicit Image(const std::string& bytes) { std::ofstream(path(), std::ios::binary) << bytes; }
    [[nodiscard]] std::string path() const { return folder_.path("C_VOL-b001.spf"); }

private:
    Temporary folder_;
};

std::string digest_of(const Image& image, const HashOptions& options = {}) {
    const auto hashed = hash_file(image.path(), options, {}, {});
    REQUIRE(hashed.has_value());
    return to_text(hashed->digest);
}

}  // namespace

TEST_CASE("The digest is MD5 as RFC 1321 has it") {
    CHECK(digest_of(Image("")) == "d41d8cd98f00b204e9800998ecf8427e");
    CHECK(digest_of(Image("message digest")) == "f96b697d7cb7938d525a2f31aaf161d0");
    CHECK(digest_of(Image("The quick brown fox jumps over the lazy dog")) == "9e107d9d372bb6826bd81d3542a419d6");
}

TEST_CASE("Chunks change nothing, and every byte is told to the progress") {
    const Image image(std::string(1'000'000, 'a'));  // FIPS 180's message of a million letters, whose MD5 is well known
    HashOptions options;
    options.chunk = GENERATE(1, 4096, 1'000'000, 1 << 20);
    std::uint64_t last = 0;
    bool rising = true;
    const auto hashed = hash_file(image.path(), options, {}, [&](std::uint64_t done, std::uint64_t total) {
        rising = rising && done >= last && done <= total && total == 1'000'000;
        last = done;
    });
    REQUIRE(hashed.has_value());
    CHECK(to_text(hashed->digest) == "7707d6ae4e027c70eea2a935c2296f21");
    CHECK(hashed->bytes == 1'000'000);
    CHECK(rising);
    CHECK(last == 1'000'000);
}

TEST_CASE("A file that is written meanwhile has no digest") {
    const Image image(std::string(100'000, 'a'));
    HashOptions options;
    options.chunk = 4096;
    bool written = false;
    const auto change = [&](std::uint64_t, std::uint64_t) {
        if (written) return;
        written = true;
        SECTION("it grows") {
            std::ofstream(image.path(), std::ios::app) << "more";
        }
        SECTION("it shrinks") {
            std::filesystem::resize_file(image.path(), 50'000);
        }
        SECTION("its time moves") {
            std::filesystem::last_write_time(image.path(), std::filesystem::last_write_time(image.path()) + 10s);
        }
    };
    const auto hashed = hash_file(image.path(), options, {}, change);
    REQUIRE(hashed.has_error());
    CHECK(hashed.error() == make_error_code(errc::changed));
}

TEST_CASE("Hashing stops when asked, also while it waits for its rate") {
    const Image image(std::string(100'000, 'a'));
    HashOptions options;
    options.chunk = 4096;
    options.bytes_per_second = GENERATE(std::uint64_t{0}, std::uint64_t{1});
    std::stop_source source;
    const auto hashed = hash_file(image.path(), options, source.get_token(), [&](std::uint64_t, std::uint64_t) { source.request_stop(); });
    REQUIRE(hashed.has_error());
    CHECK(hashed.error() == make_error_code(errc::cancelled));
}

TEST_CASE("A rate is kept on the average since the beginning") {
    CHECK(pause_for(1'000'000, 0s, 0) == 0ns);
    CHECK(pause_for(1'000'000, 0s, 1'000'000) == 1s);
    CHECK(pause_for(1'000'000, 250ms, 1'000'000) == 750ms);
    CHECK(pause_for(1'000'000, 2s, 1'000'000) == 0ns);
    CHECK(pause_for(0, 0s, 1) == 0ns);
    CHECK(pause_for(UINT64_MAX, 0s, 1) == 1h);
}

TEST_CASE("A throttled file has the same digest") {
    HashOptions options;
    options.chunk = 4096;
    options.bytes_per_second = 10'000'000;
    CHECK(digest_of(Image(std::string(100'000, 'a')), options) == digest_of(Image(std::string(100'000, 'a'))));
}

TEST_CASE("Others may rename and remove a file that is hashed") {
    const Image image(std::string(100'000, 'a'));
    HashOptions options;
    options.chunk = 4096;
    bool done = false;
    const auto hashed = hash_file(image.path(), options, {}, [&](std::uint64_t, std::uint64_t) {
        if (done) return;
        done = true;
        std::filesystem::rename(image.path(), image.path() + ".old");
        std::filesystem::remove(image.path() + ".old");
    });
    REQUIRE(hashed.has_value());
    CHECK(hashed->bytes == 100'000);
}

TEST_CASE("What is no file has no digest") {
    const Temporary folder;
    CHECK(hash_file(folder.path("none.spf"), {}, {}, {}).has_error());
    CHECK(hash_file(folder.path(), {}, {}, {}).has_error());
}
