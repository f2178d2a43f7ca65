#include "agent/api/request_reader.hpp"

#include "tests/agent/api/mutated.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace imc::api;
using State = RequestReader::State;

namespace {

// Everything that a reader makes of `bytes`, given in pieces of `piece`.
std::vector<std::string> all_of(const std::string& bytes, std::size_t piece) {
    std::vector<std::string> seen;
    RequestReader reader(1'024, 256);
    State state = State::idle;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        state = reader.put(std::string_view(bytes).substr(at, piece));
        for (; state == State::complete; state = reader.next()) {
            const auto& request = reader.head().request;
            seen.push_back(request.method + " " + request.target + " " + request.body);
            CHECK(request.body.size() <= 256);
        }
        if (state == State::refused) break;
    }
    seen.push_back(state == State::refused ? std::to_string(reader.refused().status) : "open");
    return seen;
}

using Seen = std::vector<std::string>;

}  // namespace

TEST_CASE("Requests come out one after the other, however their bytes arrive") {
    const std::string bytes =
        "\r\nGET /a HTTP/1.1\r\nHost: a\r\n\r\nPOST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcPUT /c HTTP/1.1\r\nHost: a\r\n"
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA ; x\r\n0123456789\r\n0\r\nT: u\r\n\r\nGET /d HTTP/1.1\r\nHo";
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 1'000U}) {
        CHECK(all_of(bytes, piece) == Seen{"GET /a ", "POST /b abc", "PUT /c abc0123456789", "open"});
    }
}

TEST_CASE("It is told what is still to come") {
    RequestReader reader(1'024, 256);
    CHECK(reader.put("") == State::idle);
    CHECK(reader.put("\r\n") == State::idle);
    CHECK(reader.put("P") == State::head);
    CHECK(reader.put("OST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n") == State::body);
    CHECK(reader.head().expects_continue);
    CHECK(reader.put("xy") == State::complete);
    CHECK(reader.put("GET") == State::complete);
    CHECK(reader.next() == State::idle);
}

TEST_CASE("Limits hold to the byte") {
    const std::string line = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
    const auto with_length = [&](std::size_t length) { return line + std::string(length - line.size() - 4, 'x') + "\r\n\r\n"; };
    CHECK(all_of(with_length(1'024), 5'000) == Seen{"GET / ", "open"});
    CHECK(all_of(with_length(1'025), 5'000) == Seen{"431"});
    CHECK(all_of(std::string(2'000, 'x'), 100) == Seen{"431"});
    const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";
    CHECK(all_of(post + "Content-Length: 257\r\n\r\n", 100) == Seen{"413"});
    CHECK(all_of(post + "Content-Length: 256\r\n\r\n" + std::string(256, 'x'), 100).size() == 2);
    CHECK(all_of(post + "Transfer-Encoding: chunked\r\n\r\n100\r\n" + std::string(256, 'x') + "\r\n0\r\n\r\n", 100).size() == 2);
    CHECK(all_of(post + "Transfer-Encoding: chunked\r\n\r\n100\r\n" + std::string(256, 'x') + "\r\n1\r\n", 100) == Seen{"413"});
    CHECK(all_of(post + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n", 100) == Seen{"413"});
}

TEST_CASE("Lines must end as they should, and chunks be what they say") {
    CHECK(all_of("GET / HTTP/1.1\nHost: a\n\n", 1) == Seen{"400"});
    CHECK(all_of("\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 1) == Seen{"400"});
    const std::string post = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string bad[] = {"\r\n",
                               "g\r\n",
                               "-1\r\n",
                               "1\nx\r\n0\r\n\r\n",
                               "1\r\nxy\r\n",
                               "1\r\nx\n0\r\n\r\n",
                               "0x1\r\nx\r\n",
                               "1 x\r\nx\r\n",
                               "1\rx\r\n",
                               "1111111111111111\r\n",
                               "0\r\nno colon\r\n",
                               "0\r\nX: \x01\r\n",
                               std::string(300, '0'),
                               "0\r\nX: " + std::string(300, 'x')};
    for (const auto& chunks : bad) {
        INFO(chunks);
        CHECK(all_of(post + chunks, 1) == Seen{"400"});
        CHECK(all_of(post + chunks, 1'000) == Seen{"400"});
    }
    std::string trailers = "0\r\n";
    for (int k = 0; k < 33; ++k) trailers += "A: b\r\n";
    CHECK(all_of(post + trailers + "\r\n", 100) == Seen{"400"});
}

TEST_CASE("Ten thousand mutated requests are read the same way whole, in pieces and byte by byte") {
    mutated::Requests requests(20'260'801);
    int refused = 0;
    for (int k = 0; k < 10'000; ++k) {
        const auto bytes = requests.next();
        const auto whole = all_of(bytes, bytes.size() + 1);
        INFO(bytes);
        REQUIRE(all_of(bytes, 1) == whole);
        REQUIRE(all_of(bytes, 13) == whole);
        if (whole.back() != "open") ++refused;
    }
    CHECK(refused > 2'000);
    CHECK(refused < 10'000);
}
