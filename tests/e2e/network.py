"""Networks of namespaces: an internet with servers on it, sites behind routers that translate addresses, and lines between
them that delay, lose, freeze and drop. Addresses are of the ranges for documentation (RFC 5737, RFC 3849) and private ones.

A test that wants one calls world_of_our_own() first. The whole process then begins anew as the first of a process namespace,
with mounts and a network of its own. What is made there is seen by nobody else, whatever its name, and goes with the
process, however that ends: the kernel removes what nobody uses.
"""
import contextlib
import ctypes
import os
import pathlib
import shutil
import subprocess
import sys

SLOW_LINE = os.environ.get("IMC_SLOW_LINE", "slow-line")
SPACES = pathlib.Path("/run/netns")
HOSTS = pathlib.Path("/run/hosts")  # shown as /etc/hosts
CLONE_NEWNET = 0x40000000
SKIPPED = 77  # what CTest takes for "not run"
FORWARD = "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"


def must(*words, text=None):
    result = subprocess.run([str(word) for word in words], input=text, capture_output=True, text=True)
    if result.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, words))}: {result.stderr.strip()}")
    return result.stdout


def worlds_can_be_made():
    """A container may have its root and not its rights."""
    tried = ["unshare", "--mount", "--net", "--pid", "--fork", "--mount-proc", "ip", "tuntap", "add", "dev", "probe", "mode", "tun"]
    return subprocess.run(tried, capture_output=True).returncode == 0


def world_of_our_own():
    """Comes back in a world of its own, or ends this process."""
    if os.environ.get("IMC_OWN_WORLD") != "1":
        missing = [tool for tool in ("ip", "nft", "unshare", "nsenter", "sysctl") if not shutil.which(tool)]
        if os.geteuid() != 0 or missing or not worlds_can_be_made():
            print("not run: networks are made by root alone, where the system lets it make namespaces and /dev/net/tun is there, with"
                  " iproute2 and nftables;", "missing:", *missing, file=sys.stderr)
            sys.exit(SKIPPED)
        sys.stdout.flush()
        os.execvpe("unshare", ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child=KILL", "--mount-proc", sys.executable, "-B", *sys.argv],
                   {**os.environ, "IMC_OWN_WORLD": "1"})
    if os.getpid() != 1:
        raise AssertionError("this is nobody's own world")
    must("mount", "-t", "tmpfs", "tmpfs", "/run")
    SPACES.mkdir()
    HOSTS.touch()
    must("mount", "--bind", HOSTS, "/etc/hosts")
    must("ip", "link", "set", "lo", "up")


class Host:
    """One computer of the network."""

    def __init__(self, name):
        self.name = name
        must("ip", "netns", "add", name)
        self.ip("link", "set", "lo", "up")

    @property
    def under(self):
        """What a program is started by, to run there."""
        return ["nsenter", f"--net={SPACES / self.name}"]

    def ip(self, *words):
        return must("ip", "-n", self.name, *words)

    def run(self, *words, text=None):
        return must(*self.under, *words, text=text)

    def filter(self, rules):
        """Rules of nft, which replace those of before."""
        self.run("nft", "-f", "-", text="flush ruleset\n" + rules)

    def address(self, device, *addresses):
        for address in addresses:
            self.ip("address", "add", address, "dev", device, *(["nodad"] if ":" in address else []))
        self.ip("link", "set", device, "up")

    def route(self, *gateways):
        for gateway in gateways:
            self.ip("-6" if ":" in gateway else "-4", "route", "replace", "default", "via", gateway)

    @contextlib.contextmanager
    def inside(self):
        """This thread's new sockets are of that host."""
        library = ctypes.CDLL(None, use_errno=True)
        with open("/proc/thread-self/ns/net", "rb") as home, open(SPACES / self.name, "rb") as there:
            if library.setns(there.fileno(), CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "setns")
            try:
                yield
            finally:
                if library.setns(home.fileno(), CLONE_NEWNET) != 0:
                    os._exit(1)  # everything after would be in the wrong network


