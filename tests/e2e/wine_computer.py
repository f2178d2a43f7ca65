"""A Windows computer of its own for a test: a fresh Wine prefix, its files, services, registry, and the agent on it."""
import contextlib
import hashlib
import http.client
import json
import os
import pathlib
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import unittest

RUNNER = shlex.split(os.environ["IMC_RUNNER"])
SLOW = float(os.environ.get("IMC_E2E_PATIENCE", "1"))
DATA = "ProgramData/ImageManager Connector"
INSTALLED = "Program Files/ImageManager Connector"


def free_port():
    """A port that nobody has. Wine cannot bind one again whose connections linger, so each use takes a fresh one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def windows(path):
    """A path of this computer as Wine sees it."""
    return "Z:" + str(path).replace("/", "\\")


def wait_for(what, predicate, limit=30.0):
    deadline = time.monotonic() + limit * SLOW
    while True:
        answer = predicate()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {limit * SLOW:.0f} s in vain for {what}")
        time.sleep(0.1)


class Computer:
    """Made from `template`, an untouched prefix, which copies faster than Wine makes one. The system's files are shared by
    hard links; the registry is not, because Wine writes into a file that has several."""

    def __init__(self, template):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="imc-wine-"))
        self.prefix = self.home / "prefix"
        self.prefix.mkdir()
        for part in template.iterdir():
            subprocess.run(["cp", "-al" if part.name == "drive_c" else "-a", part, self.prefix], check=True)
        self.environment = {**os.environ, "WINEPREFIX": str(self.prefix), "TZ": "UTC", "LC_ALL": "C.UTF-8", "WINEDEBUG": "-all"}
        self.drive = self.prefix / "drive_c"
        self.data = self.drive / DATA
        self.program = self.drive / INSTALLED / "imconnector.exe"
        self.log = self.data / "logs" / "imconnector.log"
        # Wine shuts a computer down, its services too, when nobody is logged in: this one waits for words that never come.
        self.somebody = subprocess.Popen([*RUNNER, "cmd"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                         env=self.environment)

    def close(self):
        self.somebody.stdin.close()
        server = shutil.which("wineserver") or "/usr/lib/wine/wineserver"
        subprocess.run([server, "--kill"], env=self.environment, capture_output=True, timeout=60, check=False)
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run([server, "--wait"], env=self.environment, capture_output=True, timeout=30, check=False)
        self.somebody.wait(30 * SLOW)
        shutil.rmtree(self.home, ignore_errors=True)

    def wine(self, *words, limit=120):
        # Not through pipes: a service that is started keeps them open.
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            code = subprocess.run([*RUNNER, *map(str, words)], stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=self.environment,
                                  timeout=limit * SLOW, check=False).returncode
            for stream in (out, err):
                stream.seek(0)
            return subprocess.CompletedProcess(words, code, out.read(), err.read())

    def run(self, *words, program=None, **options):
        return self.wine(program or self.program, *words, **options)

    def msiexec(self, *words, limit=300):
        log = self.home / f"msi-{time.monotonic_ns()}.log"
        done = self.wine("msiexec", *words, "/qn", "/l*v", windows(log), limit=limit)
        done.log = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        return done

    def state(self):
        """As the service control manager has it: "RUNNING" ...; "" without the service."""
        found = re.search(r"STATE\s*:\s*\d+\s+(\w+)", self.wine("sc", "query", "imconnector").stdout)
        return found.group(1) if found else ""

    def process(self):
        """The id that this computer has for the service's process."""
        for entry in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words = (entry / "cmdline").read_bytes().split(b"\0")
                if b"--service" in words and f"WINEPREFIX={self.prefix}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                    return int(entry.name)
        return None

    def resident_kib(self):
        """Memory of the service's process, all of it and what it has to itself: what is in no file, and its own program. Wine's
        libraries and those below are files that all processes share."""
        mappings = pathlib.Path(f"/proc/{self.process()}/smaps").read_text(encoding="utf-8")
        found = {"all": 0, "own": 0}
        own = False
        for line in mappings.splitlines():
            words = line.split()
            if re.fullmatch(r"[0-9a-f]+-[0-9a-f]+", words[0]):
                own = line.endswith("/imconnector.exe")
            elif words[0] == "Rss:":
                found["all"] += int(words[1])
                found["own"] += int(words[1]) if own else 0
            elif words[0] == "Anonymous:" and not own:
                found["own"] += int(words[1])
        return found

    def told(self):
        """What installer and service wrote last: for the message of a test that failed."""
        logs = [self.data / "logs" / name for name in ("installer.log", "imconnector.log")]
        return "\n".join(["", *(log.read_text(encoding="utf-8", errors="replace")[-3000:] for log in logs if log.exists())])

    def facts(self):
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
            return json.loads((self.data / "agent.json").read_text(encoding="utf-8"))
        return None

    def call(self, target, token=None, port=None):
        """Over TLS, to whoever shows the certificate that the agent wrote down."""
        facts = self.facts()
        port = port or int(facts["url"].rsplit(":", 1)[1].rstrip("/"))
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # pinned below
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=20 * SLOW, context=context)
        try:
            connection.connect()
            seen = hashlib.sha256(connection.sock.getpeercert(binary_form=True)).hexdigest()
            if seen != facts["certificate_sha256"].replace(":", "").lower():
                raise AssertionError("another certificate than agent.json says")
            connection.request("GET", target, headers={"Authorization": f"Bearer {token}"} if token else {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def folders(self, token, port=None):
        status, body = self.call("/v1/folders", token, port)
        if status != 200:
            raise AssertionError(f"/v1/folders: {status} {body[:300]!r}")
        return {folder["path"]: folder for folder in json.loads(body)["items"]}

    def token(self, program=None):
        made = self.run("token", "create", "--name", "portal", program=program)
        if made.returncode != 0:
            raise AssertionError(made.stderr)
        return made.stdout.strip()


class ComputerTest(unittest.TestCase):
    """One template for all tests of a file; each test has a computer that goes with it."""
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.home = pathlib.Path(tempfile.mkdtemp(prefix="imc-wine-template-"))
        cls.addClassCleanup(shutil.rmtree, cls.home, ignore_errors=True)
        cls.template = cls.home / "prefix"
        environment = {**os.environ, "WINEPREFIX": str(cls.template)}
        subprocess.run([*RUNNER, "cmd", "/c", "exit"], env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=True,
                       timeout=120 * SLOW)
        server = shutil.which("wineserver") or "/usr/lib/wine/wineserver"
        subprocess.run([server, "--wait"], env=environment, capture_output=True, timeout=60 * SLOW, check=False)

    def setUp(self):
        self.computer = Computer(self.template)
        self.addCleanup(self.computer.close)

    def assert_well(self, done, code=0):
        self.assertEqual(done.returncode, code, f"{done.args}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}\n{getattr(done, 'log', '')[-6000:]}")
        return done
