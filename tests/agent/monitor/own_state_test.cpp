#include "agent/monitor/own_state.hpp"

#include "tests/agent/monitor/made.hpp"

#include <catch2/catch.hpp>

using namespace imc;
using namespace support;

TEST_CASE("A tunnel that is down is told with its step, and with a suspicion where another computer took it over") {
    const auto down = monitor::tunnel_down("relay one", "TLS", "nothing came for 20 seconds.", false);
    CHECK(down.code == "tunnel_down");
    CHECK(down.key == "agent:tunnel_down:");
    CHECK(down.domain == "shuttle");
    CHECK(down.says ==
          "There is no tunnel to the relay relay one (TLS: nothing came for 20 seconds), so portals cannot reach this agent by it.");
    const auto taken = monitor::tunnel_down("relay one", "mux", "the relay ended the tunnel", true);
    CHECK(taken.says.ends_with("Another computer may have this agent's key."));
}

TEST_CASE("An enrolment that cannot be used is told as a tunnel that is down, or will be") {
    const auto none = monitor::enrolment_unusable("shuttle.key is damaged.", false);
    CHECK(none.code == "tunnel_down");
    CHECK(none.key == "agent:tunnel_down:");
    CHECK(none.says ==
          "This computer is enrolled at a relay, but the enrolment cannot be used (shuttle.key is damaged), so portals cannot reach this "
          "agent by a tunnel.");
    CHECK(evidence(none)["step"] == "enrolment");
    CHECK(monitor::enrolment_unusable("it is damaged", true).says.ends_with("so its tunnel lasts only until the agent ends."));
}

TEST_CASE("A join code that led to no relay is told with whether it is tried again") {
    const auto waiting = monitor::join_failed("D/shuttle.join", "TCP: nobody answers.", true);
    CHECK(waiting.code == "join_failed");
    CHECK(waiting.key == "agent:join_failed:");
    CHECK(waiting.domain == "shuttle");
    CHECK(waiting.says ==
          "This agent has not joined the relay that its installer was given a join code for (TCP: nobody answers); it is tried again "
          "until the code is of no use any more.");
    const auto over = monitor::join_failed("D/shuttle.join", "the join code was used", false);
    CHECK(over.says.ends_with("and is not tried again; portals cannot reach this agent by a relay."));
    CHECK(evidence(over)["tried_again"] == false);
}

TEST_CASE("a refused configuration names its first problem and counts the rest") {
    const std::vector<config::Problem> problems = {{"c.toml", 3, "scan.x", "is wrong"}, {"c.toml", 5, "scan.y", "is wrong too"}};
    const auto finding = monitor::config_refused("c.toml", problems);
    CHECK(finding.code == "config_refused");
    CHECK(finding.key == "agent:config_refused:");
    CHECK(finding.says ==
          "The changed configuration c.toml was refused and the running one is kept: c.toml:3: scan.x: is wrong (and 1 more problem).");
    CHECK(evidence(finding)["problems"].size() == 2);
}

TEST_CASE("a certificate is told of in its last thirty days, critical in its last seven") {
    CHECK_FALSE(monitor::certificate_expiring("CN=x", noon + 30 * day, noon));
    CHECK(monitor::certificate_expiring("CN=x", noon + 30 * day - 1, noon)->severity == "warning");
    CHECK(monitor::certificate_expiring("CN=x", noon + 7 * day - 1, noon)->severity == "critical");
    const auto past = monitor::certificate_expiring("CN=x", noon - 1, noon);
    REQUIRE(past);
    CHECK(past->says.find("has expired on 2026-11-18 11:59 UTC") != std::string::npos);
}

TEST_CASE("a search is told of when a limit cut it or something could not be read") {
    scan::Discovery discovery;
    CHECK_FALSE(monitor::discovery_incomplete("/srv", discovery));
    discovery.unreadable = {"/srv/secret"};
    CHECK(monitor::discovery_incomplete("/srv", discovery)->says.find("1 directory could not be read.") != std::string::npos);
    discovery.complete = false;
    CHECK(monitor::discovery_incomplete("/srv", discovery)->says.find("a limit was reached and 1 directory") != std::string::npos);
}

TEST_CASE("the agent's own findings are about no folder that it has") {
    for (const auto& finding : {monitor::store_rebuilt("/var/x.damaged-1"), monitor::disk_full("/var/lib/x"),
                                monitor::unmanaged_folder({"/srv/new", 3, 3000, noon}, "Acme")}) {
        CHECK(finding.folder_id.empty());
        CHECK(finding.volume_id.empty());
        CHECK(finding.key.rfind("agent:" + finding.code + ":", 0) == 0);
        CHECK(finding.says.back() == '.');
        CHECK(evidence(finding).is_object());
    }
    CHECK(monitor::unmanaged_folder({"/srv/new", 3, 3000, noon}, "Acme").says ==
          "The folder /srv/new holds 3 images of Acme (3 KB) and is managed by nobody, so its backups are not watched.");
}
