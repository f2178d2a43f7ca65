"""The Debian packages: what is in them, and agent and relay in them under the rights that their systemd units leave them."""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

from server_tree import folders_toml, write_server

BUILD = pathlib.Path(os.environ["IMC_BUILD"])
FILES = {"usr/bin/imconnector", "etc/imconnector/imconnector.toml", "lib/systemd/system/imconnector.service",
         "usr/share/doc/imconnector/copyright", "usr/share/doc/imconnector/README.md"}
RELAY_FILES = {"usr/bin/imshuttle", "etc/imshuttle/imshuttle.toml", "lib/systemd/system/imshuttle.service",
               "lib/systemd/system/imshuttle-agents.socket", "lib/systemd/system/imshuttle-portals.socket", "usr/share/doc/imshuttle/copyright"}
NOBODY = 65534


def run(*words, **options):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=120, check=False, **options)


class Unpacked(unittest.TestCase):
    """One of the packages that CPack makes, unpacked."""
    name = ""

    @classmethod
    def setUpClass(cls):
        cls.home = pathlib.Path(tempfile.mkdtemp(prefix="imc-deb-"))
        cls.addClassCleanup(shutil.rmtree, cls.home, ignore_errors=True)
        os.chmod(cls.home, 0o755)
        made = run("cpack", "-G", "DEB", "-B", cls.home / "made", cwd=BUILD)
        assert made.returncode == 0, made.stdout + made.stderr
        cls.deb = next((cls.home / "made").glob(f"{cls.name}_*.deb"))
        cls.root = cls.home / "root"
        assert run("dpkg-deb", "-x", cls.deb, cls.root).returncode == 0
        assert run("dpkg-deb", "-e", cls.deb, cls.home / "control").returncode == 0
        cls.program = cls.root / "usr/bin" / cls.name


class Package(Unpacked):
    name = "imconnector"

    def test_files_configuration_and_scripts_are_in_it(self):
        there = {path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file()}
        self.assertLessEqual(FILES, there)
        self.assertEqual((self.home / "control/conffiles").read_text().split(), ["/etc/imconnector/imconnector.toml"])
        for script in ("postinst", "prerm", "postrm"):
            self.assertEqual(run("sh", "-n", self.home / "control" / script).returncode, 0)
        depends = run("dpkg-deb", "-f", self.deb, "Depends").stdout
        for library in ("libssl3", "libsqlite3-0", "libc6"):
            self.assertIn(library, depends)

    def test_its_configuration_is_accepted_by_its_program(self):
        checked = run(self.program, "check-config", self.root / "etc/imconnector/imconnector.toml")
        self.assertEqual(checked.returncode, 0, checked.stderr)

    def test_the_unit_is_sound(self):
        unit = self.home / "imconnector.service"
        text = (self.root / "lib/systemd/system/imconnector.service").read_text(encoding="utf-8")
        unit.write_text(text.replace("/usr/bin/imconnector", str(self.program)), encoding="utf-8")
        verified = run("systemd-analyze", "verify", "--man=no", unit)
        self.assertEqual(verified.returncode, 0, verified.stderr)
        self.assertNotIn("imconnector.service", verified.stderr)

    @unittest.skipUnless(os.geteuid() == 0, "rights can be taken away by root only")
    def test_with_the_unit_s_rights_it_reads_what_is_root_s_and_writes_nothing(self):
        store = write_server(self.home / "store")
        for folder in [store, *(path for path in store.rglob("*") if path.is_dir())]:
            os.chmod(folder, 0o700)
        before = sorted((path.as_posix(), path.stat().st_mtime_ns) for path in store.rglob("*"))
        data = self.home / "data"
        data.mkdir()
        os.chown(data, NOBODY, NOBODY)
        config = self.home / "imconnector.toml"
        config.write_text(f"[agent]\ndata_directory = '{data}'\n[api]\nlisten = [\"127.0.0.1:0\"]\n[scan]\nsettle_seconds = 0\n"
                          + folders_toml(store), encoding="utf-8")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.bind(str(self.home / "notify"))
            os.chmod(self.home / "notify", 0o777)
            notify.settimeout(30)
            only = "-all,+dac_read_search"
            agent = subprocess.Popen(["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups", "--no-new-privs",
                                      f"--inh-caps={only}", f"--ambient-caps={only}", f"--bounding-set={only}",
                                      str(self.program), "run", "--config", str(config)],
                                     env={**os.environ, "NOTIFY_SOCKET": str(self.home / "notify")}, stderr=subprocess.PIPE, text=True)
            try:
                while "READY=1" not in notify.recv(4096).decode().split("\n"):
                    self.assertIsNone(agent.poll(), "the agent ended")
                deadline = time.monotonic() + 60
                while run(self.program, "status", "--config", config).returncode == 3 and time.monotonic() < deadline:
                    time.sleep(0.1)
                status = json.loads(run(self.program, "status", "--json", "--config", config).stdout)
            finally:
                agent.terminate()
                log = agent.communicate(timeout=30)[1]
        self.assertEqual(agent.returncode, 0, log)
        self.assertEqual(len(status["volumes"]), 4, log)
        self.assertEqual({volume["data_stale"] for volume in status["volumes"]}, {False})
        self.assertEqual(before, sorted((path.as_posix(), path.stat().st_mtime_ns) for path in store.rglob("*")))


