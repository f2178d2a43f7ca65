"""The installer, as an administrator meets it on an empty computer: installed, asked, upgraded, rolled back, removed."""
import json
import os
import pathlib
import re
import socket
import subprocess
import time
import unittest

from server_tree import write_chain
from wine_computer import ComputerTest, free_port, wait_for, windows

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The relay runs on this computer, not on the one of the test.
os.environ.setdefault("IMSHUTTLE", str(ROOT / "build/dev/bin/imshuttle"))
from shuttle_world import RELAY, Relay  # noqa: E402

PROGRAM = pathlib.Path(os.environ["IMCONNECTOR"])
NEVER_STARTS = pathlib.Path(os.environ["IMC_NEVER_STARTS"])
LARGEST = 8 * 1024 * 1024
LARGEST_MEMORY_KIB = 40 * 1024
REFUSED = 1603 & 0xFF
FAILED = {1603 & 0xFF, 1627 & 0xFF}


class Installer(ComputerTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.current = cls.build(re.search(r"^project\(imconnector VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text(), re.M).group(1))

    @classmethod
    def build(cls, version, program=PROGRAM, environment=()):
        output = cls.home / f"imconnector-{version}-{program.stem}{'-signed' if environment else ''}.msi"
        made = subprocess.run([ROOT / "tools/msi", "--version", version, "--program", program, "--output", output], capture_output=True,
                              text=True, env={**os.environ, **dict(environment)}, check=False)
        if made.returncode != 0:
            raise AssertionError(made.stderr)
        return output

    def folder(self, name):
        folder = self.computer.home / name
        write_chain(folder, days=5)
        return folder

    def install(self, package, *properties, code=0):
        return self.assert_well(self.computer.msiexec("/i", windows(package), *properties), code)

    def products(self):
        """Entries of this product among the installed programs, as display versions."""
        key = r"HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall"
        said = self.computer.wine("reg", "query", key, "/s").stdout
        found = []
        for entry in said.split("\n\n"):
            if re.search(r"DisplayName\s+REG_SZ\s+ImageManager Connector", entry):
                found.append(re.search(r"DisplayVersion\s+REG_SZ\s+(\S+)", entry).group(1))
        return found

    def status(self):
        return json.loads(self.computer.run("status", "--json").stdout)

    def test_installed_with_properties_it_answers_and_uninstalling_keeps_the_data(self):
        self.assertLess(self.current.stat().st_size, LARGEST)
        folder, port = self.folder("SRV1"), free_port()
        began = time.monotonic()
        self.install(self.current, f"APIPORT={port}", f"FOLDERS={windows(folder)}", f"DISCOVERYROOTS={windows(self.computer.home)}\\roots")
        wait_for("the API", lambda: self.computer.facts() and self.computer.call("/v1/health", port=port)[0] == 200)
        seconds = time.monotonic() - began
        self.assertEqual(self.computer.state(), "RUNNING")
        self.assertEqual(self.products(), [self.current.name.split("-")[1]])
        token = self.computer.token()
        self.assertEqual(list(self.computer.folders(token, port)), [windows(folder)])
        wait_for("the first look", lambda: self.computer.run("status").returncode in (0, 1, 2))
        memory = self.computer.resident_kib()
        self.assertLess(memory["own"], LARGEST_MEMORY_KIB)
        print(f"msiexec to answering API: {seconds:.1f} s; idle service: {memory} KiB; package: {self.current.stat().st_size} bytes")
        config = (self.computer.data / "imconnector.toml").read_text(encoding="utf-8")
        self.assertIn("# Addresses and ports to serve the API on", config)
        self.assertIn(f"'0.0.0.0:{port}'", config)
        self.assertTrue((self.computer.drive / "Program Files/ImageManager Connector/TROUBLESHOOTING.txt").exists())

        self.assert_well(self.computer.msiexec("/x", windows(self.current)))
        self.assertFalse(self.computer.program.exists())
        self.assertEqual(self.computer.state(), "")
        self.assertEqual(self.products(), [])
        for name in ("imconnector.toml", "settings.db", "certificate.key"):
            self.assertTrue((self.computer.data / name).exists(), name)
        # Installed again it is what it was.
        self.install(self.current)
        self.assertEqual(list(self.computer.folders(token, port)), [windows(folder)])
        self.assert_well(self.computer.msiexec("/x", windows(self.current), "PURGEDATA=1"))
        self.assertFalse(self.computer.data.exists(), list(self.computer.data.rglob("*")) if self.computer.data.exists() else "")

    def test_an_upgrade_keeps_all_and_one_that_cannot_start_is_taken_back(self):
        folder, port = self.folder("SRV1"), free_port()
        self.install(self.build("0.0.9"), f"APIPORT={port}", f"FOLDERS={windows(folder)}")
        token = self.computer.token()
        config = (self.computer.data / "imconnector.toml").read_bytes()
        key = (self.computer.data / "certificate.key").read_bytes()

        def unchanged(version):
            self.assertEqual(self.products(), [version])
            self.assertEqual(self.computer.state(), "RUNNING", self.computer.told())
            self.assertEqual(list(self.computer.folders(token, port)), [windows(folder)])
            self.assertEqual((self.computer.data / "imconnector.toml").read_bytes(), config)
            self.assertEqual((self.computer.data / "certificate.key").read_bytes(), key)
            self.assertFalse((self.computer.data / "previous").exists())
            self.assertTrue(self.computer.program.read_bytes() == PROGRAM.read_bytes())

        unchanged("0.0.9")
        self.install(self.current)
        unchanged(self.current.name.split("-")[1])
        failed = self.computer.msiexec("/i", windows(self.build("9.0.0", NEVER_STARTS)))
        self.assertIn(failed.returncode, FAILED, failed.log[-4000:])
        unchanged(self.current.name.split("-")[1])
        journal = (self.computer.data / "logs/installer.log").read_text(encoding="utf-8")
        self.assertIn("reading the history", journal)
        self.assertIn("the version before is back", journal)

    # Not after an upgrade: Wine forgets there which products belong together.
    def test_an_older_version_is_refused(self):
        self.install(self.current, f"APIPORT={free_port()}")
        self.install(self.build("0.0.9"), code=REFUSED)
        self.assertEqual(self.products(), [self.current.name.split("-")[1]])
        self.assertEqual(self.computer.state(), "RUNNING")

    def test_a_stopped_service_stays_stopped_over_an_upgrade(self):
        self.install(self.build("0.0.9"), f"APIPORT={free_port()}", "STARTSERVICE=0")
        self.assertEqual(self.computer.state(), "STOPPED")
        self.install(self.current)
        self.assertEqual(self.computer.state(), "STOPPED")
        self.assertEqual(self.products(), [self.current.name.split("-")[1]])

    def test_bad_properties_do_not_fail_the_installation_and_status_says_what_to_mend(self):
        with socket.create_server(("0.0.0.0", 0)) as taken:
            port = taken.getsockname()[1]
            self.install(self.current, f"APIPORT={port}", "FOLDERS=C:\\nowhere;relative;D:\\")
            self.assertEqual(self.computer.state(), "RUNNING")
            status = wait_for("the findings", lambda: (lambda s: s if len(s["findings"]) >= 3 else None)(self.status()))
        told = {finding["code"]: finding["says"] for finding in status["findings"]}
        self.assertIn(str(port), told["api_closed"])
        self.assertIn("relative", told["config_refused"])
        self.assertIn("C:\\nowhere", " ".join(told.values()))
        self.assertIn("cannot listen", self.computer.log.read_text(encoding="utf-8"))
        # A port that is no port is refused before anything is done.
        self.assert_well(self.computer.msiexec("/x", windows(self.current), "PURGEDATA=1"))
        self.install(self.current, "APIPORT=none", code=REFUSED)
        self.assertFalse(self.computer.program.exists())

    def in_no_trace(self, code, installed):
        """Neither the log of the installation, nor the registry, nor a file of the agent's has it. Wine does not know hidden properties
        and lists them all at the end; which they are is held against the tables by tools/windows/check-msi."""
        log = re.sub(r"Property\(S\): (JOINCODE|Join) = .*", "", installed.log.replace("\0", ""))
        self.assertIn("Join", log)
        self.assertNotIn(code, log)
        for key in (r"HKLM\Software\ImageManager Connector", r"HKLM\Software\Microsoft\Windows\CurrentVersion"):
            found = self.computer.wine("reg", "query", key, "/s").stdout
            self.assertIn("ImageManager Connector", found)
            self.assertNotIn(code, found)
        for file in self.computer.data.rglob("*"):
            if file.is_file():
                self.assertNotIn(code.encode(), file.read_bytes(), file)

    @unittest.skipUnless(pathlib.Path(RELAY).exists(), "no relay was built here (cmake --preset dev, target imshuttle)")
    def test_a_join_code_brings_the_agent_to_its_relay_and_stays_nowhere(self):
        home = self.home / "relay"
        home.mkdir()
        relay = Relay(home).start()
        self.addCleanup(relay.kill)
        code = relay.must("join-code", "create")
        installed = self.install(self.current, f"APIPORT={free_port()}", f"JOINCODE={code}")
        self.assertEqual(self.computer.state(), "RUNNING")
        agent = wait_for("the agent at the relay", relay.online)

        def connected():
            status = json.loads(self.computer.run("shuttle", "status", "--json").stdout)
            return status if status["state"] == "connected" else None
        self.assertEqual([wait_for("the agent to know", connected)["agent"]], list(agent))
        self.assertFalse((self.computer.data / "shuttle.join").exists())
        self.assertTrue((self.computer.data / "shuttle.key").read_bytes().startswith(b"imconnector DPAPI"))
        self.in_no_trace(code, installed)
        # The same line of words for an upgrade or a repair: it is enrolled already.
        self.install(self.current, "REINSTALL=ALL", f"JOINCODE={code}")
        wait_for("the agent at the relay", lambda: list(relay.online()) == list(agent))
        self.assertIn("enrolled already", (self.computer.data / "logs/installer.log").read_text(encoding="utf-8"))
        self.assertNotIn("join_failed", [finding["code"] for finding in self.status()["findings"]])
        self.assert_well(self.computer.msiexec("/x", windows(self.current), "PURGEDATA=1"))
        self.assertFalse(self.computer.data.exists(), list(self.computer.data.rglob("*")) if self.computer.data.exists() else "")

    def test_a_broken_join_code_does_not_fail_the_installation_and_status_says_what_to_mend(self):
        code = "imj1" + "7" * 120
        installed = self.install(self.current, f"APIPORT={free_port()}", f"JOINCODE={code}")
        self.assertEqual(self.computer.state(), "RUNNING")
        told = wait_for("the finding", lambda: {finding["code"]: finding for finding in self.status()["findings"]}.get("join_failed"))
        self.assertIn("copy it again", told["says"])
        self.assertIn("imconnector enroll", told["remedy"])
        self.assertIn("copy it again", (self.computer.data / "logs/installer.log").read_text(encoding="utf-8"))
        self.in_no_trace(code, installed)

    def test_repair_brings_back_program_and_settings_of_the_service(self):
        port = free_port()
        self.install(self.current, f"APIPORT={port}")
        token = self.computer.token()
        self.assert_well(self.computer.run("service", "stop"))
        self.computer.program.with_name("README.txt").unlink()
        self.assert_well(self.computer.run("service", "start"))
        # What /f does; Wine's msiexec does not know how to.
        self.install(self.current, "REINSTALL=ALL")
        self.assertTrue(self.computer.program.with_name("README.txt").exists())
        self.assertEqual(self.computer.state(), "RUNNING")
        self.assertEqual(self.computer.folders(token, port), {})

    def test_signed_by_a_certificate_program_and_package_verify(self):
        certificate, key = self.home / "test.pem", self.home / "test.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Test", "-days", "2", "-addext",
                        "extendedKeyUsage=codeSigning", "-keyout", key, "-out", certificate], check=True, capture_output=True)
        package = self.build("0.1.1", environment={"IMC_SIGN_CERTIFICATE": str(certificate), "IMC_SIGN_KEY": str(key)})
        verified = subprocess.run(["osslsigncode", "verify", "-CAfile", certificate, "-in", package], capture_output=True, text=True, check=False)
        self.assertIn("Signature verification: ok", verified.stdout)
        self.install(package, f"APIPORT={free_port()}")
        verified = subprocess.run(["osslsigncode", "verify", "-CAfile", certificate, "-in", self.computer.program], capture_output=True, text=True,
                                  check=False)
        self.assertIn("Signature verification: ok", verified.stdout)


if __name__ == "__main__":
    unittest.main()
