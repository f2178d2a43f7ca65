"""Relay, agents and portal, each as its users start it: enrolment, the way through, and everything that ends it."""
import contextlib
import hashlib
import json
import os
import pathlib
import socket
import sqlite3
import ssl
import subprocess
import sys
import time
import unittest

from connector import signal, wait_for
from middlebox import Authority, Proxy
from server_tree import folders_toml, write_server
from shuttle_world import ShuttleTest

HERE = pathlib.Path(__file__).resolve().parent


class Inner:
    """TLS inside a connection that is TLS itself."""

    def __init__(self, outer, context):
        self.outer = outer
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing)

    def open(self, head):
        self.outer.sendall(head.encode())
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            answer += self.outer.recv(1)
        if b" 200 " not in answer:
            raise AssertionError(answer)
        self.pump(self.tls.do_handshake)

    def pump(self, step, *words):
        while True:
            try:
                return step(*words)
            except ssl.SSLWantReadError:
                self.flush()
                data = self.outer.recv(65536)
                if data:
                    self.incoming.write(data)
                else:
                    self.incoming.write_eof()
            finally:
                self.flush()

    def flush(self):
        if data := self.outgoing.read():
            self.outer.sendall(data)

    def sendall(self, data):
        self.pump(self.tls.write, data)

    def recv(self, size):
        return self.pump(self.tls.read, size)

    def close(self):
        self.outer.close()


def read_until(stream, mark):
    """What comes up to the mark; None: the end came first."""
    data = b""
    while mark not in data:
        try:
            more = stream.recv(65536)
        except (ConnectionError, ssl.SSLError):
            return None
        if not more:
            return None
        data += more
    return data


