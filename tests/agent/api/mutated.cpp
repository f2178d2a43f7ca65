#include "tests/agent/api/mutated.hpp"

#include <iterator>

namespace mutated {
namespace {

const std::string valid[] = {
    "GET /v1/volumes?limit=10&customer=Acme%20Ltd HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip, br\r\n\r\n",
    "GET /large HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: \"one\", W/\"two\"\r\nConnection: keep-alive\r\n\r\n",
    "HEAD /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "POST /echo HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer good\r\nContent-Length: 11\r\n\r\n{\"a\": true}",
    "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nAuthorization: Bearer good\r\n\r\n"
    "5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nX-Trailer: x\r\n\r\n",
    "PATCH https://agent.example:8443/v1/volumes/vol_0123456789abcdef HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
    "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
    "DELETE /v1/folders/%C3%A4/%2e%2e HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: 7.12\r\n\r\n",
};

const std::string words[] = {
    "\r\n",
    "\r\n\r\n",
    "\n",
    "\r",
    std::string(1, '\0'),
    " ",
    "\t",
    ":",
    "%",
    "%00",
    "%2f",
    "\xff\xfe",
    "HTTP/1.1",
    "HTTP/9.9",
    "Content-Length: 5\r\n",
    "Content-Length: 18446744073709551616\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Transfer-Encoding: \x0b"
    "chunked\r\n",
    "Host: other\r\n",
    "Connection: close\r\n",
    "Expect: 100-continue\r\n",
    "fffffffffffffffff\r\n",
    "0\r\n\r\n",
    "-1",
    "../../",
    std::string(5'000, 'A'),
    std::string(40, '\r'),
};

}  // namespace

void Requests::change(std::string& text) {
    const auto at = below(text.size() + 1);
    const auto length = below(16) + 1;
    switch (below(6)) {
        case 0:
            if (at < text.size()) text[at] = static_cast<char>(random_());
            break;
        case 1:
            text.erase(at, length);
            break;
        case 2:
            text.insert(at, words[below(std::size(words))]);
            break;
        case 3:
            text.insert(at, text.substr(at, length * 4));
            break;
        case 4:
            text.insert(at, valid[below(std::size(valid))].substr(below(20)));
            break;
        default:
            if (at < text.size()) text[at] = static_cast<char>(text[at] ^ static_cast<char>(1U << below(8)));
            break;
    }
}

std::string Requests::next() {
    std::string text = valid[below(std::size(valid))];
    if (below(4) == 0) text += valid[below(std::size(valid))];
    for (auto changes = below(4) + 1; changes > 0; --changes) change(text);
    if (below(8) == 0) text.resize(below(text.size() + 1));
    return text;
}

}  // namespace mutated
