#include "agent/verify/image_check.hpp"

#include "tests/agent/scan/temporary.hpp"

#include <catch2/catch.hpp>
#include <fstream>

using imc::store::CheckResult;
using imc::verify::ImageCheck;

namespace {

constexpr const char* of_message_digest = "f96b697d7cb7938d525a2f31aaf161d0";

struct Folder : imc::test::Temporary {
    void write(const std::string& name, const std::string& bytes) const { std::ofstream(path(name), std::ios::binary) << bytes; }
};

CheckResult result_of(const Folder& folder, const std::string& image) {
    ImageCheck check(folder.path(), image);
    REQUIRE(check.advance(UINT64_MAX, {}));
    return check.result();
}

}  // namespace

TEST_CASE("an image agrees with its sidecar or does not") {
    const Folder folder;
    folder.write("C_VOL-b001.spf", "message digest");
    folder.write("C_VOL-b001.md5", std::string(of_message_digest) + " *C_VOL-b001.spf\r\n");
    CHECK(result_of(folder, "C_VOL-b001.spf") == CheckResult::good);
    folder.write("C_VOL-b001.spf", "message_digest");
    ImageCheck check(folder.path(), "C_VOL-b001.spf");
    REQUIRE(check.advance(1, {}));
    CHECK(check.result() == CheckResult::mismatch);
    CHECK(check.expected() == of_message_digest);
    CHECK(check.digest().size() == 32);
}

TEST_CASE("without a usable sidecar nothing is read") {
    const Folder folder;
    folder.write("C_VOL-b001.spf", "message digest");
    ImageCheck check(folder.path(), "C_VOL-b001.spf");
    REQUIRE(check.advance(UINT64_MAX, {}));
    CHECK(check.result() == CheckResult::no_sidecar);
    CHECK(check.done() == 0);
    folder.write("C_VOL-b001.md5", "nothing of use");
    CHECK(result_of(folder, "C_VOL-b001.spf") == CheckResult::no_entry);
    folder.write("C_VOL-b001.md5", std::string(of_message_digest) + " *D_VOL-b001.spf\r\n");
    CHECK(result_of(folder, "C_VOL-b001.spf") == CheckResult::no_entry);
}

TEST_CASE("an image is read in pieces, and one that is written between two pieces has no result") {
    const Folder folder;
    const std::string bytes(3U << 20U, 'x');
    folder.write("C_VOL-b001.spf", bytes);
    folder.write("C_VOL-b001.md5", "00000000000000000000000000000000 *C_VOL-b001.spf\n");
    ImageCheck whole(folder.path(), "C_VOL-b001.spf");
    int pieces = 1;
    while (!whole.advance(1, {})) ++pieces;
    CHECK(pieces >= 3);
    CHECK(whole.done() == bytes.size());
    CHECK(whole.result() == CheckResult::mismatch);

    ImageCheck torn(folder.path(), "C_VOL-b001.spf");
    REQUIRE_FALSE(torn.advance(1, {}));
    folder.write("C_VOL-b001.spf", bytes + "more");
    REQUIRE(torn.advance(1, {}));
    CHECK(torn.result() == CheckResult::changed);
}

TEST_CASE("a stop leaves the check as it is, and an image that is gone cannot be read") {
    const Folder folder;
    folder.write("C_VOL-b001.spf", "message digest");
    folder.write("C_VOL-b001.md5", std::string(of_message_digest) + " *C_VOL-b001.spf\n");
    ImageCheck check(folder.path(), "C_VOL-b001.spf");
    std::stop_source stop;
    stop.request_stop();
    CHECK_FALSE(check.advance(UINT64_MAX, stop.get_token()));
    REQUIRE(check.advance(UINT64_MAX, {}));
    CHECK(check.result() == CheckResult::good);
    std::filesystem::remove(folder.path("C_VOL-b001.spf"));
    CHECK(result_of(folder, "C_VOL-b001.spf") == CheckResult::unreadable);
}
