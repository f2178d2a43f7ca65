"""What the README promises: a server made by imc-generate, an agent on it, its defects told and nothing else."""
import json
import os
import pathlib
import re
import subprocess
import unittest

from connector import ConnectorTest, run, wait_for

GENERATE = os.environ.get("IMC_GENERATE", "imc-generate")


class Demo(ConnectorTest):
    @classmethod
    def generate(cls, directory, *words):
        subprocess.run([GENERATE, "demo", directory, *words], check=True, capture_output=True, timeout=300)
        return (pathlib.Path(directory) / "folders.toml").read_text(encoding="utf-8")

    def test_the_demo_has_three_customers_and_defects_that_are_told(self):
        agent = self.agent(self.generate(self.home / "server"))
        volumes = agent.items("/v1/volumes")
        self.assertGreaterEqual(len({v["customer"] for v in volumes if v["customer"]}), 3)
        self.assertIn(agent.run("status").returncode, (1, 2))
        findings = agent.items("/v1/findings")
        self.assertTrue(findings)
        for finding in findings:
            self.assertTrue(finding["says"].strip() and finding["remedy"].strip(), finding)
        well = [v for v in volumes if v["verdict"] in ("certain", "presumed")]
        self.assertGreater(len(well), len(volumes) // 2)
        status = agent.run("status").stdout
        self.assertNotIn("\x1b", status)
        self.assertTrue(all(len(line) <= 200 for line in status.splitlines()))

    def test_its_night_reads_what_is_small_and_finds_the_one_spoiled_image(self):
        agent = self.agent(self.generate(self.home / "server"))
        wait_for("the night's work", lambda: agent.get("/v1/verify")["ended"] == "done", 60)
        state = agent.get("/v1/verify")
        self.assertEqual((state["wanted"], state["results"]["mismatch"], state["results"]["unreadable"]), ("night", 1, 0))
        self.assertGreater(state["results"]["good"], 300)
        damaged = wait_for("what it found", lambda: [f for f in agent.items("/v1/findings") if f["code"] == "image_damaged"])
        self.assertEqual(len(damaged), 1)
        self.assertIn("Journal_VOL of TILL-01", damaged[0]["says"])
        till = next(v for v in agent.items("/v1/volumes") if v["machine"] == "TILL-01")
        self.assertEqual((till["verification"]["state"], till["verdict"]), ("failed", "broken"))
        self.assertEqual(agent.run("status").returncode, 2)
        self.assertRegex(agent.run("status").stdout, r"CRITICAL  Acme / TILL-01 / Journal_VOL .* broken")
        self.assertIn("image_damaged", agent.run("findings").stdout)

    def test_the_records_of_the_demo_know_no_chains_that_are_not_there(self):
        agent = self.agent(self.generate(self.home / "server"))
        folders = wait_for("the records", lambda: [f for f in agent.items("/v1/folders") if (f["records"] or {}).get("files")])
        self.assertEqual([f["path"] for f in folders if f["records"]["empty_sets"]], [])

    def test_deleting_the_weekly_that_the_demo_names_is_told_everywhere(self):
        folders = self.generate(self.home / "server")
        agent = self.agent(folders)
        weekly = pathlib.Path(re.search(r"^# Worth a try: delete '(.+-cw\.spi)'", folders, re.MULTILINE)[1])
        weekly.unlink()
        agent.rescan()
        folder = next(f["id"] for f in agent.items("/v1/folders") if f["path"] == str(weekly.parent))
        told = [f for f in agent.items("/v1/findings") if f["folder_id"] == folder and weekly.name in json.dumps(f)]
        self.assertIn("critical", {f["severity"] for f in told})
        self.assertIn(weekly.name, agent.run("findings").stdout)
        self.assertEqual(agent.run("status").returncode, 2)
        self.assertIn(run("scan", weekly.parent).returncode, (1, 2))

    def test_the_agent_leaves_the_server_as_it_was(self):
        server = self.home / "server"
        folders = self.generate(server)
        def picture():
            return sorted((str(p), p.stat().st_mtime_ns, p.stat().st_size) for p in server.rglob("*"))
        before = picture()
        agent = self.agent(folders)
        agent.rescan()
        self.assertEqual(agent.end(), 0)
        self.assertEqual(picture(), before)

    def test_the_same_time_makes_the_same_server(self):
        pictures = []
        for name in ("one", "two"):
            server = self.home / name / "server"
            server.parent.mkdir()
            self.generate(server, "--now", "2026-03-01T12:00:00Z")
            pictures.append(sorted((str(p.relative_to(server)), p.stat().st_size, int(p.stat().st_mtime))
                                   for p in server.rglob("*") if p.is_file() and p.name != "folders.toml"))
        self.assertEqual(*pictures)
        self.assertGreater(len(pictures[0]), 1000)


if __name__ == "__main__":
    unittest.main()
