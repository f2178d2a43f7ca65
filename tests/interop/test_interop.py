"""Our yamux against those of others, over TCP on this machine, in both roles.

usage: test_interop.py Go|Node [unittest options]    with YAMUX_ECHO, the path of our side
"""
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SECONDS = 50 * int(os.environ.get("IMC_E2E_PATIENCE", "1"))
MIB = 1 << 20


def prepared_go(folder):
    environment = dict(os.environ, GO111MODULE="off", GOPATH="/usr/share/gocode", GOFLAGS="", GOTOOLCHAIN="local")
    binary = folder / "yamux-peer"
    subprocess.run(["go", "build", "-o", binary, HERE / "go" / "main.go"], env=environment, check=True)
    return [str(binary)]


def prepared_node(folder):
    """The packages of the lock file, installed once into the user's cache, never into the tree."""
    lock = (HERE / "node" / "package-lock.json").read_bytes()
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    home = cache / "imconnector" / f"yamux-peer-{hashlib.sha256(lock).hexdigest()[:16]}"
    if not (home / "installed").exists():
        home.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / "node" / name, home)
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], cwd=home, check=True)
        (home / "installed").touch()
    # Packages are looked for beside the script.
    shutil.copy(HERE / "node" / "peer.mjs", folder)
    (folder / "node_modules").symlink_to(home / "node_modules")
    return ["node", str(folder / "peer.mjs")]


class Program:
    def __init__(self, command):
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.errors, stdin=subprocess.DEVNULL)

    def port(self):
        return self.process.stdout.readline().decode().strip()

    def ended(self):
        """The exit code, and what was said; killed when it takes too long."""
        try:
            code = self.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = f"killed after {SECONDS} s: {self.process.wait()}"
        self.process.stdout.close()
        self.errors.seek(0)
        return code, self.errors.read().decode(errors="replace")

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.errors.close()


class Interop:
    """The cases that both peers can do."""
    peer_command = None

    def play(self, our_words=(), peer_words=(), opens="ours"):
        """One session in each role: both sides must exit with 0. Whoever does not open streams ends with the session."""
        for our_role, peer_role in (("server", "client"), ("client", "server")):
            with self.subTest(ours=our_role, ours_say=our_words, peer_says=peer_words):
                ours = [os.environ["YAMUX_ECHO"], "--role", our_role, "--limit", str(SECONDS), *map(str, our_words)]
                theirs = [*self.peer_command, "--role", peer_role, *map(str, peer_words)]
                # Ours listens only while it opens streams: it otherwise waits for the next connection.
                first, second = (ours, theirs) if opens == "ours" else (theirs, ours)
                waiting = Program([*first, "--listen", "127.0.0.1:0"])
                self.addCleanup(waiting.stop)
                port = waiting.port()
                self.assertTrue(port.isdigit(), f"no port, but {port!r}; {first}")
                calling = Program([*second, "--connect", f"127.0.0.1:{port}"])
                self.addCleanup(calling.stop)
                ends = [calling.ended(), waiting.ended()]
                self.assertEqual([code for code, _ in ends], [0, 0], [second[0], ends[0][1], first[0], ends[1][1]])

    def ours_opens(self, count, size, *peer_words, scenario="echo"):
        self.play(["--open", count, "--bytes", size, "--scenario", scenario], peer_words, "ours")

    def peer_opens(self, count, size, *peer_words, late=False):
        self.play(["--late"] if late else [], ["--open", count, "--bytes", size, *peer_words], "peer")

    def test_one_byte(self):
        self.ours_opens(1, 1)
        self.peer_opens(1, 1)

    def test_one_mebibyte(self):
        self.ours_opens(1, MIB)
        self.peer_opens(1, MIB)

    def test_64_mebibytes_that_ours_sends(self):
        self.ours_opens(1, 64 * MIB)

    def test_64_mebibytes_that_the_peer_sends(self):
        self.peer_opens(1, 64 * MIB)

    def test_200_streams_at_once(self):
        self.ours_opens(200, 20_000)
        self.peer_opens(200, 20_000)

    def test_streams_cut_into_pieces_of_1_to_700_bytes(self):
        self.ours_opens(4, MIB // 2, "--cut")
        self.peer_opens(4, MIB // 2, "--cut")

    def test_half_close_ours_reads_long_after_it_has_finished(self):
        self.ours_opens(5, 200_000, "--late")

    def test_ours_resets_every_other_stream_half_way(self):
        self.ours_opens(20, 300_000, scenario="reset")


class Go(Interop, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.peer_command = prepared_go(pathlib.Path(cls.folder.name))

    def test_ours_goes_away_while_its_streams_are_open(self):
        self.ours_opens(10, 300_000, scenario="go-away")

    def test_the_peer_goes_away_while_its_streams_are_open(self):
        self.peer_opens(10, 300_000, "--scenario", "go-away")


class Node(Interop, unittest.TestCase):
    """This peer resets all streams when it is told go-away, and itself says so after its streams have ended."""
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.peer_command = prepared_node(pathlib.Path(cls.folder.name))

    def test_half_close_the_peer_reads_long_after_it_has_finished(self):
        self.peer_opens(5, 200_000, late=True)

    def test_the_peer_resets_every_other_stream_half_way(self):
        self.peer_opens(20, 300_000, "--scenario", "reset")


if __name__ == "__main__":
    if not os.environ.get("YAMUX_ECHO"):
        sys.exit("YAMUX_ECHO is not set: the path of yamux-echo")
    # The words before the first option name peers; the same class name may be asked for as Class.test.
    unittest.main(verbosity=1)
