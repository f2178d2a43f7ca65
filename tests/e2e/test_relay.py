"""What a relay does beside carrying: limits, events of agents to webhooks, and a restart that refuses nobody."""
import base64
import hashlib
import hmac
import http.server
import json
import os
import socket
import ssl
import subprocess
import threading
import time
import unittest

from connector import ENVIRONMENT, wait_for
from middlebox import Authority
from server_tree import folders_toml, write_server
from shuttle_world import RELAY, ShuttleTest

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


class Receiver:
    """An HTTPS server that takes webhooks as receivers do: it checks each signature by the published rules."""

    def __init__(self, authority=None, port=0):
        self.got, self.answers, self.problems = [], [], []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + body
                wanted = "v1," + base64.b64encode(hmac.new(bytes(range(32)), signed, hashlib.sha256).digest()).decode()
                if self.headers["webhook-signature"] != wanted:
                    receiver.problems.append("wrong signature")
                if abs(time.time() - int(self.headers["webhook-timestamp"])) > 60:
                    receiver.problems.append("wrong time")
                status = receiver.answers.pop(0) if receiver.answers else 204
                if status < 300:
                    receiver.got.append({**json.loads(body), "path": self.path, "header_id": self.headers["webhook-id"]})
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", f"http://127.0.0.1:{receiver.port}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        if authority:
            self.server.socket = authority.context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def of(self, kind):
        return [one for one in self.got if one["type"] == kind]


