"""The command line without an agent: names, folders, configuration, words of help, exit codes."""
import json
import re
import unittest

from connector import ConnectorTest, run
from server_tree import touch, noon, write_chain

VERBS = ("run", "status", "folders", "volumes", "findings", "unmanaged", "chain", "restore-set", "simulate", "scan", "records", "parse", "token", "cert", "check-config",
         "explain", "version")


class CommandLine(ConnectorTest):
    def folder(self, **options):
        folder = self.home / "SRV1"
        return folder, write_chain(folder, **options)

    def scan(self, code, folder, *words):
        result = self.assert_run(code, "scan", folder, "--json", *words)
        return json.loads(result.stdout)

    def test_version_says_one_line(self):
        result = self.assert_run(0, "version")
        self.assertRegex(result.stdout, r"\d+\.\d+\.\d+")
        self.assertEqual(result.stderr, "")

    def test_every_verb_has_help(self):
        self.assertIn("scan", self.assert_run(0, "--help").stdout)
        for verb in VERBS:
            with self.subTest(verb=verb):
                result = self.assert_run(0, verb, "--help")
                self.assertIn("--help", result.stdout)
                self.assertEqual(result.stderr, "")

    def test_wrong_usage_exits_64_and_says_why_on_standard_error(self):
        for words in ([], ["no-such-verb"], ["scan"], ["parse", "--no-such-option"], ["token", "create"], ["explain"]):
            with self.subTest(words=words):
                result = self.assert_run(64, *words)
                self.assertEqual(result.stdout, "")
                self.assertNotEqual(result.stderr, "")

    def test_parse_gives_one_json_line_a_name(self):
        names = "C_VOL-b001.spf\nC_VOL-b001-i012-cd-cw.spi\nC_VOL-b001-i012.md5\nThumbs.db\n"
        lines = [json.loads(line) for line in self.assert_run(0, "parse", "--json", stdin=names).stdout.splitlines()]
        self.assertEqual([line["type"] for line in lines], ["image", "image", "companion", "foreign"])
        self.assertEqual(lines[0]["kind"], "full")
        self.assertEqual((lines[1]["incremental"], lines[1]["kind"], lines[1]["consolidations"]), (12, "weekly", ["cd", "cw"]))
        self.assertEqual(lines[2]["companion"], "md5")

    def test_scan_of_a_healthy_folder_exits_0(self):
        folder, images = self.folder(days=60)
        report = self.scan(0, folder)
        self.assertEqual([volume["volume"] for volume in report["volumes"]], ["C_VOL"])
        chain = report["volumes"][0]["chains"][0]
        self.assertEqual({image["name"] for image in chain["images"]}, {path.name for path in images})
        self.assertEqual([p["point"] for p in chain["points"] if p["verdict"] not in ("certain", "presumed")], [])
        self.assertEqual(report["companions"], len(images))

    def test_scan_writes_nothing_into_the_folder(self):
        folder, _ = self.folder(days=9)
        before = sorted((path.name, path.stat().st_mtime_ns) for path in folder.iterdir())
        changed = folder.stat().st_mtime_ns
        self.assert_run(0, "scan", folder)
        self.assertEqual(sorted((path.name, path.stat().st_mtime_ns) for path in folder.iterdir()), before)
        self.assertEqual(folder.stat().st_mtime_ns, changed)

    def test_scan_of_a_folder_without_its_base_is_critical(self):
        folder, images = self.folder(days=9)
        images[0].unlink()
        report = self.scan(2, folder)
        verdicts = {point["verdict"] for point in report["volumes"][0]["chains"][0]["points"]}
        self.assertEqual(verdicts, {"broken"})
        findings = report["findings"] + report["volumes"][0]["findings"]
        self.assertIn("critical", {finding["severity"] for finding in findings})

    def test_scan_of_a_folder_that_lost_an_increment_tells_which_points_are_gone(self):
        folder, images = self.folder(days=9)
        lost = [path for path in images if re.search(r"-i\d+\.spi$", path.name)][-3]
        lost.unlink()
        report = self.scan(2, folder)
        states = {point["point"]: point["verdict"] for point in report["volumes"][0]["chains"][0]["points"]}
        number = int(re.search(r"-i(\d+)", lost.name)[1])
        for point, verdict in states.items():
            behind = re.search(r"-i(\d+)$", point)
            if behind and int(behind[1]) > number:
                self.assertEqual(verdict, "broken", point)

    def test_scan_of_what_cannot_be_read_exits_3(self):
        file = self.home / "file"
        file.write_text("no folder")
        for place in (self.home / "nothing", file):
            result = self.assert_run(3, "scan", place)
            self.assertIn(place.name, result.stderr)

    def test_a_warning_alone_exits_1(self):
        folder, _ = self.folder(days=9)
        for ending in (".spf", ".md5"):
            touch(folder / f"O'Brien_VOL-b001{ending}", 100, noon(1))
        self.scan(1, folder)

    def test_an_image_without_its_digest_is_told(self):
        folder, images = self.folder(days=9)
        images[3].with_suffix(".md5").unlink()
        report = self.scan(2, folder)
        self.assertIn("md5_missing", {f["code"] for f in report["volumes"][0]["findings"]})

    def test_chain_of_a_directory_in_every_form(self):
        folder, images = self.folder(days=9)
        text = self.assert_run(0, "chain", folder, "--text").stdout
        self.assertIn("b001", text)
        dot = self.assert_run(0, "chain", folder, "--dot").stdout
        self.assertTrue(dot.lstrip().startswith("digraph"), dot[:100])
        self.assertEqual(dot.count("{"), dot.count("}"))
        chain = self.assert_run(0, "chain", folder, "--json").stdout
        self.assertIn(images[-1].name, json.dumps(json.loads(chain)))

    def test_one_of_two_volumes_can_be_chosen(self):
        folder, _ = self.folder(days=5)
        write_chain(folder, "D_VOL", 5)
        self.assertRegex(self.assert_run(64, "chain", folder, "--json").stderr, r"C_VOL.*D_VOL")
        chosen = self.assert_run(0, "chain", folder, "--volume", "D_VOL", "--json").stdout
        self.assertNotIn("C_VOL-b001", chosen)
        self.assertIn("D_VOL-b001", chosen)

    def test_a_piped_output_has_no_escape_codes(self):
        folder, _ = self.folder(days=5)
        for words in (["scan", folder], ["chain", folder, "--text"], ["--help"], ["explain", "chain_broken"]):
            result = run(*words)
            self.assertNotIn("\x1b", result.stdout + result.stderr, words)

    def test_explain_knows_findings_and_refuses_others(self):
        self.assertIn("chain_broken", self.assert_run(0, "explain", "chain_broken").stdout)
        result = run("explain", "no_such_finding")
        self.assertIn(result.returncode, (1, 64))
        self.assertIn("no_such_finding", result.stderr)

    def test_check_config_accepts_a_good_file(self):
        file = self.home / "good.toml"
        file.write_text(f"[scan]\ninterval_seconds = 60\n\n[[folder]]\npath = '{self.home}'\n")
        self.assert_run(0, "check-config", file)

    def test_check_config_names_file_line_and_key(self):
        file = self.home / "bad.toml"
        for text, line, key in (("[scan]\n\nintervall = 60\n", 3, "intervall"), ("[scan]\ninterval_seconds = 'x'\n", 2, "interval_seconds"),
                                ("[scan]\ninterval_seconds = 1\n", 2, "interval_seconds"), ("[scan\n", 1, "")):
            file.write_text(text)
            result = self.assert_run(1, "check-config", file)
            self.assertRegex(result.stderr, rf"bad\.toml:{line}\b")
            self.assertIn(key, result.stderr)

    def test_names_that_are_no_utf_8_do_no_harm(self):
        folder, _ = self.folder(days=3)
        touch(folder / "note.txt", 1, noon(1))
        with open(bytes(folder) + b"/\xff\xfe-b001.spf", "wb"):
            pass
        result = run("scan", folder, "--json")
        self.assertIn(result.returncode, (0, 1, 2))
        json.loads(result.stdout)

    def test_verbs_that_ask_the_agent_say_when_it_does_not_run(self):
        config = self.home / "imconnector.toml"
        config.write_text(f"[agent]\ndata_directory = '{self.home / 'data'}'\n")
        result = self.assert_run(3, "status", "--config", config)
        self.assertRegex(result.stderr + result.stdout, r"(?i)not running")


if __name__ == "__main__":
    unittest.main()