class RelaysPackage(Unpacked):
    name = "imshuttle"

    def test_files_configuration_and_scripts_are_in_it(self):
        there = {path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file()}
        self.assertLessEqual(RELAY_FILES, there)
        self.assertFalse([name for name in there if "imconnector" in name])
        self.assertEqual((self.home / "control/conffiles").read_text().split(), ["/etc/imshuttle/imshuttle.toml"])
        for script in ("postinst", "prerm", "postrm"):
            self.assertEqual(run("sh", "-n", self.home / "control" / script).returncode, 0)
        self.assertIn("libssl3", run("dpkg-deb", "-f", self.deb, "Depends").stdout)
        checked = run(self.program, "check-config", self.root / "etc/imshuttle/imshuttle.toml")
        self.assertEqual(checked.returncode, 0, checked.stderr)

    def test_the_units_are_sound_and_belong_together(self):
        units = self.home / "units"
        units.mkdir()
        for name in ("imshuttle.service", "imshuttle-agents.socket", "imshuttle-portals.socket"):
            text = (self.root / "lib/systemd/system" / name).read_text(encoding="utf-8")
            (units / name).write_text(text.replace("/usr/bin/imshuttle", str(self.program)), encoding="utf-8")
        verified = run("systemd-analyze", "verify", "--man=no", *sorted(units.iterdir()), env={**os.environ, "SYSTEMD_UNIT_PATH": f"{units}:"})
        self.assertEqual(verified.returncode, 0, verified.stderr)
        self.assertNotIn("imshuttle", verified.stderr)

    @unittest.skipUnless(os.geteuid() == 0, "rights can be taken away by root only")
    def test_with_the_unit_s_rights_it_serves_at_the_sockets_that_it_is_given_and_tells_that_it_is_ready(self):
        data = self.home / "data"
        data.mkdir()
        os.chown(data, NOBODY, NOBODY)
        config = self.home / "imshuttle.toml"
        config.write_text(f"[relay]\ndata_directory = '{data}'\n", encoding="utf-8")  # ports of its own it could not have: 443
        numbers = []
        for _ in range(2):
            with socket.create_server(("127.0.0.1", 0)) as made:
                numbers.append(os.dup2(made.fileno(), 100 + len(numbers), inheritable=False))
                self.addCleanup(os.close, numbers[-1])

        def hand_over():
            for at, number in enumerate(numbers):
                os.dup2(number, 3 + at, inheritable=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.bind(str(self.home / "notify"))
            os.chmod(self.home / "notify", 0o777)
            notify.settimeout(30)
            rights = f"setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all"
            relay = subprocess.Popen(["sh", "-c", f"LISTEN_PID=$$ exec {rights} '{self.program}' run --config '{config}'"], stderr=subprocess.PIPE, text=True,
                                     env={**os.environ, "NOTIFY_SOCKET": str(self.home / "notify"), "LISTEN_FDS": "2", "LISTEN_FDNAMES": "agents:portals"},
                                     preexec_fn=hand_over, close_fds=False)
            try:
                while "READY=1" not in notify.recv(4096).decode().split("\n"):
                    self.assertIsNone(relay.poll(), "the relay ended")
            finally:
                relay.terminate()
                log = relay.communicate(timeout=30)[1]
        self.assertEqual(relay.returncode, 0, log)
        self.assertIn("agents: listening on 127.0.0.1:", log)


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    unittest.main()
