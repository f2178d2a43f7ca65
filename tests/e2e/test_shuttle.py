"""Relay, agents and portal, each as its users start it: enrolment and the way through."""
import contextlib
import json
import pathlib
import sqlite3
import subprocess
import sys
import time
import unittest

from connector import wait_for
from relay_world import RelayTest, read_until

HERE = pathlib.Path(__file__).resolve().parent


def body_length(answer):
    return str(len(answer.split("\r\n\r\n", 1)[1]))


class Reached(RelayTest):
    """What a portal can do through the relay."""

    def test_a_portal_reaches_an_agent_that_has_no_port_open_to_it(self):
        agent, agent_id, _ = self.connected_agent(self.folders, "acme")
        tested = self.portal("test")
        self.assertEqual(tested.returncode, 0, tested.stderr)
        self.assertEqual([one["ok"] for one in json.loads(tested.stdout)["agents"]], [True])
        volumes = json.loads(self.portal("list", "volumes").stdout)["volumes"]
        self.assertEqual(sorted((v["machine"], v["volume"]) for v in volumes),
                         sorted((v["machine"], v["volume"]) for v in agent.items("/v1/volumes")))
        customers = self.portal("list", "customers", json_out=False).stdout
        self.assertIn("Acme", customers)
        state = self.shuttle(agent)
        self.assertEqual((state["state"], state["relay"], state["agent"], state["intercepted_by"]), ("connected", "relay one", agent_id, None))
        self.assertEqual(agent.run("shuttle", "status").returncode, 0)
        listed = json.loads(self.relay.run("agents", "list", "--json").stdout)["agents"]
        self.assertEqual([(a["id"], a["online"], a["group"]) for a in listed], [(agent_id, True, "default")])
        # Whoever comes by the tunnel is not taken for somebody on the agent's computer.
        with contextlib.closing(self.open_tunnel(agent_id, self.relay.must("token", "create", "--name", "other"))) as stream:
            stream.sendall(b"GET /v1/agent HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer nonsense\r\n\r\n")
            self.assertIn(b" 401 ", read_until(stream, b"\r\n\r\n"))
        self.assertIn("refused login from shuttle: ", agent.log_text())
        watched = self.portal("watch", "--rounds", "2", "--every", "0.1")
        self.assertEqual(watched.returncode, 0, watched.stderr)
        self.assertTrue(json.loads(watched.stdout.splitlines()[0])["full"])

    def test_watching_tells_each_outage_and_each_return(self):
        agent, agent_id, _ = self.connected_agent(self.folders, "acme")

        def end():
            self.assertEqual(agent.end(), 0)
            wait_for("the end of the session", lambda: agent_id not in self.relay.online())

        end()
        told = self.home / "watched"
        with open(told, "w", encoding="utf-8") as out, self.portal_process("watch", "--every", "0.2", stdout=out) as watching:
            try:
                lines = lambda: [json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()]
                wait_for("the outage", lambda: lines() and "problem" in lines()[-1])
                agent.start()
                wait_for("the return", lambda: "changed" in lines()[-1])
                end()
                wait_for("the second outage", lambda: "problem" in lines()[-1])
                agent.start()
                wait_for("the second return", lambda: "changed" in lines()[-1], 40)
            finally:
                watching.kill()

    def test_the_portal_notices_another_certificate_than_the_agents(self):
        agent, agent_id, relay_token = self.connected_agent(self.folders, "acme")
        result = self.portal("add", "acme", "--relay", self.relay.url(), "--relay-pin", self.relay.pin(), "--agent", agent_id, "--pin",
                             "00" * 32, stdin=f"{agent.token}\n{relay_token}\n")
        self.assertEqual(result.returncode, 0)
        tested = self.portal("test")
        self.assertEqual(tested.returncode, 1)
        self.assertIn("another certificate", tested.stderr)

    def test_a_token_reaches_its_groups_only_and_the_authority_alone_says_where_to(self):
        _, acme, acme_token = self.connected_agent(self.folders, "acme", "acme")
        _, globex, globex_token = self.connected_agent(self.folders, "globex", "globex")
        status, body = self.ask_relay(self.connect_head(f"{globex}:443", acme_token))
        nobody, nobodys_body = self.ask_relay(self.connect_head("anobody:443", acme_token))
        self.assertEqual((status, nobody), (404, 404))
        self.assertEqual(body.replace(globex, "ID"), nobodys_body.replace("anobody", "ID").replace(
            "Content-Length: " + body_length(nobodys_body), "Content-Length: " + body_length(body)))
        # Neither Host nor a second word moves it to another agent.
        status, _ = self.ask_relay(self.connect_head(f"{globex}:443", acme_token, host=f"{acme}:443"))
        self.assertEqual(status, 404)
        for target in (f"{acme}:22", f"{acme}", "127.0.0.1:443", f"{acme}.example:443", f"{acme}:443@{globex}:443", f"//{acme}:443"):
            status, _ = self.ask_relay(self.connect_head(target, acme_token))
            self.assertEqual(status, 400, target)
        for head in (f"CONNECT {acme}:443 HTTP/1.1\r\nHost: x\r\n\r\n", self.connect_head(f"{acme}:443", "ims_wrong"),
                     f"CONNECT {acme}:443 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {acme_token}\r\n\r\n",
                     f"CONNECT {acme}:443 HTTP/1.1\r\nHost: x\r\nProxy-Authorization: Bearer {acme_token}\r\nProxy-Authorization: Bearer {globex_token}\r\n\r\n"):
            status, answer = self.ask_relay(head)
            self.assertEqual(status, 407, head)
            self.assertIn("Proxy-Authenticate: Bearer", answer)

    def test_a_revoked_token_opens_nothing(self):
        _, agent_id, token = self.connected_agent(self.folders, "acme")
        listed = json.loads(self.relay.run("token", "list", "--json").stdout)["tokens"]
        self.relay.must("token", "revoke", listed[0]["id"])
        wait_for("the revocation", lambda: self.ask_relay(self.connect_head(f"{agent_id}:443", token))[0] == 407)

    def test_the_relay_tells_how_it_fares(self):
        _, _, token = self.connected_agent(self.folders, "acme")
        self.assertEqual(self.portal("test").returncode, 0)
        status, answer = self.ask_relay("GET /ready HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertEqual(status, 200)
        self.assertNotIn("agents", answer.split("\r\n\r\n")[1])  # nobody had to say who he is
        begun = time.monotonic()
        status, answer = self.ask_relay("GET /metrics HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ims_guess\r\n\r\n")
        self.assertEqual(status, 401)
        self.assertGreaterEqual(time.monotonic() - begun, 1)  # whoever guesses waits,
        self.assertIn("no valid token", self.relay.log_text())  # is seen
        self.assertIn('\\"Authorization: Bearer', answer)
        status, answer = self.ask_relay(f"GET /metrics HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n")
        self.assertEqual(status, 200)
        self.assertRegex(answer, r"imshuttle_streams_total [1-9]")
        self.assertRegex(answer, r"imshuttle_portal_unauthenticated_total [1-9]")  # and counted
        self.assertEqual(self.ask_relay("GET / HTTP/1.1\r\nHost: x\r\n\r\n")[0], 404)
        self.assertEqual(self.ask_relay("GET /" + "x" * 20000 + " HTTP/1.1\r\nHost: x\r\n\r\n")[0], 431)
        state = json.loads(self.relay.run("status", "--json").stdout)
        self.assertTrue(state["running"])
        self.assertEqual(len(state["relay"]["sessions"]), 1)

    def test_the_agent_tells_of_its_tunnel_wherever_it_is_asked(self):
        agent, agent_id, _ = self.connected_agent(self.folders, "acme")
        self.assertEqual(self.portal("list", "volumes").returncode, 0)
        tunnel = wait_for("the connection to be counted", lambda: (lambda t: t if t["streams"] else None)(agent.get("/v1/agent")["tunnel"]))
        self.assertEqual((tunnel["state"], tunnel["relay"], tunnel["agent_id"], tunnel["problem"]), ("connected", "relay one", agent_id, None))
        self.assertGreater(tunnel["sent_bytes"], 0)
        facts = agent.facts()
        described = subprocess.run([sys.executable, "-B", HERE / "validate_api.py", "--url", facts["url"], "--fingerprint", facts["certificate_sha256"]],
                                   input=agent.token + "\n", capture_output=True, text=True, timeout=120)
        self.assertEqual(described.returncode, 0, described.stdout[-3000:] + described.stderr[-3000:])
        metrics = agent.call("GET", "/metrics").body.decode()
        self.assertRegex(metrics, r"imc_tunnel_up 1\n")
        self.assertRegex(metrics, r"imc_tunnel_sent_bytes_total [1-9]")
        self.assertIn("Tunnel to relay one", agent.run("status").stdout)
        self.assertEqual(json.loads(agent.run("status", "--json").stdout)["agent"]["tunnel"]["state"], "connected")
        self.relay.kill()
        down = wait_for("the tunnel to be down", lambda: (lambda t: t if t["state"] == "waiting" and t["problem"] else None)(agent.get("/v1/agent")["tunnel"]))
        self.assertIsNotNone(down["next_try"])
        self.assertIn("imc_tunnel_up 0\n", agent.call("GET", "/metrics").body.decode())
        self.assertIn("NO TUNNEL to relay one", agent.run("status").stdout)
        (agent.data / "shuttle.key").write_text("{}")
        agent.end()
        agent.start()
        self.assertEqual(agent.get("/v1/agent")["tunnel"]["state"], "unusable")
        self.assertIn("cannot be used", agent.run("shuttle", "status").stdout)

    def test_a_registry_that_cannot_be_read_is_said_once_and_wherever_somebody_looks(self):
        _, _, token = self.connected_agent(self.folders, "acme")
        metrics = f"GET /metrics HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n"
        self.assertIn("imshuttle_registry_unreadable 0", self.ask_relay(metrics)[1])
        with contextlib.closing(sqlite3.connect(self.relay.data / "registry.db")) as registry:
            registry.execute("ALTER TABLE tokens RENAME TO lost")
            registry.commit()
            wait_for("the state file", lambda: (self.relay.state() or {}).get("registry_problem"))
            self.assertEqual(self.relay.run("status").returncode, 1)
            self.assertIn("imshuttle_registry_unreadable 1", self.ask_relay(metrics)[1])
            time.sleep(1)  # five looks
            self.assertEqual(self.relay.log_text().count("the registry cannot be read"), 1)
            registry.execute("ALTER TABLE lost RENAME TO tokens")
            registry.commit()
        wait_for("the state file", lambda: (self.relay.state() or {"registry_problem": ""})["registry_problem"] is None)
        self.assertIn("the registry can be read again", self.relay.log_text())
        self.assertEqual(self.relay.run("status").returncode, 0)

    def test_secrets_are_in_no_log_and_in_files_of_their_owner(self):
        agent, _, token = self.connected_agent(self.folders, "acme")
        self.assertEqual(self.portal("test").returncode, 0)
        self.assertNotIn(token, self.relay.log_text())
        enrolment = agent.data / "shuttle.key"
        self.assertEqual(enrolment.stat().st_mode & 0o777, 0o600)
        key = json.loads(enrolment.read_text())["key"]
        self.assertNotIn(key, agent.log_text() + (agent.data / "shuttle.json").read_text())
        for name in ("relay.key", "certificate.key"):
            self.assertEqual((self.relay.data / name).stat().st_mode & 0o777, 0o600, name)
        self.assertNotIn(token.encode(), (self.relay.data / "registry.db").read_bytes())


class Given(RelayTest):
    """A join code that an installer was given: the service joins with it, whenever it can."""

    def setUp(self):
        super().setUp()
        self.one = self.agent(self.folders, start=False)
        self.request = self.one.data / "shuttle.join"

    def give(self, code):
        result = self.one.run("service", "installer", "join", stdin=code + "\n")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn(code, result.stdout + result.stderr)
        return result.stderr

    def start(self):
        self.one.token = self.one.make_token()
        self.one.start()

    def told(self):
        return [finding for finding in self.one.items("/v1/findings") if finding["code"] == "join_failed"]

    def in_no_log(self, code):
        for text in (self.one.log_text(), (self.one.data / "logs/installer.log").read_text(), json.dumps(self.one.items("/v1/findings"))):
            self.assertNotIn(code, text)

    def test_it_is_used_once_the_relay_can_be_reached_and_then_gone(self):
        code = self.relay.must("join-code", "create")
        self.assertEqual(self.relay.end(), 0)
        self.assertIn("kept", self.give(code))
        self.assertEqual(self.request.stat().st_mode & 0o777, 0o600)
        self.start()
        told = wait_for("the finding", self.told)
        self.assertTrue(told[0]["evidence"]["tried_again"])
        self.assertIn("TCP", told[0]["says"])
        self.relay.start()
        state = self.wait_connected(self.one, 90)
        self.wait_online(self.relay, state["agent"])
        self.assertFalse(self.request.exists())
        wait_for("the finding's end", lambda: not self.told())
        self.in_no_log(code)
        # An upgrade by the same line of words.
        self.assertIn("enrolled already", self.give(code))
        self.assertFalse(self.request.exists())

    def test_one_that_was_used_is_given_up_with_a_finding_until_somebody_enrolls(self):
        code = self.relay.must("join-code", "create")
        other = self.agent(self.folders, start=False)
        self.assertEqual(self.enroll(other, code=code).returncode, 0)
        self.give(code)
        self.start()
        told = wait_for("the finding", self.told)
        self.assertFalse(told[0]["evidence"]["tried_again"])
        self.assertIn("bad_join_code", told[0]["says"])
        self.assertNotIn(code, self.request.read_text())
        self.assertEqual(self.shuttle(self.one)["join_code"], "given up")
        self.assertIn("bad_join_code", self.one.run("shuttle", "status").stdout)
        self.in_no_log(code)
        self.assertEqual(self.enroll(self.one).returncode, 0)
        self.wait_connected(self.one)
        wait_for("the finding's end", lambda: not self.told())
        self.assertFalse(self.request.exists())

    def test_one_that_is_damaged_is_never_dialled_and_is_told(self):
        code = self.relay.must("join-code", "create")
        slip = code[:30] + ("7" if code[30] != "7" else "8") + code[31:]
        self.assertIn("not copied completely", self.give(slip))
        self.assertNotIn(slip, self.request.read_text())
        self.start()
        told = wait_for("the finding", self.told)
        self.assertIn("not copied completely", told[0]["says"])
        self.assertEqual(told[0]["severity"], "warning")
        self.in_no_log(slip)
        self.assertEqual(self.relay.online(), {})
        # Another one is taken up by the running agent.
        self.give(code)
        self.wait_connected(self.one)
        wait_for("the finding's end", lambda: not self.told())


if __name__ == "__main__":
    unittest.main(verbosity=2)