class RelayTest(ShuttleTest):
    def setUp(self):
        super().setUp()
        self.folders = folders_toml(write_server(self.home / "server"))

    def ask_relay(self, head):
        """The status line and the rest of the answer to a raw request at the portal's port."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with socket.create_connection(("127.0.0.1", self.relay.portal_port), 20) as plain, context.wrap_socket(plain) as stream:
            stream.sendall(head.encode())
            answer = b""
            while b"\r\n\r\n" not in answer or not answer.split(b"\r\n\r\n", 1)[1]:
                data = stream.recv(65536)
                if not data:
                    break
                answer += data
        return int(answer.split(b" ")[1]), answer.decode("latin-1")

    def restart_relay(self, words, others):
        """With another configuration, until the next start."""
        self.assertEqual(self.relay.end(), 0)
        self.relay.config.write_text(self.relay.config.read_text().replace(words, others))
        self.relay.start()

    def open_tunnel(self, agent_id, token):
        """A connection to an agent by the relay, TLS inside TLS."""
        outside, inside = ssl.create_default_context(), ssl.create_default_context()
        for context in (outside, inside):
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        stream = Inner(outside.wrap_socket(socket.create_connection(("127.0.0.1", self.relay.portal_port), 20)), inside)
        self.addCleanup(stream.close)
        stream.open(self.connect_head(f"{agent_id}:443", token))
        return stream

    def open_feed(self, agent, agent_id, token):
        """The live feed of an agent by the relay, the head of the answer read."""
        stream = self.open_tunnel(agent_id, token)
        stream.sendall(f"GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {agent.token}\r\n\r\n".encode())
        self.assertIn(b" 200 ", read_until(stream, b"\r\n\r\n"))
        return stream

    def connect_head(self, target, token, host=None):
        return f"CONNECT {target} HTTP/1.1\r\nHost: {host or target}\r\nProxy-Authorization: Bearer {token}\r\n\r\n"

    def ended(self, agent, **wanted):
        def look():
            state = self.shuttle(agent)
            return state if all(state.get(key) == value for key, value in wanted.items()) else None
        return wait_for(f"the tunnel to be {wanted}", look)


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


def body_length(answer):
    return str(len(answer.split("\r\n\r\n", 1)[1]))


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
        self.assertEqual(agent.end(limit=20), 0)
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
        self.restart_relay("drain_seconds = 2", "drain_seconds = 6")
        agent, agent_id, token = self.connected_agent(self.folders, "acme")
        feed = self.open_feed(agent, agent_id, token)
        self.relay.must("drain")
        begun = time.monotonic()
        wait_for("the relay to drain", lambda: "asked to drain" in self.relay.log_text())
        agent.call("POST", "/v1/rescan", {})
        self.assertIn(b"event: ", read_until(feed, b"event: "))  # in spite of it
        self.assertIsNone(self.relay.process.poll())
        self.assertIsNone(read_until(feed, b"never"))  # the feed has no end of its own
        self.assertGreaterEqual(time.monotonic() - begun, 5)  # limits.drain_seconds
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


class Hostile(RelayTest):
    """What strangers do at the agents' port ends their own connection and nothing else."""

    def dial(self):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        stream = context.wrap_socket(socket.create_connection(("127.0.0.1", self.relay.agents_port), 20))
        self.addCleanup(stream.close)
        return stream

    def upgrade(self, path="/shuttle", protocol="imshuttle.yamux.v1", more=""):
        stream = self.dial()
        stream.sendall((f"GET {path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        f"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: {protocol}\r\n{more}\r\n").encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            byte = stream.recv(1)
            if not byte:
                break
            head += byte
        return stream, head.decode("latin-1")

    def frame(self, payload, opcode=2):
        size = bytes([0x80 | len(payload)]) if len(payload) < 126 else bytes([0x80 | 126]) + len(payload).to_bytes(2, "big")
        return bytes([0x80 | opcode]) + size + bytes(4) + payload

    def assert_ended(self, stream):
        stream.settimeout(20)
        try:
            while stream.recv(65536):
                pass
        except (ConnectionError, ssl.SSLError):
            pass

    def test_strangers_are_answered_and_sent_away(self):
        for head, status in (("GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"426"), ("POST /shuttle HTTP/1.1\r\nHost: x\r\n\r\n", b"426"),
                             ("nonsense\r\n\r\n", b""), ("GET / HTTP/1.1\r\nX: " + "x" * 20000 + "\r\n\r\n", b"")):
            stream = self.dial()
            stream.sendall(head.encode())
            answer = b""
            try:
                while data := stream.recv(65536):
                    answer += data
            except (ConnectionError, ssl.SSLError):
                pass
            self.assertIn(status, answer.split(b"\r\n")[0], head[:40])
        self.assertIn(" 404 ", self.upgrade(path="/other")[1])
        self.assertIn(" 400 ", self.upgrade(protocol="imshuttle.yamux.v9")[1])
        self.assertIn(" 403 ", self.upgrade(more="Origin: https://evil.example\r\n")[1])
        # Of several versions the relay takes the one that it knows.
        head = self.upgrade(protocol="imshuttle.yamux.v9, imshuttle.yamux.v1")[1]
        self.assertIn(" 101 ", head)
        self.assertIn("imshuttle.yamux.v1\r\n", head)

    def test_whoever_proves_nothing_is_left_and_others_go_on(self):
        agent, agent_id, _ = self.connected_agent(self.folders, "acme")
        hello = bytes([1, 1, 1]) + bytes(64) + b"\x05relay" + b"\x02ab" + b"\0" + b"\x01h" + b"\x01s"
        proof = bytes([3, 0]) + bytes(64)
        for frames in ((self.frame(b"x"),), (self.frame(bytes(900)),), (self.frame(bytes(60000)),), (self.frame(b"text", opcode=1),),
                       (self.frame(hello), self.frame(proof)), (self.frame(hello), self.frame(hello)), (self.frame(hello[:40]),),
                       (b"\xff" * 100,), (b"\x82\xff" + b"\xff" * 8,)):
            stream, head = self.upgrade()
            self.assertIn(" 101 ", head)
            for frame in frames:
                try:
                    stream.sendall(frame)
                except OSError:
                    break
            self.assert_ended(stream)
        silent = [self.dial() for _ in range(20)]
        self.assertEqual(self.portal("test").returncode, 0)
        self.assertIn(agent_id, self.relay.online())
        for stream in silent:
            self.assert_ended(stream)
        self.assertEqual(self.portal("test").returncode, 0)


class Between(RelayTest):
    """Networks that let nobody straight through."""

    def proxied(self, proxy, words=(), password=None):
        agent = self.agent(self.folders)
        code = self.relay.must("join-code", "create")
        result = agent.run("enroll", "--proxy", f"http://127.0.0.1:{proxy.port}", *words, stdin=code + "\n" + (password + "\n" if password else ""))
        return agent, result

    def test_a_proxy_with_a_login(self):
        proxy = Proxy("acme", "open sesame")
        self.addCleanup(proxy.close)
        agent, result = self.proxied(proxy, ["--proxy-user", "acme"], "wrong")
        self.assertEqual(result.returncode, 1)
        self.assertIn("proxy failed: the proxy did not take the user name and password", result.stderr)
        agent, result = self.proxied(proxy)
        self.assertIn("asks for a login (it offers Basic) and none is configured", result.stderr)
        agent, result = self.proxied(proxy, ["--proxy-user", "acme"], "open sesame")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(f"127.0.0.1:{proxy.port}", self.wait_connected(agent)["proxy"])
        self.assertNotIn("open sesame", agent.log_text() + json.dumps(self.shuttle(agent)) + result.stderr)
        self.assertGreaterEqual(proxy.passed, 2)

    def test_whoever_opens_the_tls_is_named_and_trusted_only_as_far_as_this_computer_says(self):
        guard = Authority(self.home)
        proxy = Proxy(intercept=guard)
        self.addCleanup(proxy.close)
        _, result = self.proxied(proxy)
        self.assertEqual(result.returncode, 1)
        self.assertIn("TLS failed", result.stderr)
        self.assertIn("Initech Web Guard", result.stderr)
        _, result = self.proxied(proxy, ["--ca-file", str(guard.file), "--refuse-interception"])
        self.assertEqual(result.returncode, 1)
        self.assertIn("refuse", result.stderr)
        # As it is typed; the agent runs elsewhere.
        agent, result = self.proxied(proxy, ["--ca-file", os.path.relpath(guard.file)])
        self.assertEqual(result.returncode, 0, result.stderr)
        agent_id = result.stdout.strip()
        self.assertEqual(json.loads((agent.data / "shuttle.key").read_text())["ca_file"], str(guard.file))
        self.assertEqual(self.wait_connected(agent)["intercepted_by"], "CN=Initech Web Guard")
        self.wait_online(self.relay, agent_id)
        # End to end all the same: the portal sees the agent's own certificate.
        self.add_to_portal("acme", agent, agent_id, agent.token, self.relay.must("token", "create", "--name", "acme"))
        tested = self.portal("test")
        self.assertEqual(tested.returncode, 0, tested.stderr)

    def test_each_step_that_fails_is_named(self):
        agent = self.agent(self.folders, start=False)
        self.relay.write_config(self.relay.agents_port, self.relay.portal_port)
        closed = socket.create_server(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        closed.close()
        code = self.relay.must("join-code", "create")
        result = agent.run("enroll", "--proxy", f"http://127.0.0.1:{port}", stdin=code + "\n")
        self.assertIn("TCP failed", result.stderr)
        result = agent.run("enroll", "--proxy", "http://nowhere.invalid:1", stdin=code + "\n")
        self.assertIn("DNS failed", result.stderr)
        result = agent.run("enroll", "--proxy", "socks5://x", stdin=code + "\n")
        self.assertIn("proxy settings failed", result.stderr)
        # The agent's API is TLS, but no relay.
        running = self.agent(self.folders)
        other = int(running.facts()["url"].rsplit(":", 1)[1])
        self.relay.config.write_text(self.relay.config.read_text().replace(f'public_address = "127.0.0.1:{self.relay.agents_port}"',
                                                                           f'public_address = "127.0.0.1:{other}"'))
        result = agent.run("enroll", stdin=self.relay.must("join-code", "create") + "\n")
        self.assertIn("WebSocket failed", result.stderr)
        self.assertFalse((agent.data / "shuttle.key").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