class RelayTest(ShuttleTest):
    def setUp(self):
        super().setUp()
        self.folders = folders_toml(write_server(self.home / "server"))

    def configure(self, relay, extra):
        """Restarts the relay with more in its configuration."""
        relay.end()
        text = relay.config.read_text(encoding="utf-8")
        relay.config.write_text(text + extra, encoding="utf-8")
        write = relay.write_config
        relay.write_config = lambda *ports: (write(*ports), relay.config.write_text(relay.config.read_text(encoding="utf-8") + extra, encoding="utf-8"))
        relay.start()

    def connect(self, target, token, port=None, limit=30):
        """The status of a CONNECT."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with socket.create_connection(("127.0.0.1", port or self.relay.portal_port), limit) as plain, context.wrap_socket(plain) as stream:
            stream.sendall(f"CONNECT {target}:443 HTTP/1.1\r\nHost: x\r\nProxy-Authorization: Bearer {token}\r\n\r\n".encode())
            answer = b""
            while b"\r\n\r\n" not in answer:
                data = stream.recv(4096)
                if not data:
                    break
                answer += data
        return int(answer.split(b" ")[1]), answer.decode("latin-1")


class Limits(RelayTest):
    """What one token or agent may, as the verbs set it."""

    def test_limits_are_given_with_a_token_changed_later_and_told(self):
        _, agent_id, _ = self.connected_agent(self.folders, "acme")
        token = self.relay.must("token", "create", "--name", "hasty", "--connects", "1", "--streams", "3", "--bytes", "65536")
        listed = {one["name"]: one for one in json.loads(self.relay.run("token", "list", "--json").stdout)["tokens"]}
        self.assertEqual(listed["hasty"]["limits"], {"streams": 3, "connects_per_second": 1, "bytes_per_second": 65536})
        self.assertIsNone(listed["acme"]["limits"])
        answers = [self.connect(agent_id, token) for _ in range(5)]
        refused = [head for status, head in answers if status == 429]
        self.assertTrue(refused, answers)
        self.assertIn("Retry-After: 1\r\n", refused[0])
        self.relay.must("token", "limit", listed["hasty"]["id"], "--connects", "1000")
        wait_for("the new limit", lambda: all(self.connect(agent_id, token)[0] == 200 for _ in range(5)))
        self.relay.must("agents", "limit", agent_id, "--connects", "1")
        wait_for("the agent's limit", lambda: any(self.connect(agent_id, token)[0] == 429 for _ in range(5)))
        agents = json.loads(self.relay.run("agents", "list", "--json").stdout)["agents"]
        self.assertEqual(agents[0]["limits"]["connects_per_second"], 1)
        self.relay.must("agents", "limit", agent_id)
        self.assertIsNone(json.loads(self.relay.run("agents", "list", "--json").stdout)["agents"][0]["limits"])
        self.assertNotEqual(self.relay.run("agents", "limit", "anobody", "--connects", "5").returncode, 0)
        self.assertEqual(self.relay.run("token", "limit", "x", "--bytes", "10").returncode, 64)


class Webhooks(RelayTest):
    """Agents that come and go are told of, once, to whoever can be reached, and to nobody else."""

    def hook(self, url, *words, secret=SECRET):
        result = self.relay.run("webhook", "add", url, *words, stdin=secret + "\n")
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout.strip()

    def events(self, **settings):
        lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items())
        self.configure(self.relay, f"\n[events]\n{lines}")

    def test_online_and_offline_are_told_by_https_and_a_reconnect_is_not(self):
        authority = Authority(self.home)
        receiver = Receiver(authority)
        self.addCleanup(receiver.close)
        self.events(grace_seconds=10, ca_file=str(authority.file))
        hook = self.hook(f"https://127.0.0.1:{receiver.port}/events?key=hidden")
        agent, agent_id, _ = self.connected_agent(self.folders, "acme", "acme")
        online = wait_for("the event", lambda: receiver.of("agent.online"))
        self.assertEqual((online[0]["agent"]["id"], online[0]["agent"]["group"], online[0]["relay"]), (agent_id, "acme", "relay one"))
        self.assertEqual((online[0]["path"], online[0]["header_id"]), ("/events?key=hidden", online[0]["id"]))
        self.relay.kill()  # the tunnel is lost and comes back
        self.relay.start()
        self.wait_online(self.relay, agent_id)
        agent.end()
        offline = wait_for("the event", lambda: receiver.of("agent.offline"))
        self.assertEqual(offline[0]["agent"]["id"], agent_id)
        agent.start()
        wait_for("the event", lambda: len(receiver.of("agent.online")) == 2)
        self.assertEqual([one["type"] for one in receiver.got], ["agent.online", "agent.offline", "agent.online"])
        self.assertEqual(receiver.problems, [])
        listed = json.loads(self.relay.run("webhook", "list", "--json").stdout)["webhooks"]
        self.assertEqual([(one["id"], one["delivered"], one["waiting"]) for one in listed], [(hook, 3, 0)])
        log = json.loads(self.relay.run("webhook", "log", hook, "--json").stdout)["deliveries"]
        self.assertEqual([one["outcome"] for one in log], ["204"] * 3)
        shown = self.relay.run("webhook", "list").stdout + self.relay.run("webhook", "log").stdout + self.relay.log_text() + json.dumps([listed, log])
        for secret in ("hidden", SECRET, SECRET[6:]):
            self.assertNotIn(secret, shown)

    def test_nothing_is_lost_while_the_receiver_or_the_relay_is_away(self):
        receiver = Receiver()
        port = receiver.port
        receiver.close()
        hook = self.hook(f"http://127.0.0.1:{port}/")
        _, agent_id, _ = self.connected_agent(self.folders, "acme")
        wait_for("a try", lambda: [one for one in json.loads(self.relay.run("webhook", "log", "--json").stdout)["deliveries"]
                                   if one["outcome"].startswith("no connection")])
        self.relay.kill()
        receiver = Receiver(port=port)
        self.addCleanup(receiver.close)
        self.relay.start()
        got = wait_for("the event", lambda: receiver.of("agent.online"), 60)
        self.assertEqual([one["agent"]["id"] for one in got], [agent_id])
        self.relay.must("webhook", "test", hook)
        wait_for("the test", lambda: receiver.of("relay.test"))
        self.assertEqual(receiver.problems, [])

    def test_redirects_are_not_followed_and_strangers_not_trusted(self):
        receiver = Receiver()
        self.addCleanup(receiver.close)
        receiver.answers = [302, 500]
        hook = self.hook(f"http://127.0.0.1:{receiver.port}/here", "--event", "offline")
        self.relay.must("webhook", "test", hook)
        wait_for("the message", lambda: receiver.of("relay.test"), 90)
        log = json.loads(self.relay.run("webhook", "log", hook, "--json").stdout)["deliveries"]
        self.assertEqual([(one["attempt"], one["outcome"]) for one in log], [(3, "204"), (2, "500"), (1, "302: redirects are not followed")])
        self.assertEqual({one["path"] for one in receiver.got}, {"/here"})
        stranger = Receiver(Authority(self.home / "relay0"))
        self.addCleanup(stranger.close)
        other = self.hook(f"https://127.0.0.1:{stranger.port}/")
        self.relay.must("webhook", "test", other)
        log = wait_for("a try", lambda: json.loads(self.relay.run("webhook", "log", other, "--json").stdout)["deliveries"])
        self.assertIn("not trusted", log[0]["outcome"])
        self.assertEqual(stranger.got, [])
        self.relay.must("webhook", "remove", other)
        self.assertNotIn(other, self.relay.run("webhook", "list").stdout)

    def test_urls_and_secrets_that_would_protect_nothing_are_refused(self):
        for url, words in (("http://portal.example/", "without TLS"), ("ftp://portal.example/", "https://"), ("https://user:pw@portal.example/", "user and password"),
                           ("https:///x", "no host")):
            result = self.relay.run("webhook", "add", url, stdin=SECRET + "\n")
            self.assertEqual(result.returncode, 1, url)
            self.assertIn(words, result.stderr)
        self.assertIn("16 to 200", self.relay.run("webhook", "add", "https://portal.example/", stdin="short\n").stderr)
        self.assertIn("events are", self.relay.run("webhook", "add", "https://portal.example/", "--event", "up", stdin=SECRET + "\n").stderr)
        self.assertIn("no webhook", self.relay.run("webhook", "test", "wnone").stderr)


class Restarted(RelayTest):
    """Under systemd's socket activation, which this test plays, a restart refuses nobody."""

    def start_handed_over(self, sockets):
        def hand_over():
            for number, one in enumerate(sockets):
                os.dup2(one.fileno() + 0, 3 + number, inheritable=True)
        self.relay.log = open(self.relay.home / "relay.log", "a", encoding="utf-8")
        environment = {**ENVIRONMENT, "LISTEN_FDS": str(len(sockets)), "LISTEN_FDNAMES": "agents:portals"}
        words = f'LISTEN_PID=$$ exec "{RELAY}" run --config "{self.relay.config}"'
        self.relay.process = subprocess.Popen(["sh", "-c", words], stdin=subprocess.DEVNULL, stdout=self.relay.log, stderr=self.relay.log, env=environment,
                                              preexec_fn=hand_over, close_fds=False)

    def test_a_restart_refuses_no_portal_and_takes_agents_back(self):
        self.relay.end()
        # Far from 3 and 4, where they are handed over.
        sockets = []
        for _ in range(2):
            with socket.create_server(("127.0.0.1", 0), backlog=256) as made:
                sockets.append(socket.socket(fileno=os.dup2(made.fileno(), 100 + len(sockets), inheritable=False)))
        self.addCleanup(lambda: [one.close() for one in sockets])
        ports = [one.getsockname()[1] for one in sockets]
        self.relay.write_config(*ports)
        self.start_handed_over(sockets)
        wait_for("the relay", self.relay.state)
        self.relay.agents_port, self.relay.portal_port = ports
        _, agent_id, token = self.connected_agent(self.folders, "acme")
        self.assertEqual(self.connect(agent_id, token)[0], 200)
        answers, over = [], threading.Event()

        def ask():
            while not over.is_set():
                try:
                    answers.append(self.connect(agent_id, token, limit=60)[0])
                except OSError as error:
                    answers.append(repr(error))
                time.sleep(0.05)
        askers = [threading.Thread(target=ask) for _ in range(4)]
        for asker in askers:
            asker.start()
        try:
            for _ in range(2):
                before = len(answers)
                wait_for("some answers", lambda: len(answers) > before + 8)
                self.assertEqual(self.relay.end(30), 0)
                self.start_handed_over(sockets)
                wait_for("the relay", self.relay.state)
            before = len(answers)
            wait_for("more answers", lambda: len(answers) > before + 8, 60)
        finally:
            over.set()
            for asker in askers:
                asker.join(60)
        self.assertEqual(set(answers), {200}, self.relay.log_text()[-2000:])
        self.wait_online(self.relay, agent_id)

    def test_sockets_of_other_names_are_refused_by_name(self):
        self.relay.end()
        with socket.create_server(("127.0.0.1", 0)) as made:
            one = os.dup2(made.fileno(), 100, inheritable=False)
            self.addCleanup(os.close, one)

            def hand_over():
                os.dup2(100, 3, inheritable=True)
            environment = {**ENVIRONMENT, "LISTEN_FDS": "1", "LISTEN_FDNAMES": "other"}
            result = subprocess.run(["sh", "-c", f'LISTEN_PID=$$ exec "{RELAY}" run --config "{self.relay.config}"'], env=environment, preexec_fn=hand_over,
                                    close_fds=False, capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, 1)
        self.assertIn('"other"', result.stderr)
        self.relay.start()


if __name__ == "__main__":
    unittest.main(verbosity=2)
