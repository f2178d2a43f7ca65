"""An agent's life: what its overseer hears, stops, crashes, starts that fail."""
import datetime
import os
import socket
import subprocess
import unittest

from connector import PROGRAM, signal, wait_for
from server_tree import folders_toml, write_chain
from server_test import ServerTest


class Overseen(ServerTest):
    """What systemd hears on its notification socket, as sd_notify(3) has it."""

    def setUp(self):
        super().setUp()
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.socket.close)
        self.socket.bind(str(self.home / "notify"))
        self.socket.settimeout(20)
        self.environment = {"NOTIFY_SOCKET": str(self.home / "notify"), "WATCHDOG_USEC": "600000"}

    def hear(self, wanted):
        """Everything up to the assignment that is waited for."""
        heard = []
        while wanted not in heard:
            heard += self.socket.recv(4096).decode().split("\n")
        return heard

    def test_start_reload_life_and_stop_are_told(self):
        agent = self.server_agent(start=False)
        agent.start(ready=False, environment=self.environment)
        before = self.hear("READY=1")
        self.assertIn("STATUS=Starting: opening the port of the API", before)
        self.assertLess(before.index("STATUS=Starting: opening the databases"), before.index("STATUS=Starting: preparing the certificate"))
        self.assertEqual(agent.call("GET", "/v1/health", token=None).status, 200)
        self.hear("WATCHDOG=1")
        self.hear("WATCHDOG=1")
        agent.process.send_signal(signal.SIGHUP)
        self.hear("RELOADING=1")
        self.hear("READY=1")
        agent.process.send_signal(signal.SIGTERM)
        self.assertIn("STATUS=Stopped", self.hear("STOPPING=1") + self.hear("STATUS=Stopped"))
        self.assertEqual(agent.end(), 0)

    def test_a_start_that_fails_says_at_which_step_and_why(self):
        agent = self.server_agent()
        result = subprocess.run([PROGRAM, "run", "--config", str(agent.config)], env={**os.environ, **self.environment},
                                capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, 1)
        self.socket.settimeout(1)
        told = [line for line in self.drain() if line.startswith("STATUS=Failed")]
        self.assertEqual(len(told), 1, told)
        self.assertIn("locking the data directory", told[0])
        self.assertIn("another agent", told[0])

    def drain(self):
        while True:
            try:
                yield from self.socket.recv(4096).decode().split("\n")
            except TimeoutError:
                return


class Ends(ServerTest):
    """Stops, crashes, and what is left after them."""

    def test_sigterm_stops_in_time_and_well(self):
        agent = self.server_agent()
        feed = agent.connect()  # even with a caller that listens
        feed.request("GET", "/v1/events", headers={"Authorization": f"Bearer {agent.token}"})
        feed.getresponse()
        self.assertEqual(agent.end(signal.SIGTERM, limit=10), 0)
        feed.close()

    def test_status_without_the_agent_says_so_and_shows_what_was_known(self):
        agent = self.server_agent()
        self.assertEqual(agent.end(), 0)
        result = agent.run("status")
        self.assertEqual(result.returncode, 3)
        self.assertRegex(result.stdout + result.stderr, r"(?i)not running")
        self.assertIn("SRV1", result.stdout)

    def test_the_first_answer_knows_already_what_time_alone_has_spoiled(self):
        agent = self.server_agent(start=False)
        write_chain(self.home / "old", "C_VOL", 4, datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=40))
        agent.write_config(f"\n[[folder]]\npath = '{self.home / 'old'}'\nmachine = 'OLD'\n")
        agent.start(ready=False)
        first = wait_for("the first answer", lambda: (lambda r: r if r.returncode != 3 else None)(agent.run("status", "--json")))
        self.assertEqual(first.returncode, 1, first.stdout)
        self.assertIn("volume_stale", first.stdout)

    def test_a_kill_in_the_middle_of_a_scan_loses_nothing(self):
        agent = self.server_agent()
        before = {v["id"]: (v["images"], v["newest_point"]) for v in agent.items("/v1/volumes")}
        for number in range(3):
            write_chain(self.root / "Globex" / "Store" / f"NEW{number}", "C_VOL", 60)
            self.assertIn(agent.call("POST", "/v1/rescan", {}).status, (200, 202, 204))
            agent.end(signal.SIGKILL)
            agent.start()
        after = {v["id"]: (v["images"], v["newest_point"]) for v in agent.items("/v1/volumes")}
        self.assertEqual({key: after.get(key) for key in before}, before)
        wait_for("all of it", lambda: len(agent.items("/v1/volumes")) == 7)
        self.assertEqual(agent.call("GET", "/v1/volumes").status, 200)  # the token outlived it

    def test_a_second_agent_on_the_same_data_is_refused(self):
        agent = self.server_agent()
        try:
            result = agent.run("run", limit=10)
        except subprocess.TimeoutExpired:
            self.fail("the second agent runs beside the first")
        self.assertEqual(result.returncode, 1)
        self.assertIn("another agent", result.stderr)

    def test_an_agent_that_cannot_start_says_why(self):
        agent = self.server_agent(start=False)
        agent.write_config(folders_toml(self.root), "[api\n")
        result = agent.run("run")
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, r"imconnector\.toml:\d+")

    def test_a_history_that_is_no_database_is_set_aside_and_made_anew(self):
        agent = self.server_agent()
        before = sorted(v["id"] for v in agent.items("/v1/volumes"))
        agent.end()
        history = agent.data / "history.db"
        for extra in agent.data.glob("history.db-*"):
            extra.unlink()
        history.write_bytes(b"no database " * 1000)
        agent.start()
        self.assertEqual(sorted(v["id"] for v in agent.items("/v1/volumes")), before)
        self.assertTrue(list(agent.data.glob("history.db.damaged-*")))


if __name__ == "__main__":
    unittest.main()
