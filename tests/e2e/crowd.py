"""Many agents in one process, whose tunnels all end at one backend, and what becomes of them."""
import json
import os
import subprocess
import threading
import time

from connector import ENVIRONMENT, wait_for

CROWD = os.environ.get("IMC_AGENT_CROWD", "agent-crowd")


def enrol(registry, count):
    """Ids of agents that the relay of that file knows from now on."""
    words = [CROWD, "enrol", "--registry", str(registry), "--count", str(count)]
    return subprocess.run(words, check=True, capture_output=True, text=True, env=ENVIRONMENT).stdout.split()


class Crowd:
    """Processes with `count` agents in all; the first `spread` seconds they come one after another."""

    def __init__(self, host, count, backend, join_code, spread=0):
        self.lines = []
        words = [*host.under, CROWD, "run", "--count", str(count), "--backend", backend, "--spread", str(spread)]
        # Each dial reads what the computer trusts; here one computer is many.
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env={**ENVIRONMENT, "SSL_CERT_FILE": "/dev/null", "SSL_CERT_DIR": "/var/empty"})
        self.process.stdin.write(join_code + "\n")
        self.process.stdin.flush()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.lines.append({**json.loads(line), "heard": time.monotonic()})

    def connected(self):
        return self.lines[-1]["connected"] if self.lines else 0

    def wait(self, count, limit):
        def there():
            if self.process.poll() is not None:
                raise AssertionError(f"the crowd ended with {self.process.returncode}")
            return self.connected() >= count
        try:
            wait_for(f"{count} tunnels", there, limit)
        except AssertionError as late:
            raise AssertionError(f"{late}; the last word was {self.lines[-1:]}") from late

    def end(self):
        if self.process.stdin.closed:
            return
        self.process.stdin.close()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()


__all__ = ["Crowd", "enrol"]
