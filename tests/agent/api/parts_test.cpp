// The parts under the resources: cache, tags, compression, cursors, metrics, and what is made once.
#include "agent/api/cache.hpp"
#include "agent/api/collection.hpp"
#include "agent/api/gzip.hpp"
#include "agent/api/metrics.hpp"
#include "agent/api/tag.hpp"
#include "fixed_backend.hpp"

#include <catch2/catch.hpp>
#include <zlib.h>

using namespace imc;
using fixed::ask;

namespace {

std::string unzipped(const std::string& bytes) {
    z_stream stream{};
    REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
    std::string text(1 << 22, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(text.data());
    stream.avail_out = static_cast<uInt>(text.size());
    CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
    text.resize(stream.total_out);
    inflateEnd(&stream);
    return text;
}

api::Response made(std::size_t bytes) {
    api::Response response;
    response.body = std::make_shared<const std::string>(bytes, 'x');
    return response;
}

}  // namespace

TEST_CASE("the cache keeps what was used last, within its limits") {
    api::Cache cache({3, 1'000});
    for (const auto* target : {"/a", "/b", "/c"}) cache.put(target, 1, made(100));
    CHECK(cache.find("/a", 1) != nullptr);
    cache.put("/d", 1, made(100));
    CHECK(cache.find("/b", 1) == nullptr);
    CHECK(cache.find("/a", 1) != nullptr);
    cache.put("/e", 1, made(900));
    CHECK(cache.bytes() <= 1'000);
    cache.put("/f", 1, made(1'001));
    CHECK(cache.find("/f", 1) == nullptr);
    CHECK(cache.find("/e", 2) == nullptr);
    CHECK(cache.find("/e", 1) == nullptr);
    cache.clear();
    CHECK(cache.bytes() == 0);
}

TEST_CASE("a compressed body is the same body, and made once") {
    auto backend = std::make_shared<fixed::Backend>();
    const auto handler = api::make_api(backend);
    const auto plain = ask(handler, "GET", "/v1/volumes");
    CHECK(plain.body_gzip == nullptr);
    const auto first = ask(handler, "GET", "/v1/volumes", {}, {api::Scope::read, "", true, ""});
    const auto second = ask(handler, "GET", "/v1/volumes", {}, {api::Scope::read, "", true, ""});
    REQUIRE(first.body_gzip);
    CHECK(first.body_gzip == second.body_gzip);
    CHECK(first.body == plain.body);
    CHECK(unzipped(*first.body_gzip) == *plain.body);
    CHECK(first.body_gzip->size() < plain.body->size() / 2);
    CHECK(api::gzipped("x") == nullptr);
}

TEST_CASE("an answer is given again until the snapshot or the minute changes") {
    auto backend = std::make_shared<fixed::Backend>();
    const auto handler = api::make_api(backend);
    const auto target = "/v1/volumes/" + backend->published->volumes[0].id + "/points";
    const auto first = ask(handler, "GET", target);
    CHECK(ask(handler, "GET", target).body == first.body);
    CHECK(backend->analyses == 1);
    CHECK(ask(handler, "GET", target, {}, {api::Scope::read, first.etag, false, ""}).status == 304);
    CHECK(ask(handler, "GET", target, {}, {api::Scope::none, first.etag, false, ""}).status == 401);
    backend->clock += 60;
    CHECK(ask(handler, "GET", target).body != first.body);
    backend->publish(backend->copy());
    (void)ask(handler, "GET", target);
    CHECK(backend->analyses == 3);
}

TEST_CASE("an entity tag is found in every way a caller may write it") {
    const auto tag = api::entity_tag(0x1234);
    CHECK(tag == "W/\"0000000000001234\"");
    for (const auto* sent :
         {"W/\"0000000000001234\"", "\"0000000000001234\"", "*", "\"a\", W/\"0000000000001234\"", "\"a\",\"0000000000001234\" ,\"b\""}) {
        CHECK(api::tag_listed(sent, tag));
    }
    for (const auto* sent : {"", "\"\"", "0000000000001234", "W/", ",", "\"a\""}) CHECK_FALSE(api::tag_listed(sent, tag));
}

TEST_CASE("cursors survive any bytes and refuse what is none") {
    for (const auto& bytes : {std::string(), std::string("a"), std::string("ab"), std::string("abc"), std::string("\0\xff\x80", 3)}) {
        CHECK(api::from_base64url(api::base64url(bytes)) == bytes);
    }
    CHECK_FALSE(api::from_base64url("a+b"));
    CHECK_FALSE(api::from_base64url("a=="));
    auto backend = std::make_shared<fixed::Backend>();
    const auto handler = api::make_api(backend);
    for (const std::string inner : {"", "[]", "[1,2,3]", "[\"customer\",{},\"x\"]", "[\"customer\",\"a\"]", "{}", "[[[[[[", "null"}) {
        CHECK(ask(handler, "GET", "/v1/volumes?cursor=" + api::base64url(inner) + "A").status == 400);
    }
    CHECK(ask(handler, "GET", "/v1/volumes?cursor=" + api::base64url("[\"customer\",7,\"x\"]")).status == 200);
}

TEST_CASE("metrics escape labels and say what they leave out") {
    fixed::Backend backend;
    auto snapshot = backend.copy();
    snapshot.volumes[0].machine = "a\"b\\c\nd";
    auto extra = snapshot.volumes[1];
    for (int i = 0; i < 5'100; ++i) {
        extra.id = "vol_" + std::to_string(i);
        snapshot.volumes.push_back(extra);
    }
    const api::Index index(std::make_shared<const api::Snapshot>(snapshot));
    const auto text = api::metrics_text(index, backend.facts(), backend.counters(), backend.now());
    CHECK(text.find(R"(machine="a\"b\\c\nd")") != std::string::npos);
    CHECK(text.find("\nimc_volumes_left_out 104\n") != std::string::npos);
    CHECK(text.find("\nimc_scans_total 440\n") != std::string::npos);
    CHECK(text.find("\nimc_http_requests_total{status=\"404\"} 1\n") != std::string::npos);
    CHECK(text.find("\nimc_last_scan_duration_seconds 0.75\n") != std::string::npos);
}
