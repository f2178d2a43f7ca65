"""A relay, a server's folders, and raw connections through the relay: what the tests of the tunnel stand on."""
import socket
import ssl

from connector import wait_for
from server_tree import folders_toml, write_server
from shuttle_world import ShuttleTest


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

    def connect_head(self, target, token, host=None):
        return f"CONNECT {target} HTTP/1.1\r\nHost: {host or target}\r\nProxy-Authorization: Bearer {token}\r\n\r\n"

    def ended(self, agent, **wanted):
        def look():
            state = self.shuttle(agent)
            return state if all(state.get(key) == value for key, value in wanted.items()) else None
        return wait_for(f"the tunnel to be {wanted}", look)
