"""The relay in a network of its own: throughput beside `ssh -R` on the same path, what it adds to a small request, idle tunnels,
all agents at once after a restart, and a portal that asks all of them. Delay is made by tests/support/slow_line_posix.cpp.

As a program it makes that network, measures, and prints rows of JSON; measure() starts it so."""
import concurrent.futures
import contextlib
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
KIB, MIB = 1024, 1024 * 1024
FIXED_WINDOW = 256 * KIB
# Seconds of a download, round trips in ms, seconds of small requests, idle tunnels, agents that come back, agents that are asked.
FULL = {"download": 5, "trips": [0, 20, 60, 100], "small": 8, "idle": 5000, "back": 1000, "asked": 200, "watched": 20}
SMOKE = {"download": 2, "trips": [0, 60], "small": 1, "idle": 500, "back": 100, "asked": 20, "watched": 3}


def measure(table, programs, held):
    """Adds the rows of a run in a process of its own."""
    names = {"IMCONNECTOR": "imconnector", "IMSHUTTLE": "imshuttle", "IMC_GENERATE": "imc-generate", "IMC_SLOW_LINE": "slow-line",
             "IMC_AGENT_CROWD": "agent-crowd", "IMC_PORTAL_LOAD": "portal_load"}
    environment = {**os.environ, **{name: str(programs / program) for name, program in names.items()}, "TZ": "UTC"}
    words = [sys.executable, "-B", __file__, "full" if held else "smoke"]
    ran = subprocess.run(words, env=environment, stdout=subprocess.PIPE, text=True)
    if ran.returncode == 77:
        print("tools/bench: the relay is not measured: that needs root, iproute2, nftables and /dev/net/tun", file=sys.stderr)
        return
    for line in ran.stdout.splitlines():
        row = json.loads(line)
        table.add(*row["row"], at_least=row["at_least"])
    if ran.returncode != 0:
        raise SystemExit("tools/bench: measuring the relay failed")


def say(what, measured, unit, beside, ratio, bar, at_least=False):
    print(json.dumps({"row": [what, measured, unit, beside, ratio, bar], "at_least": at_least}), flush=True)


def note(text):
    load = os.getloadavg()[0]
    print(f"{text} (load {load:.1f})", file=sys.stderr, flush=True)


