"""Guests at the relay's ports that mean harm, and boxes on the way that let nobody straight through."""
import json
import os
import socket
import ssl
import unittest

from middlebox import Authority, Proxy
from relay_world import RelayTest


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
