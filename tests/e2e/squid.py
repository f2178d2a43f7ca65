"""Debian's squid on one computer of a network: an HTTP proxy that takes anybody, wants a login, or opens the TLS."""
import pathlib
import shutil
import subprocess
import tempfile

from connector import wait_for
from network import must

HELPERS = pathlib.Path("/usr/lib/squid")
PORT = 3128
GUARD = "Initech Web Guard"


class Squid:
    """`users`: who may pass, a dictionary of passwords, None for everybody. `opens`: it opens the TLS with an authority of its own.
    `websocket`: what it opens may be WebSocket."""

    def __init__(self, host, inside, users=None, opens=False, websocket=True):
        self.host, self.opens = host, opens
        # Its own user has to reach it; the world that it lies in goes with this process.
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="squid", dir="/run"))
        self.users, self.authority = self.home / "users", self.home / "authority.pem"
        lines = [f"http_port {inside}:{PORT}" + (self.bump() if opens else ""), "visible_hostname proxy.example", "pid_filename none", "cache deny all",
                 "shutdown_lifetime 0 seconds", "pinger_enable off", "cache_effective_user proxy", f"coredump_dir {self.home}", "netdb_filename none",
                 f"cache_log {self.home}/cache.log", f"access_log stdio:{self.home}/access.log"]
        if users is not None:
            self.let_in(users)
            lines += [f"auth_param basic program {HELPERS}/basic_ncsa_auth {self.users}", "auth_param basic realm Initech",
                      "auth_param basic credentialsttl 1 second", "acl known proxy_auth REQUIRED", "http_access allow known"]
        else:
            lines.append("http_access allow all")
        lines.append("http_access deny all")
        if opens:
            lines += [f"sslcrtd_program {HELPERS}/security_file_certgen -s {self.home}/certificates -M 4MB", "sslcrtd_children 1", "ssl_bump bump all",
                      "tls_outgoing_options flags=DONT_VERIFY_PEER", "sslproxy_cert_error allow all"]
            if websocket:
                lines.append("http_upgrade_request_protocols websocket allow all")
        (self.home / "squid.conf").write_text("\n".join(lines) + "\n", encoding="ascii")
        shutil.chown(self.home, "proxy", "proxy")
        self.process = subprocess.Popen([*host.under, "squid", "-N", "-f", str(self.home / "squid.conf")], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for("the proxy", lambda: "Accepting" in self.text("cache.log"))

    def bump(self):
        both = self.home / "authority.key"
        must("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", both, "-out", self.authority, "-days", "30", "-subj", f"/CN={GUARD}",
             "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        both.write_text(both.read_text() + self.authority.read_text())
        both.chmod(0o644)
        must(HELPERS / "security_file_certgen", "-c", "-s", self.home / "certificates", "-M", "4MB")
        for path in [self.home / "certificates", *(self.home / "certificates").rglob("*")]:
            shutil.chown(path, "proxy", "proxy")
        return f" ssl-bump cert={both} generate-host-certificates=on dynamic_cert_mem_cache_size=4MB"

    def let_in(self, users):
        # What basic_ncsa_auth understands; the hash is of no importance here.
        lines = [name + ":" + must("openssl", "passwd", "-apr1", "-stdin", text=password).strip() for name, password in users.items()]
        self.users.write_text("\n".join(lines) + "\n", encoding="ascii")

    def text(self, name):
        path = self.home / name
        return path.read_text(encoding="latin-1") if path.exists() else ""

    def end(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.home)


__all__ = ["GUARD", "PORT", "Squid"]