class Bench:
    def __init__(self, stack, home, sizes):
        self.stack, self.home, self.sizes = stack, home, sizes
        self.net = Internet()
        self.relay_host, self.relay_address, _ = self.net.server("relay")
        self.portal_host, _, _ = self.net.server("portal")
        self.site = Site(self.net, 1, whole=True)
        self.host = self.site.host("agents")
        self.net.name("relay.example", self.relay_address)
        (home / "relay").mkdir()
        self.relay = DistantRelay(self.relay_host, self.relay_address, home / "relay")
        self.relay.start()
        self.stack.callback(self.relay.kill)
        self.token = self.relay.must("token", "create", "--name", "bench")
        self.backend = self.serve()

    def start(self, host, *words, **options):
        process = subprocess.Popen([*host.under, *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **options)

        def end():
            process.kill()
            process.wait()
        self.stack.callback(end)
        return process

    def serve(self):
        """nginx beside the agents, with TLS on one port and without on the next."""
        www = self.home / "www"
        www.mkdir()
        (www / "small").write_bytes(b"x" * 500)
        with open(www / "big", "wb") as file:
            file.truncate(64 << 30)
        config = serving.nginx_config(self.home / "nginx", 8443)
        text = config.read_text().replace(f"root {self.home}/nginx/www", f"root {www}").replace("listen 127.0.0.1:8443 ssl;",
                                                                                                "listen 8443 ssl; listen 127.0.0.1:8080;")
        config.write_text(text.replace("worker_connections 64", "worker_connections 1024"))
        self.start(self.host, shutil.which("nginx") or "/usr/sbin/nginx", "-c", config, "-p", self.home / "nginx")
        return "127.0.0.1:8443"

    def enrol(self, count):
        """Agents that the relay knows after its start."""
        self.relay.kill()
        registry = self.relay.data / "registry.db"
        ids = crowd.enrol(registry, count)
        self.relay.start()
        return ids

    def gather(self, count, backend, spread=0, limit=120):
        code = self.relay.must("join-code", "create")
        gathered = crowd.Crowd(self.host, count, backend, code, spread)
        self.stack.callback(gathered.end)
        gathered.wait(count, limit)
        return gathered

    def download(self, seconds, *words):
        """Bytes a second of one curl."""
        form = "%{size_download} %{time_total} %{time_starttransfer}"
        ran = subprocess.run([*self.portal_host.under, "curl", "-sk", "-o", "/dev/null", "--max-time", str(seconds + 2), "-w", form, *words],
                             capture_output=True, text=True)
        size, total, begun = map(float, ran.stdout.split() or (0, 0, 0))
        if size == 0:
            raise SystemExit(f"tools/bench: nothing was downloaded by {words}: {ran.returncode} {ran.stderr}")
        return size / (total - begun)

    def through(self, agent, seconds):
        return self.download(seconds, "--proxy", f"https://{self.relay_address}:8444", "--proxy-insecure", "--proxytunnel", "--proxy-header",
                             f"Proxy-Authorization: Bearer {self.token}", f"https://{agent}/big")

    def ssh(self):
        """`ssh -R` from the agents' computer to the relay's: its ports there, of the server with and without TLS."""
        pathlib.Path("/run/sshd").mkdir(exist_ok=True)
        place = self.home / "ssh"
        place.mkdir(mode=0o700)
        for name in ("host", "user"):
            must("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", place / name)
        (place / "sshd.conf").write_text(f"Port 2222\nListenAddress {self.relay_address}\nHostKey {place}/host\nAuthorizedKeysFile {place}/user.pub\n"
                                         "StrictModes no\nUsePAM no\nGatewayPorts yes\nPidFile none\nPermitRootLogin prohibit-password\n", encoding="ascii")
        self.start(self.relay_host, "/usr/sbin/sshd", "-D", "-f", place / "sshd.conf", stderr=subprocess.DEVNULL)
        time.sleep(0.5)
        # The cipher that is fastest with the processor's help, which ours has, too.
        self.start(self.host, "ssh", "-F", "none", "-N", "-p", "2222", "-i", place / "user", "-c", "aes128-gcm@openssh.com", "-o", "StrictHostKeyChecking=no",
                   "-o", f"UserKnownHostsFile={place}/known", "-o", "ExitOnForwardFailure=yes", "-R", "9443:127.0.0.1:8443", "-R", "9080:127.0.0.1:8080",
                   f"root@{self.relay_address}", stderr=subprocess.DEVNULL)
        for _ in range(100):
            if ":9080 " in self.relay_host.run("ss", "-ltn"):
                return
            time.sleep(0.1)
        raise SystemExit("tools/bench: ssh -R did not come up")

    def throughput(self, agent):
        seconds = self.sizes["download"]
        self.ssh()
        for trip in self.sizes["trips"]:
            self.site.line.set(delay=trip / 2)
            note(f"Throughput at {trip} ms ...")
            rounds = 2  # in turns, the better of two
            ours = theirs = plain = 0.0
            for _ in range(rounds):
                theirs = max(theirs, self.download(seconds, f"https://{self.relay_address}:9443/big"))
                ours = max(ours, self.through(agent, seconds))
                plain = max(plain, self.download(seconds, f"http://{self.relay_address}:9080/big"))
            beside = f"ssh -R {theirs / MIB:.0f}, without TLS {plain / MIB:.0f}"
            say(f"one stream, {trip} ms round trip", ours / MIB, "MiB/s", beside, ours / theirs, theirs / MIB, True)
            if trip == 60:
                fixed = FIXED_WINDOW / (trip / 1000)
                say("the same beside a fixed window of 256 KiB", ours / MIB, "MiB/s", f"{fixed / MIB:.1f}", ours / fixed, 10 * fixed / MIB, True)
        self.site.line.set(delay=10)
        note("Eight streams ...")
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            shares = list(pool.map(lambda _: self.through(agent, 2 * seconds), range(8)))
        mean = sum(shares) / len(shares)
        apart = max(abs(share - mean) for share in shares) / mean * 100
        say("of eight streams one is off its share by", apart, "%", f"{sum(shares) / MIB:.0f} MiB/s in all", None, 10)
        self.site.line.set(delay=0)

    def load(self, *words):
        ran = subprocess.run([*self.portal_host.under, os.environ["IMC_PORTAL_LOAD"], "--seconds", str(self.sizes["small"]), *words], capture_output=True,
                             text=True, env={**os.environ, "IMC_RELAY_TOKEN": self.token})
        if ran.returncode != 0:
            raise SystemExit(f"tools/bench: small requests failed: {ran.stderr}")
        answer = json.loads(ran.stdout)
        if answer["requests"] < 1000 * self.sizes["small"]:
            raise SystemExit(f"tools/bench: of {1000 * self.sizes['small']:,} small requests only {answer['requests']:,} were answered")
        return answer

    def latency(self, agent):
        # Straight to the same server: the path without the relay.
        self.site.router.run("nft", "add", "rule", "ip", "translation", "before", "tcp", "dport", "8443", "dnat", "to", "10.20.1.2:8443")
        note("Small requests ...")
        straight = self.load("--connect", f"{self.site.outer}:8443")
        alone = self.load("--connect", f"{self.relay_address}:8444", "--agent", agent)
        for rate, name in ((None, "a bulk stream"), ("12M", "a bulk stream of 100 Mbit/s")):
            bulk = subprocess.Popen([*self.portal_host.under, "curl", "-sk", "-o", "/dev/null", *(["--limit-rate", rate] if rate else []), "--proxy",
                                     f"https://{self.relay_address}:8444", "--proxy-insecure", "--proxytunnel", "--proxy-header",
                                     f"Proxy-Authorization: Bearer {self.token}", f"https://{agent}/big"])
            time.sleep(1)
            beside = self.load("--connect", f"{self.relay_address}:8444", "--agent", agent)
            bulk.kill()
            bulk.wait()
            told = f"straight {straight['median_ms']:.2f}, without bulk {alone['median_ms']:.2f}"
            say(f"added to a small request beside {name}, median", beside["median_ms"] - straight["median_ms"], "ms", told, None, 1.0)
            told = f"straight {straight['p99_ms']:.2f}, without bulk {alone['p99_ms']:.2f}"
            say(f"added to a small request beside {name}, 99 %", beside["p99_ms"] - straight["p99_ms"], "ms", told, None, 5.0)

    def resident(self):
        text = pathlib.Path(f"/proc/{self.relay.process.pid}/status").read_text()
        return int(re.search(r"^VmRSS:\s+(\d+) kB", text, re.MULTILINE)[1]) * KIB

    def idle(self):
        count = self.sizes["idle"]
        note(f"{count:,} idle tunnels ...")
        before = self.resident()
        gathered = self.gather(count, self.backend, spread=count // 100, limit=200)
        time.sleep(5)
        used, began = serving.processor_seconds(self.relay.process.pid), time.monotonic()
        time.sleep(self.sizes["watched"])
        used, passed = serving.processor_seconds(self.relay.process.pid) - used, time.monotonic() - began
        say(f"memory of each of {count:,} idle tunnels", (self.resident() - before) / count / KIB, "KiB", "", None, 64)
        say(f"processor of {count:,} idle tunnels", used / passed * 100, "% of a core", "", None, 2)
        gathered.end()

    def back(self):
        count = self.sizes["back"]
        gathered = self.gather(count, self.backend, spread=5)
        note(f"{count:,} agents come back ...")
        self.relay.kill()
        while gathered.connected() > 0:
            time.sleep(0.05)
        self.relay.start()
        began = time.monotonic()
        gathered.wait(count, 120)
        say(f"{count:,} agents are back after a restart of the relay", gathered.lines[-1]["heard"] - began, "s", "", None, 60)
        gathered.end()

    def asked(self, ids):
        """One real agent behind all the tunnels."""
        count = self.sizes["asked"]
        (self.home / "agent").mkdir()
        agent = DistantAgent(self.host, self.home / "agent", folders_toml(write_server(self.home / "server")))
        agent.token = agent.make_token()
        agent.start()
        self.stack.callback(agent.end)
        gathered = self.gather(count, agent.facts()["url"].removeprefix("https://").rstrip("/"), spread=2)
        entry = {"pin": agent.facts()["certificate_sha256"], "token": agent.token, "relay": self.relay.url(), "relay_pin": self.relay.pin(),
                 "relay_token": self.token}
        store = self.home / "portal.json"
        store.write_text(json.dumps({"agents": [{"name": f"agent{i}", "agent": ids[i], **entry} for i in range(count)]}))
        note(f"{count} agents are asked for everything ...")
        best = None
        for _ in range(2):
            began = time.monotonic()
            ran = subprocess.run([*self.portal_host.under, sys.executable, "-B", str(ROOT / "tools/portal"), "--store", str(store), "sync"], capture_output=True,
                                 text=True)
            took = time.monotonic() - began
            if ran.returncode != 0:
                raise SystemExit(f"tools/bench: tools/portal failed: {ran.stderr[:500]}")
            best = took if best is None else min(best, took)
        say(f"tools/portal sync of {count} agents", best, "s", "", None, 5)
        gathered.end()


def run(sizes):
    with contextlib.ExitStack() as stack:
        home = pathlib.Path(tempfile.mkdtemp(prefix="bench", dir="/run"))
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        bench = Bench(stack, home, sizes)
        ids = bench.enrol(max(sizes["idle"], sizes["back"], sizes["asked"]))
        one = bench.gather(1, bench.backend)
        bench.throughput(ids[0])
        bench.latency(ids[0])
        one.end()
        bench.asked(ids)
        bench.back()
        bench.idle()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "tests/e2e"))
    import crowd
    import serving
    from network import Internet, Site, must, world_of_our_own
    from network_world import DistantAgent, DistantRelay
    from server_tree import folders_toml, write_server
    world_of_our_own()
    run(FULL if sys.argv[1:] == ["full"] else SMOKE)
