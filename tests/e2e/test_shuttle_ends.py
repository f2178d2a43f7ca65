"""What ends a tunnel, and what brings it back."""
import json
import os
import time
import unittest

from connector import signal, wait_for
from relay_world import RelayTest, read_until


class Ends(RelayTest):
    """What ends a tunnel, and what brings it back."""

    def test_revoking_an_agent_ends_its_tunnel_at_once_and_it_is_told_so(self):
        agent, agent_id, token = self.connected_agent(self.folders, "acme")
        self.relay.must("revoke", agent_id)
        wait_for("the end of the session", lambda: agent_id not in self.relay.online(), 5)
        state = self.ended(agent, refused=True)
        self.assertIn("revoked", state["problem"])
        self.assertEqual(agent.run("shuttle", "status").returncode, 1)
        self.assertEqual(self.ask_relay(self.connect_head(f"{agent_id}:443", token))[0], 404)
        wait_for("the finding", lambda: [f for f in agent.items("/v1/findings") if f["code"] == "tunnel_down"])
        self.assertNotEqual(self.relay.run("revoke", agent_id).returncode, 0)

    def test_an_enrolment_that_cannot_be_used_is_told_wherever_somebody_looks(self):
        agent, agent_id, _ = self.connected_agent(self.folders, "acme")
        file = agent.data / "shuttle.key"
        good = file.read_text()

        def finding(agent):
            return next((f for f in agent.items("/v1/findings") if f["code"] == "tunnel_down"), None)

        def told():
            for look in (("shuttle", "status"), ("doctor", "--json")):
                result = agent.run(*look)
                self.assertNotEqual(result.returncode, 0, look)
                self.assertIn("is damaged", result.stdout, look)
        file.write_text("{}")
        # What was made with it stays up, and it is said that it will not come back.
        wait_for("the finding", lambda: (lambda f: f and "until the agent ends" in f["says"])(finding(agent)))
        self.assertEqual(self.shuttle(agent)["state"], "connected")
        self.assertIn("is damaged", agent.run("doctor", "--json").stdout)
        self.assertEqual(agent.end(), 0)
        told()  # nobody runs
        agent.start()
        self.assertEqual(wait_for("the finding", lambda: finding(agent))["evidence"]["step"], "enrolment")
        wait_for("the state", lambda: self.shuttle(agent).get("state") == "unusable")
        told()
        self.assertEqual(agent.log_text().count("is damaged"), 2)  # once for each process
        file.write_text(good)
        self.wait_online(self.relay, agent_id)

    def test_the_tunnel_comes_back_after_the_relay_or_the_agent_was_restarted(self):
        agent, agent_id, _ = self.connected_agent(self.folders, "acme")
        first = self.relay.online()[agent_id]["generation"]
        self.assertEqual(self.relay.end(), 0)
        self.ended(agent, state="waiting")
        self.relay.start()
        second = self.wait_online(self.relay, agent_id)["generation"]
        self.assertGreater(second, first)
        self.assertEqual(self.portal("test").returncode, 0)
        self.relay.kill()
        self.relay.start()
        self.wait_online(self.relay, agent_id)
        self.assertEqual(agent.end(), 0)
        wait_for("the end of the session", lambda: agent_id not in self.relay.online())
        agent.start()
        self.wait_online(self.relay, agent_id)
        tested = self.portal("test")
        self.assertEqual(tested.returncode, 0, tested.stderr)

    @unittest.skipUnless("IMC_SLOW_NAMES" in os.environ, "a sanitizer's library comes first")
    def test_an_agent_ends_in_time_although_the_system_looks_up_a_name(self):
        agent = self.agent(self.folders, start=False)
        agent.data.mkdir(parents=True, exist_ok=True)
        (agent.data / "shuttle.key").write_text(json.dumps({"address": "relay.example:443", "relay": "relay one", "relay_key": "11" * 32,
                                                            "agent": "aaaaaaaaaaaa", "key": "22" * 32, "proxy": "none"}))
        agent.start(ready=False, environment={"LD_PRELOAD": os.environ["IMC_SLOW_NAMES"]})
        wait_for("the look-up", lambda: self.shuttle(agent).get("under_way") == "DNS")
        self.assertEqual(agent.end(limit=20, leaves=True), 0)
        self.assertIn("would not end", agent.log_text())

    def test_a_relay_with_another_key_gets_nothing(self):
        agent, _, _ = self.connected_agent(self.folders, "acme")
        self.assertEqual(self.relay.end(), 0)
        ports = self.relay.agents_port, self.relay.portal_port
        impostor = self.make_relay(agents_port=ports[0], portal_port=ports[1])  # same name, same place
        state = wait_for("the refusal", lambda: (lambda s: s if "another key" in (s.get("problem") or "") else None)(self.shuttle(agent)), 60)
        self.assertEqual(state["step"], "identity")
        self.assertEqual(impostor.online(), {})

    def test_join_codes_are_good_once_and_slips_are_noticed(self):
        agent = self.agent(self.folders, start=False)
        code = self.relay.must("join-code", "create")
        slip = code[:30] + ("7" if code[30] != "7" else "8") + code[31:]
        for wrong, words in ((slip, "not copied completely"), ("hello", "no join code")):
            result = self.enroll(agent, code=wrong)
            self.assertEqual(result.returncode, 1)
            self.assertIn(words, result.stderr)
        self.assertEqual(self.enroll(agent, code=code).returncode, 0)
        again = self.enroll(agent, code=code)
        self.assertIn("enrolled already", again.stderr)
        again = self.enroll(agent, code=code, words=["--replace"])
        self.assertEqual(again.returncode, 1)
        self.assertIn("bad_join_code", again.stderr)
        self.assertEqual(len(json.loads(self.relay.run("agents", "list", "--json").stdout)["agents"]), 1)

    def test_a_full_relay_lets_nobody_join_and_the_join_code_stays_good(self):
        first, _, _ = self.connected_agent(self.folders, "acme")
        self.restart_relay("[agents]\n", "[agents]\nmax_agents = 1\n")
        self.wait_connected(first, 60)
        wait_for("the agent at the relay", self.relay.online)
        second = self.agent(self.folders, start=False)
        code = self.relay.must("join-code", "create")
        result = self.enroll(second, code=code)
        self.assertEqual(result.returncode, 1)
        self.assertIn("busy", result.stderr)
        self.assertEqual(first.end(), 0)
        wait_for("the end of the session", lambda: not self.relay.online())
        result = self.enroll(second, code=code)
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_of_two_computers_with_one_key_the_newest_wins_and_both_sides_are_told(self):
        agent, agent_id, _ = self.connected_agent(self.folders, "acme")
        clone = self.agent(self.folders, start=False)
        clone.data.mkdir(parents=True, exist_ok=True)
        (clone.data / "shuttle.key").write_text((agent.data / "shuttle.key").read_text())
        clone.token = clone.make_token()
        clone.start()
        self.wait_connected(clone)
        state = self.ended(agent, replaced=True)
        self.assertIn("newer", state["problem"])
        wait_for("the finding", lambda: [f for f in agent.items("/v1/findings") if f["code"] == "tunnel_down" and f["evidence"]["replaced"]])
        self.assertEqual(self.wait_online(self.relay, agent_id)["taken_over"], 1)

    def test_a_drained_relay_lets_connections_go_on_for_a_while_and_goes(self):
        self.restart_relay("drain_seconds = 2", "drain_seconds = 10")
        agent, agent_id, token = self.connected_agent(self.folders, "acme")
        held = self.open_tunnel(agent_id, token)

        def ask():
            held.sendall(b"GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertIn(b" 200 ", read_until(held, b"\r\n\r\n") or b"nothing")
        ask()
        self.relay.must("drain")
        begun = time.monotonic()
        wait_for("the relay to drain", lambda: "asked to drain" in self.relay.log_text())
        ask()  # in spite of it
        self.assertIsNone(self.relay.process.poll())
        self.assertIsNone(read_until(held, b"never"))
        self.assertGreaterEqual(time.monotonic() - begun, 8)  # limits.drain_seconds, and not before
        self.assertEqual(self.relay.process.wait(20), 0)
        self.relay.log.close()
        self.relay.process = None
        self.assertIn("asked to drain", self.relay.log_text())
        self.ended(agent, state="waiting")
        self.relay.start()
        self.wait_online(self.relay, agent_id)

    def test_a_tunnel_that_is_frozen_is_noticed_by_both_sides(self):
        agent, agent_id, token = self.connected_agent(self.folders, "acme")
        os.kill(agent.process.pid, signal.SIGSTOP)
        try:
            begun = time.monotonic()
            wait_for("the relay to notice", lambda: agent_id not in self.relay.online(), 45)
            self.assertLess(time.monotonic() - begun, 45)
            self.assertEqual(self.ask_relay(self.connect_head(f"{agent_id}:443", token))[0], 503)
        finally:
            os.kill(agent.process.pid, signal.SIGCONT)
        self.wait_online(self.relay, agent_id, 45)


if __name__ == "__main__":
    unittest.main(verbosity=2)
