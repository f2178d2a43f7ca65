"""What stands between an agent and its relay in real networks: an HTTP proxy that wants a login, and one that opens the TLS."""
import base64
import pathlib
import socket
import ssl
import subprocess
import threading


def carry(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    for end in (source, target):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Proxy:
    """HTTP CONNECT with Basic; counts what it let through and what it turned away."""

    def __init__(self, user=None, password=None, intercept=None):
        self.login = base64.b64encode(f"{user}:{password}".encode()).decode() if user else None
        self.intercept = intercept  # an Authority, whose certificates are shown instead of the server's
        self.passed, self.refused = 0, 0
        self.ends = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        try:
            self.handle(client)
        except (OSError, ValueError, IndexError):
            client.close()

    def handle(self, client):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            byte = client.recv(1)
            if not byte:
                return client.close()
            head += byte
        lines = head.decode("latin-1").split("\r\n")
        if self.login and f"proxy-authorization: basic {self.login}".lower() not in head.decode("latin-1").lower():
            self.refused += 1
            body = b"<html>log in first</html>"
            client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
            return client.close()
        host, port = lines[0].split(" ")[1].rsplit(":", 1)
        server = socket.create_connection((host.strip("[]"), int(port)))
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self.passed += 1
        if self.intercept:
            client = self.intercept.context.wrap_socket(client, server_side=True)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            server = context.wrap_socket(server)
        self.ends += [client, server]
        threading.Thread(target=carry, args=(client, server), daemon=True).start()
        carry(server, client)

    def close(self):
        self.listener.close()
        for end in self.ends:
            end.close()


class Authority:
    """A certificate authority of a middlebox, and a certificate of it for 127.0.0.1."""

    def __init__(self, home):
        home = pathlib.Path(home)
        self.file = home / "authority.pem"
        key, request, leaf, extra = home / "ca.key", home / "leaf.csr", home / "leaf.pem", home / "leaf.ext"
        extra.write_text("subjectAltName=IP:127.0.0.1\n")
        for words in (["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", self.file, "-days", "30", "-subj", "/CN=Initech Web Guard"],
                      ["req", "-newkey", "rsa:2048", "-nodes", "-keyout", home / "leaf.key", "-out", request, "-subj", "/CN=127.0.0.1"],
                      ["x509", "-req", "-in", request, "-CA", self.file, "-CAkey", key, "-CAcreateserial", "-out", leaf, "-days", "30", "-extfile", extra]):
            subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(leaf, home / "leaf.key")
