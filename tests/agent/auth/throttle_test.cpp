#include "agent/auth/throttle.hpp"

#include <catch2/catch.hpp>

using namespace imc::auth;
using std::chrono::milliseconds;

TEST_CASE("The pause doubles with each failure up to eight seconds, for each caller apart") {
    Throttle throttle;
    std::vector<milliseconds::rep> pauses;
    for (int k = 0; k < 7; ++k) pauses.push_back(throttle.failed("a", 100).count());
    CHECK(pauses == std::vector<milliseconds::rep>{250, 500, 1'000, 2'000, 4'000, 8'000, 8'000});
    CHECK(throttle.failed("b", 100) == milliseconds(250));
}

TEST_CASE("Ten minutes without a failure are forgiven") {
    Throttle throttle;
    CHECK(throttle.failed("a", 1'000) == milliseconds(250));
    CHECK(throttle.failed("a", 1'599) == milliseconds(500));
    CHECK(throttle.failed("a", 2'199) == milliseconds(250));
}

TEST_CASE("The table is bounded, and who failed longest ago makes room") {
    Throttle throttle;
    for (std::size_t k = 0; k < Throttle::most_callers; ++k) static_cast<void>(throttle.failed("x" + std::to_string(k), 0));
    CHECK(throttle.failed("x0", 1) == milliseconds(500));
    CHECK(throttle.failed("new", 1) == milliseconds(250));
    CHECK(throttle.size() == Throttle::most_callers);
    CHECK(throttle.failed("x0", 1) == milliseconds(1'000));
    CHECK(throttle.failed("x1", 1) == milliseconds(250));
    CHECK(throttle.size() == Throttle::most_callers);
}

TEST_CASE("A host of IPv6 stands for its whole network of 64 bits") {
    CHECK(caller_of("2001:db8:1:2:3::4") == caller_of("2001:db8:1:2:ffff::1"));
    CHECK(caller_of("2001:db8:1:2::1") != caller_of("2001:db8:1:3::1"));
    CHECK(caller_of("192.0.2.1") != caller_of("192.0.2.2"));
    CHECK(caller_of("::ffff:192.0.2.1") == "192.0.2.1");
}
