"""Tunnels over networks as they are: agents behind routers that let nothing in, and lines that delay, lose, freeze, or go
dead without a word. Each class is one test of CTest. IMC_RELAY_GONE=600 keeps the relay away for ten minutes instead of
seconds, until the agent's pauses have grown to their longest."""
import json
import os
import socket
import time
import unittest

from connector import signal, wait_for
from crowd import Crowd, enrol
from network import Site, world_of_our_own
from network_world import NOTICED, NetworkTest


class Reached(NetworkTest):
    """What works although nobody can reach the agent."""

    def test_the_portal_lists_the_volumes_of_an_agent_that_no_connection_can_reach(self):
        host = self.site.host("server")
        agent, agent_id, _ = self.connected_at(host, "acme")
        with self.portal_host.inside():
            for address in ("10.20.1.2", "2001:db8:20:1::2", self.site.outer):
                with self.assertRaises(OSError), socket.create_connection((address, 443), 1):
                    pass
        volumes = json.loads(self.portal("list", "volumes").stdout)["volumes"]
        self.assertEqual(sorted((v["machine"], v["volume"]) for v in volumes),
                         sorted((v["machine"], v["volume"]) for v in agent.items("/v1/volumes")))
        self.assertTrue(volumes)
        # Which of the two addresses wins is nobody's business; by IPv4 the relay sees the router.
        self.assertIn(self.shuttle(agent)["reached_at"], (f"[{self.relay_address_six}]:443", f"{self.relay_address}:443"))
        self.assertIn(self.relay.online()[agent_id]["address"].rsplit(":", 1)[0], ("[2001:db8:20:1::2]", self.site.outer))

    def test_a_name_whose_first_address_is_dead_is_reached_by_the_other(self):
        self.relay.public = "half.example:443"
        self.relay.write_config()
        self.internet.name("half.example", "2001:db8:dead::1", self.relay_address)
        agent, agent_id, _ = self.connected_at(self.site.host("server"), "acme")
        self.assertEqual(self.shuttle(agent)["reached_at"], f"{self.relay_address}:443")
        self.assertEqual(self.relay.online()[agent_id]["address"].rsplit(":", 1)[0], self.site.outer)
        self.reached()
        # And the other way round.
        self.internet.name("half.example", "192.0.2.1", self.relay_address_six)
        self.assertEqual(self.relay.end(), 0)
        self.relay.start()
        self.wait_online(self.relay, agent_id, 60)
        self.tunnel(agent, state="connected", reached_at=f"[{self.relay_address_six}]:443")
        self.reached()

    def test_a_line_that_loses_and_delays_is_slow_and_nothing_else(self):
        self.site.line.set(delay=50, loss=5)
        agent, agent_id, _ = self.connected_at(self.site.host("server"), "acme")
        generation = self.relay.online()[agent_id]["generation"]
        for _ in range(3):
            self.reached()
        listed = self.portal("list", "volumes")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertGreaterEqual(wait_for("a measured round trip", lambda: self.shuttle(agent)["round_trip_ms"]), 100)
        self.assertEqual(self.wait_online(self.relay, agent_id)["generation"], generation)


class Restarts(NetworkTest):
    """Whoever goes comes back."""

    def test_agent_and_relay_come_back_and_find_each_other(self):
        agent, agent_id, _ = self.connected_at(self.site.host("server"), "acme")
        agent.end()
        wait_for("the end of the session", lambda: agent_id not in self.relay.online())
        self.assertEqual(self.portal("test").returncode, 1)
        agent.start()
        self.wait_online(self.relay, agent_id)
        self.reached()
        agent.end(signal.SIGKILL)
        agent.start()
        self.wait_online(self.relay, agent_id)
        self.reached()
        self.assertEqual(self.relay.end(), 0)
        self.relay.start()
        self.wait_online(self.relay, agent_id)
        self.relay.kill()
        self.relay.start()
        self.wait_online(self.relay, agent_id)
        self.reached()

    def test_a_relay_that_was_gone_for_long_is_found_again(self):
        agent, agent_id, _ = self.connected_at(self.site.host("server"), "acme")
        self.assertEqual(self.relay.end(), 0)
        gone = float(os.environ.get("IMC_RELAY_GONE", "6"))
        until = time.monotonic() + gone
        # First refused, then nothing at all, as behind a firewall that has lost its rules.
        self.tunnel(agent, state="waiting")
        self.relay_host.filter("table inet lost { chain in { type filter hook input priority 0; policy drop;\n }\n }\n")
        wait_for("several attempts", lambda: self.shuttle(agent)["failures"] >= 2)
        time.sleep(max(until - time.monotonic(), 0))
        state = self.shuttle(agent)
        self.assertNotEqual(state["state"], "connected")
        self.assertEqual(state["step"], "TCP")
        self.relay_host.filter("")
        self.relay.start()
        # An attempt under way has its limit, then comes the pause.
        self.wait_online(self.relay, agent_id, 30 if gone < 60 else 90)
        self.reached()


