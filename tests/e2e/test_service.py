"""The program as a Windows service, set up by its own verbs: start, API, reload, stop, and a start that fails."""
import json
import os
import pathlib
import shutil
import unittest

from server_tree import write_chain
from wine_computer import ComputerTest, free_port, wait_for, windows

PROGRAM = pathlib.Path(os.environ["IMCONNECTOR"])


class Service(ComputerTest):
    def setUp(self):
        super().setUp()
        self.computer.program.parent.mkdir(parents=True)
        shutil.copy(PROGRAM, self.computer.program)
        self.config = self.computer.data / "imconnector.toml"

    def service(self, *words, code=0):
        return self.assert_well(self.computer.run("service", *words), code)

    def write_config(self, *folders, port=None):
        self.config.parent.mkdir(parents=True, exist_ok=True)
        self.config.write_text("[api]\nlisten = ['127.0.0.1:%d']\n[scan]\nsettle_seconds = 0\n" % (port or 0)
                               + "".join(f"[[folder]]\npath = '{windows(folder)}'\n" for folder in folders), encoding="utf-8")

    def folder(self, name):
        folder = self.computer.home / name
        write_chain(folder, days=5)
        return folder

    def test_it_is_installed_starts_answers_reloads_and_stops(self):
        one, two = self.folder("SRV1"), self.folder("SRV2")
        port = free_port()
        self.write_config(one, port=port)
        installed = self.service("install")
        self.assertIn("unsupported", installed.stdout)  # Wine does not know all of it, and that is no fault
        self.assertNotIn("FAILED", installed.stdout)
        self.assertEqual(self.computer.state(), "STOPPED")
        self.service("install", code=1)
        token = self.computer.token()
        self.service("start")
        # Running means that the API listens already.
        self.assertEqual(self.computer.state(), "RUNNING")
        self.assertEqual(self.computer.call("/v1/health")[0], 200)
        self.assertEqual(self.computer.call("/v1/agent")[0], 401)
        self.assertEqual(list(self.computer.folders(token, port)), [windows(one)])
        wait_for("the first look", lambda: self.computer.run("status").returncode == 0)
        self.assertIn("listening on", self.computer.log.read_text(encoding="utf-8"))

        self.write_config(one, two, port=port)
        self.service("configure")
        wait_for("the new folder", lambda: windows(two) in self.computer.folders(token))
        self.config.write_text("[api]\nlisten = 7\n", encoding="utf-8")
        self.service("configure")
        wait_for("the refusal", lambda: "configuration refused" in self.computer.log.read_text(encoding="utf-8"))
        self.assertIn(windows(two), self.computer.folders(token))

        # Secrets lie protected.
        self.assertNotIn(b"PRIVATE KEY", (self.computer.data / "certificate.key").read_bytes())
        self.assertNotIn(b"imc", (self.computer.data / "local.token").read_bytes().split(b"\n", 1)[1])
        self.service("stop")
        self.assertEqual(self.computer.state(), "STOPPED")
        self.assertIsNone(self.computer.process())
        self.assertIn("stopped", self.computer.log.read_text(encoding="utf-8").splitlines()[-1])
        self.assertEqual(self.computer.run("status", "--json").returncode, 3)
        self.service("uninstall")
        self.assertEqual(self.computer.state(), "")
        self.assertTrue((self.computer.data / "settings.db").exists())

    def test_a_start_that_fails_gives_its_step_and_says_why_in_the_log(self):
        self.write_config()
        self.config.write_text("[api]\nlisten = 7\n", encoding="utf-8")
        self.service("install")
        failed = self.service("start", code=1)
        self.assertIn("reading the configuration", failed.stderr)
        self.assertRegex(self.computer.wine("sc", "query", "imconnector").stdout, r"SERVICE_EXIT_CODE\s*:\s*1\b")
        self.assertIn("api.listen", self.computer.log.read_text(encoding="utf-8"))
        # Another one has the data directory.
        self.write_config()
        self.service("start")
        self.assertIn("another agent", self.computer.run("run").stderr)
        self.service("stop")
        self.config.write_text("[agent]\ndata_directory = 'C:\\'\n", encoding="utf-8")
        failed = self.service("start", code=1)
        self.assertIn("preparing the data directory", failed.stderr)
        self.assertRegex(self.computer.wine("sc", "query", "imconnector").stdout, r"SERVICE_EXIT_CODE\s*:\s*2\b")


if __name__ == "__main__":
    unittest.main()
