"""The Windows program under Wine, met from outside: names, folders, a running agent, its API over TLS, its end."""
import json
import signal
import unittest

from connector import ConnectorTest, native, run, wait_for
from server_tree import noon, touch, write_chain


class WindowsProgram(ConnectorTest):
    def folder(self, name="SRV1", **options):
        folder = self.home / name
        return folder, write_chain(folder, **options)

    def running(self):
        folder, images = self.folder(days=40)
        agent = self.agent(f"[[folder]]\npath = '{native(folder)}'\ncustomer = \"Acme\"\n")
        return agent, folder, images

    def test_version_and_help_are_said(self):
        self.assertRegex(self.assert_run(0, "version").stdout, r"\d+\.\d+\.\d+")
        self.assertIn("scan", self.assert_run(0, "--help").stdout)
        self.assertEqual(self.assert_run(64, "no-such-verb").stdout, "")

    def test_parse_reads_names_from_standard_input(self):
        names = "C_VOL-b001.spf\nC_VOL-b001-i012-cd-cw.spi\r\nGr\u00fc\u00dfe_VOL-b001.spf\nThumbs.db\n"
        lines = [json.loads(line) for line in self.assert_run(0, "parse", "--json", stdin=names).stdout.splitlines()]
        self.assertEqual([line["type"] for line in lines], ["image", "image", "image", "foreign"])
        self.assertEqual(lines[1]["consolidations"], ["cd", "cw"])
        self.assertEqual(lines[2]["volume"], "Gr\u00fc\u00dfe_VOL")

    def test_scan_of_a_healthy_folder_exits_0_and_of_a_broken_one_2(self):
        folder, images = self.folder(days=60)
        report = json.loads(self.assert_run(0, "scan", folder, "--json").stdout)
        self.assertEqual(report["folder"], native(folder))
        chain = report["volumes"][0]["chains"][0]
        self.assertEqual({image["name"] for image in chain["images"]}, {path.name for path in images})
        self.assertEqual([p["point"] for p in chain["points"] if p["verdict"] not in ("certain", "presumed")], [])
        next(path for path in images if path.suffix == ".spf").unlink()
        self.assert_run(2, "scan", folder, "--json")
        self.assert_run(3, "scan", self.home / "nowhere", "--json")

    def test_names_and_folders_beyond_ascii_are_read(self):
        folder, images = self.folder(name="Stra\u00dfe \u65e5\u672c", days=3)
        report = json.loads(self.assert_run(0, "scan", folder, "--json").stdout)
        self.assertEqual(report["folder"], native(folder))
        self.assertEqual(len(report["volumes"][0]["chains"][0]["images"]), len(images))

    def test_a_running_agent_answers_over_tls_and_ends_when_asked_to(self):
        agent, folder, images = self.running()
        self.assertEqual(agent.call("GET", "/v1/health", token=None).status, 200)
        self.assertEqual(agent.call("GET", "/v1/agent", token=None).status, 401)
        about = agent.get("/v1/agent")
        self.assertIn("Windows", json.dumps(about))
        folders = agent.items("/v1/folders")
        self.assertEqual([f["path"] for f in folders], [native(folder)])
        self.assertEqual(folders[0]["images"], len(images))
        self.assertGreater(folders[0]["free_bytes"], 0)
        volume = agent.items("/v1/volumes")[0]
        self.assertEqual(len(agent.items(f"/v1/volumes/{volume['id']}/images")), len(images))
        status = agent.run("status", "--json")
        self.assertEqual(status.returncode, 0, status.stdout + status.stderr)
        json.loads(status.stdout)
        self.assertEqual(agent.end(signal.SIGINT, limit=20), 0, agent.log_text())
        self.assertIn("stopped", agent.log_text())

    def test_a_lost_image_is_found_by_the_next_scan(self):
        agent, _, images = self.running()
        next(path for path in images if path.suffix == ".spf").unlink()
        agent.rescan()
        wait_for("the finding", lambda: [f for f in agent.items("/v1/findings") if f["severity"] == "critical"])
        self.assertEqual(agent.run("status").returncode, 2)

    def test_a_second_agent_on_the_same_data_is_refused(self):
        agent, _, _ = self.running()
        result = agent.run("run")
        self.assertEqual(result.returncode, 1)
        self.assertIn("another agent", result.stderr)

    def test_what_was_found_is_there_after_a_kill(self):
        agent, folder, images = self.running()
        agent.end(signal.SIGKILL)
        touch(folder / "D_VOL-b001.spf", 80_000_000_000, noon(1))
        agent.start()
        wait_for("the new volume", lambda: len(agent.items("/v1/volumes")) == 2)
        self.assertEqual(agent.items("/v1/folders")[0]["images"], len(images) + 1)


if __name__ == "__main__":
    unittest.main()