class Dead(NetworkTest):
    """Connections that are dead and do not say so, noticed by both ends."""

    def test_whatever_killed_it_without_a_word_a_tunnel_is_noticed_and_made_anew(self):
        sites = [self.site, Site(self.internet, 2), Site(self.internet, 3)]
        hosts = [site.host(f"server{site.number}") for site in sites]
        frozen, dropped, moved = (self.connected_at(host, name) for host, name in zip(hosts, ("frozen", "dropped", "moved")))
        before = {agent_id: self.relay.online()[agent_id]["generation"] for _, agent_id, _ in (frozen, dropped, moved)}
        sites[0].line.set(freeze=1)
        # Only what is new passes: as if the router had been started anew and swallowed what it does not know.
        port = self.relay.online()[dropped[1]]["address"].rsplit(":", 1)[1]
        sites[1].rules(f"tcp sport {port} drop\n tcp dport {port} drop")
        sites[2].move(hosts[2], 77)

        def noticed(agent, agent_id):
            """When the agent did not think any more that it is connected by the old connection."""
            state = self.shuttle(agent)
            return state["state"] != "connected" or state["generation"] > before[agent_id]
        left = {"frozen": frozen, "dropped": dropped, "moved": moved}
        by_relay = dict(left)

        def all_noticed():
            for name, (agent, agent_id, _) in list(left.items()):
                if noticed(agent, agent_id):
                    del left[name]
            online = self.relay.online()
            for name, (_, agent_id, _) in list(by_relay.items()):
                if agent_id not in online or online[agent_id]["generation"] > before[agent_id]:
                    del by_relay[name]
            return not left and not by_relay
        try:
            wait_for("both ends to notice", all_noticed, NOTICED)
        except AssertionError as late:
            raise AssertionError(f"after {NOTICED} s not noticed by the agent: {list(left)}, by the relay: {list(by_relay)}") from late
        sites[0].line.set(freeze=0)
        for agent, agent_id, _ in (frozen, dropped, moved):
            wait_for("a new tunnel", lambda i=agent_id: self.relay.online().get(i, {"generation": 0})["generation"] > before[i], NOTICED)
            self.tunnel(agent, state="connected")
        self.reached(3)
        self.assertIn(self.relay.online()[moved[1]]["address"].rsplit(":", 1)[0], ("[2001:db8:20:3::4d]", sites[2].outer))


class Storm(NetworkTest):
    """All agents of a relay at once."""

    def test_five_hundred_agents_whose_relay_was_restarted_come_back_spread_out_and_no_request_fails_twice(self):
        count = 500
        host = self.site.host("crowd")
        agent = self.agent_at(host)
        self.assertEqual(self.relay.end(), 0)
        ids = enrol(self.relay.data / "registry.db", count)
        self.relay.start()
        relay_token = self.relay.must("token", "create", "--name", "all")
        code = self.relay.must("join-code", "create")
        crowd = Crowd(host, count, agent.facts()["url"].removeprefix("https://").rstrip("/"), code)
        self.addCleanup(crowd.end)
        crowd.wait(count, 60)
        for number in range(0, count, 25):
            self.add_to_portal(f"agent{number}", agent, ids[number], agent.token, relay_token)
        self.reached(count // 25)
        self.relay.kill()
        wait_for("all to notice", lambda: crowd.connected() == 0)
        self.relay.start()
        begun = len(crowd.lines)
        crowd.wait(count, 60)
        # With jitter: never most of them within a tenth of a second.
        counts = [0] + [line["connected"] for line in crowd.lines[begun:]]
        self.assertLess(max(after - before for before, after in zip(counts, counts[1:])), count // 2)
        self.assertGreater(len(counts), 5)
        for _ in range(3):
            self.reached(count // 25)
        wait_for("all at the relay", lambda: len(self.relay.online()) == count)


if __name__ == "__main__":
    world_of_our_own()
    unittest.main(verbosity=2)
