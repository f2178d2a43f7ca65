"""A relay, and agents that are reached through it, each as its users start it."""
import json
import os
import pathlib
import ssl
import subprocess
import sys
import hashlib

from connector import ENVIRONMENT, SLOW, ConnectorTest, run, wait_for

RELAY = os.environ.get("IMSHUTTLE", "imshuttle")
PORTAL = pathlib.Path(__file__).resolve().parent.parent.parent / "tools" / "portal"


class Relay:
    """One relay with a configuration and a data directory of its own."""
    under = ()  # what it is started by, such as nsenter with its words

    def __init__(self, home, agents_port=0, portal_port=0, name="relay one"):
        self.home = pathlib.Path(home)
        self.data = self.home / "data"
        self.config = self.home / "imshuttle.toml"
        self.name = name
        self.process = None
        self.write_config(agents_port, portal_port)

    def write_config(self, agents_port, portal_port):
        public = f'public_address = "127.0.0.1:{agents_port}"\n' if agents_port else ""
        self.config.write_text(
            f'[relay]\nname = "{self.name}"\ndata_directory = "{self.data}"\nlog_level = "debug"\n\n[agents]\nlisten = ["127.0.0.1:{agents_port}"]\n{public}\n'
            f'[portal]\nlisten = ["127.0.0.1:{portal_port}"]\n\n[limits]\ndrain_seconds = 2\nhandshake_seconds = 5\n', encoding="utf-8")

    def run(self, *words, stdin=""):
        return subprocess.run([RELAY, *words, "--config", str(self.config)], input=stdin, capture_output=True, text=True, timeout=30 * SLOW, env=ENVIRONMENT)

    def must(self, *words):
        result = self.run(*words)
        if result.returncode != 0:
            raise AssertionError(f"{words}: {result.stderr}")
        return result.stdout.strip()

    def start(self):
        (self.data / "state.json").unlink(missing_ok=True)
        self.log = open(self.home / "relay.log", "a", encoding="utf-8")
        self.process = subprocess.Popen([*self.under, RELAY, "run", "--config", str(self.config)], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, env=ENVIRONMENT)
        state = wait_for("the relay's state file", self.state)
        self.agents_port = int(state["agents_listening"][0].rsplit(":", 1)[1])
        self.portal_port = int(state["portal_listening"][0].rsplit(":", 1)[1])
        self.write_config(self.agents_port, self.portal_port)  # join codes need the port that it got, and a restart the same
        return self

    def state(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the relay ended with {self.process.returncode}:\n{self.log_text()[-3000:]}")
        try:
            state = json.loads((self.data / "state.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        return state if state["pid"] == self.process.pid else None

    def log_text(self):
        return (self.home / "relay.log").read_text(encoding="utf-8")

    def end(self, limit=15):
        self.process.terminate()
        code = self.process.wait(limit * SLOW)
        self.log.close()
        self.process = None
        return code

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.log.close()
        self.process = None

    def online(self):
        return {session["agent"]: session for session in (self.state() or {"sessions": []})["sessions"]}

    def pin(self):
        pem = (self.data / "certificate.pem").read_text(encoding="ascii")
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()

    def url(self):
        return f"https://127.0.0.1:{self.portal_port}"


class ShuttleTest(ConnectorTest):
    """Gives each test a relay."""
    portal_under = ()  # what tools/portal is started by

    def setUp(self):
        super().setUp()
        self.relays = []
        self.relay = self.make_relay()

    def make_relay(self, **options):
        home = self.home / f"relay{len(self.relays)}"
        home.mkdir()
        relay = Relay(home, **options)
        self.relays.append(relay)
        self.addCleanup(self.put_down_relay, relay)
        return relay.start()

    def put_down_relay(self, relay):
        if relay.process is not None:
            self.assertIsNone(relay.process.poll(), relay.log_text()[-3000:])
            relay.kill()

    def enroll(self, agent, group="default", relay=None, code=None, words=()):
        code = code or (relay or self.relay).must("join-code", "create", "--group", group)
        return agent.run("enroll", *words, stdin=code + "\n")

    def shuttle(self, agent):
        return json.loads(agent.run("shuttle", "status", "--json").stdout)

    def wait_connected(self, agent, limit=30):
        return wait_for("the tunnel", lambda: (lambda s: s if s.get("state") == "connected" else None)(self.shuttle(agent)), limit)

    def wait_online(self, relay, agent_id, limit=30):
        return wait_for("the agent at the relay", lambda: relay.online().get(agent_id), limit)

    def portal(self, *words, stdin="", json_out=True):
        command = [*self.portal_under, sys.executable, "-B", str(PORTAL), "--store", str(self.home / "portal.json"), *(["--json"] if json_out else []), *words]
        return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=60 * SLOW, env=ENVIRONMENT)

    def portal_process(self, *words, **options):
        """The same, left running."""
        command = [sys.executable, "-B", str(PORTAL), "--store", str(self.home / "portal.json"), "--json", *words]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, env=ENVIRONMENT, **options)

    def add_to_portal(self, name, agent, agent_id, token, relay_token, relay=None):
        relay = relay or self.relay
        result = self.portal("add", name, "--relay", relay.url(), "--relay-pin", relay.pin(), "--agent", agent_id, "--pin",
                             agent.facts()["certificate_sha256"], stdin=f"{token}\n{relay_token}\n")
        self.assertEqual(result.returncode, 0, result.stderr)

    def connected_agent(self, folders, name, group="default", **options):
        """An agent of that name, enrolled, connected, and known to the portal."""
        agent = self.agent(folders, **options)
        result = self.enroll(agent, group)
        self.assertEqual(result.returncode, 0, result.stderr)
        agent_id = result.stdout.strip()
        self.wait_connected(agent)
        self.wait_online(self.relay, agent_id)
        relay_token = self.relay.must("token", "create", "--name", name, "--group", group)
        self.add_to_portal(name, agent, agent_id, agent.token, relay_token)
        return agent, agent_id, relay_token


__all__ = ["PORTAL", "RELAY", "Relay", "ShuttleTest", "run", "wait_for"]