class Line:
    """A wire whose conditions can be changed while it is used."""

    def __init__(self, one, device, other, other_device, whole=False):
        words = [SLOW_LINE, SPACES / one.name, device, SPACES / other.name, other_device, *(["--whole"] if whole else [])]
        self.process = subprocess.Popen([str(word) for word in words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.heard("start")
        for host, name in ((one, device), (other, other_device)):
            host.ip("link", "set", name, "txqueuelen", "20000")

    def heard(self, what):
        if self.process.stdout.readline() != "ok\n":
            raise AssertionError(f"the line did not {what}")

    def set(self, **conditions):
        """delay in milliseconds each way, loss in percent each way, freeze 0 or 1."""
        for name, value in conditions.items():
            self.process.stdin.write(f"{name} {value}\n")
            self.process.stdin.flush()
            self.heard(f"take {name} {value}")

    def cut(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


class Site:
    """A network behind a router that translates addresses and lets nothing in. The first computer is 10.20.N.2."""

    def __init__(self, internet, number, whole=False):
        self.number = number
        self.router = Host(f"router{number}")
        self.hosts = []
        self.line = Line(self.router, "outside", internet.host, f"site{number}", whole)
        internet.lines.append(self.line)
        self.outer = f"203.0.113.{4 * number + 2}"
        internet.host.address(f"site{number}", f"203.0.113.{4 * number + 1}/30", f"2001:db8:f:{number}::1/64")
        internet.host.ip("-6", "route", "add", f"2001:db8:20:{number}::/64", "via", f"2001:db8:f:{number}::2")
        self.router.address("outside", f"{self.outer}/30", f"2001:db8:f:{number}::2/64")
        self.router.route(f"203.0.113.{4 * number + 1}", f"2001:db8:f:{number}::1")
        self.router.run("sysctl", "-qw", *FORWARD)
        self.router.ip("link", "add", "inside", "type", "bridge")
        self.router.address("inside", f"10.20.{number}.1/24", f"2001:db8:20:{number}::1/64")
        self.rules()

    def rules(self, more=""):
        """The router's rules; `more` comes first in what it forwards."""
        self.router.filter(f"""
            table ip translation {{
                chain before {{
                    type nat hook prerouting priority -100;
                }}
                chain after {{
                    type nat hook postrouting priority 100;
                    oifname "outside" masquerade
                }}
            }}
            table inet through {{
                chain forward {{
                    type filter hook forward priority 0; policy drop;
                    {more}
                    iifname "inside" accept
                    ct status dnat accept
                    ct state established,related accept
                }}
            }}""")

    def host(self, name):
        """One more computer at the site."""
        host = Host(name)
        last = 2 + len(self.hosts)
        self.hosts.append(host)
        must("ip", "link", "add", "lan", "netns", name, "type", "veth", "peer", "name", name, "netns", self.router.name)
        self.router.ip("link", "set", name, "master", "inside", "up")
        host.address("lan", f"10.20.{self.number}.{last}/24", f"2001:db8:20:{self.number}::{last}/64")
        host.route(f"10.20.{self.number}.1", f"2001:db8:20:{self.number}::1")
        return host

    def move(self, host, last):
        """Gives a computer another address, as a lease that was not renewed would: connections of the old one are dead."""
        host.ip("address", "flush", "dev", "lan", "scope", "global")
        host.address("lan", f"10.20.{self.number}.{last}/24", f"2001:db8:20:{self.number}::{last:x}/64")
        host.route(f"10.20.{self.number}.1", f"2001:db8:20:{self.number}::1")


class Internet:
    """What lies between sites and servers."""

    def __init__(self):
        self.host = Host("internet")
        self.host.run("sysctl", "-qw", *FORWARD)
        # What nobody has is swallowed, as behind a broken tunnel for IPv6.
        for nowhere in ("2001:db8:dead::/48", "192.0.2.0/24"):
            self.host.ip("route", "add", "blackhole", nowhere)
        self.servers = 1
        self.names = {}
        self.lines = []

    def server(self, name):
        """A computer with addresses that everybody reaches: (host, IPv4 address, IPv6 address)."""
        host = Host(name)
        number = self.servers
        self.servers += 1
        four, six = f"198.51.100.{4 * number + 2}", f"2001:db8:5:{number}::2"
        must("ip", "link", "add", "outside", "netns", name, "type", "veth", "peer", "name", name, "netns", self.host.name)
        self.host.address(name, f"198.51.100.{4 * number + 1}/30", f"2001:db8:5:{number}::1/64")
        host.address("outside", f"{four}/30", f"{six}/64")
        host.route(f"198.51.100.{4 * number + 1}", f"2001:db8:5:{number}::1")
        return host, four, six

    def plug(self, host, device):
        """One more way into the internet for a computer that has others: its IPv4 address."""
        number = self.servers
        self.servers += 1
        far = f"{host.name}{number}"
        must("ip", "link", "add", device, "netns", host.name, "type", "veth", "peer", "name", far, "netns", self.host.name)
        self.host.address(far, f"198.51.100.{4 * number + 1}/30", f"2001:db8:5:{number}::1/64")
        host.address(device, f"198.51.100.{4 * number + 2}/30", f"2001:db8:5:{number}::2/64")
        host.route(f"198.51.100.{4 * number + 1}", f"2001:db8:5:{number}::1")
        return f"198.51.100.{4 * number + 2}"

    def name(self, name, *addresses):
        """What everybody finds by that name."""
        self.names[name] = addresses
        text = "127.0.0.1 localhost\n::1 localhost\n" + "".join(f"{a} {n}\n" for n, all_of in self.names.items() for a in all_of)
        HOSTS.write_text(text, encoding="ascii")

    def end(self):
        """The next network of this process has hosts of the same names."""
        for line in self.lines:
            line.cut()
        must("ip", "-all", "netns", "delete")


__all__ = ["Host", "Internet", "Line", "Site", "must", "world_of_our_own"]
