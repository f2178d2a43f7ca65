"""The executable as its users meet it: the command line, and a running agent with its API."""
import contextlib
import hashlib
import http.client
import json
import os
import pathlib
import shlex
import signal
import ssl
import subprocess
import tempfile
import time
import unittest

PROGRAM = os.environ.get("IMCONNECTOR", "imconnector")
RUNNER = shlex.split(os.environ.get("IMC_RUNNER", ""))  # what starts the program: Wine, for one made for Windows
SLOW = float(os.environ.get("IMC_E2E_PATIENCE", "1"))  # sanitizers take their time
ENVIRONMENT = {**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8"}


def native(word):
    """A path as the program knows it; any other word as it is."""
    return "Z:" + str(word).replace("/", "\\") if RUNNER and isinstance(word, pathlib.Path) else str(word)


def command(*words):
    return [*RUNNER, PROGRAM, *map(native, words)]


def run(*words, stdin="", limit=30, under=()):
    """One command line to its end."""
    return subprocess.run([*under, *command(*words)], input=stdin, capture_output=True, text=True, timeout=limit * SLOW, env=ENVIRONMENT)


def wait_for(what, predicate, limit=20.0):
    """What `predicate` gives as soon as it is true; fails after `limit` seconds, saying `what`."""
    deadline = time.monotonic() + limit * SLOW
    while True:
        answer = predicate()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {limit * SLOW:.0f} s in vain for {what}")
        time.sleep(0.05)


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    def json(self):
        return json.loads(self.body)


class Agent:
    """One agent with a configuration and a data directory of its own."""
    under = ()  # what all its programs are started by, such as nsenter with its words

    def __init__(self, home, folders, extra=""):
        self.home = pathlib.Path(home)
        self.data = self.home / "data"
        self.config = self.home / "imconnector.toml"
        self.process = None
        self.token = None
        self.write_config(folders, extra)

    def write_config(self, folders, extra=""):
        # At night it would read what the trees only pretend to hold.
        verify = "" if "[verify]" in folders + extra else "\n[verify]\nenabled = false\n"
        self.config.write_text(f"[agent]\ndata_directory = '{native(self.data)}'\n\n[api]\nlisten = [\"127.0.0.1:0\"]\n\n"
                               f"[scan]\ninterval_seconds = 3600\nsettle_seconds = 0\n{extra}\n{verify}{folders}", encoding="utf-8")

    def run(self, *words, **options):
        return run(*words, "--config", self.config, under=self.under, **options)

    def start(self, ready=True, environment=(), under=()):
        """`under`: what the program is started by besides, such as setpriv with its words."""
        (self.data / "agent.json").unlink(missing_ok=True)
        self.log = open(self.home / "agent.log", "a", encoding="utf-8")
        self.process = subprocess.Popen([*self.under, *under, *command("run", "--config", self.config)], stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=self.log, env={**ENVIRONMENT, **dict(environment)})
        wait_for("agent.json", self.facts)
        if ready:
            self.wait_ready()
        return self

    def wait_ready(self):
        wait_for("the first scan", lambda: self.run("status").returncode != 3, 30)

    def facts(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the agent ended with {self.process.returncode}:\n{self.log_text()[-3000:]}")
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
            facts = json.loads((self.data / "agent.json").read_text(encoding="utf-8"))
            # Wine gives numbers of its own to processes.
            return facts if RUNNER or facts.get("pid") == self.process.pid else None

    def log_text(self):
        return (self.home / "agent.log").read_text(encoding="utf-8")

    def end(self, how=signal.SIGTERM, limit=10):
        """Sends the signal; gives the exit code."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(limit * SLOW)
        self.log.close()
        if how != signal.SIGKILL and "would not end" in self.log_text():
            raise AssertionError(self.log_text())
        self.process = None
        return code

    def make_token(self, scope="operate", name="test"):
        result = self.run("token", "create", "--name", name, "--scope", scope)
        if result.returncode != 0:
            raise AssertionError(result.stderr)
        token = result.stdout.strip()
        if self.process is not None and self.call("GET", "/v1/agent", token=token).status != 200:
            raise AssertionError("the agent does not know a token that was just made")
        return token

    def connect(self):
        """A TLS connection whose certificate is the one that the agent wrote down."""
        facts = self.facts()
        host, port = facts["url"].removeprefix("https://").rstrip("/").rsplit(":", 1)
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # pinned below
        connection = http.client.HTTPSConnection(host, int(port), timeout=20 * SLOW, context=context)
        connection.connect()
        seen = hashlib.sha256(connection.sock.getpeercert(binary_form=True)).hexdigest()
        if seen != facts["certificate_sha256"].replace(":", "").lower():
            raise AssertionError("another certificate than agent.json says")
        return connection

    def call(self, method, target, body=None, token=..., headers=()):
        token = self.token if token is ... else token
        connection = self.connect()
        try:
            sent = {"Content-Type": "application/json"} if body is not None else {}
            sent.update({"Authorization": f"Bearer {token}"} if token else {})
            sent.update(headers)
            connection.request(method, target, None if body is None else json.dumps(body), sent)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, target, **options):
        answer = self.call("GET", target, **options)
        if answer.status != 200:
            raise AssertionError(f"GET {target}: {answer.status} {answer.body[:500]!r}")
        return answer.json()

    def items(self, target):
        """The elements of a list, page by page."""
        found, cursor, separator = [], "", "&" if "?" in target else "?"
        while True:
            page = self.get(target + (f"{separator}cursor={cursor}" if cursor else ""))
            found += page["items"]
            cursor = page.get("next_cursor")
            if not cursor:
                return found

    def rescan(self):
        """Asks for a scan and waits until it is through."""
        before = self.get("/v1/agent")["last_scan"]["finished"]
        time.sleep(1.0)  # its times have seconds
        answer = self.call("POST", "/v1/rescan", {})
        if answer.status not in (200, 202, 204):
            raise AssertionError(f"rescan: {answer.status} {answer.body[:500]!r}")
        wait_for("the scan that was asked for", lambda: self.get("/v1/agent")["last_scan"]["finished"] not in (None, before))


class ConnectorTest(unittest.TestCase):
    """Gives each test a home that is removed with it, and ends every agent that was made."""
    maxDiff = 4000

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="imc-e2e-")
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name)
        self.agents = []

    def agent(self, folders, extra="", start=True, kind=Agent):
        home = self.home / f"agent{len(self.agents)}"
        home.mkdir()
        agent = kind(home, folders, extra)
        self.agents.append(agent)
        self.addCleanup(self.put_down, agent)
        if start:
            agent.token = agent.make_token()
            agent.start()
        return agent

    def put_down(self, agent):
        if agent.process is None:
            return
        code = agent.process.poll()
        if code is None:
            agent.process.kill()
            agent.process.wait()
        agent.log.close()
        self.assertIsNone(code, f"the agent ended by itself:\n{agent.log_text()[-3000:]}")

    def assert_run(self, code, *words, **options):
        result = run(*words, **options)
        self.assertEqual(result.returncode, code, f"{words}\n{result.stdout[-2000:]}\n{result.stderr[-2000:]}")
        return result


__all__ = ["Agent", "Answer", "ConnectorTest", "PROGRAM", "native", "run", "signal", "wait_for"]
