"""The drawn chain and what would be, as people and scripts ask for them: of a directory, and of the running agent."""
import json
import re
import subprocess
import unittest
import xml.etree.ElementTree as ElementTree

from connector import ConnectorTest, native, run
from server_tree import folders_toml, write_chain, write_server

GONE = re.compile(r"\b(deleted|removed|was lost|were deleted|has gone|have gone)\b", re.IGNORECASE)


def accepted_by(words, data):
    """Whether a program takes the bytes on its standard input."""
    result = subprocess.run(words, input=data.encode(), capture_output=True, timeout=60)
    return result.returncode == 0 and result.stderr == b""


def state_of(folder):
    return sorted((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in folder.iterdir())


class OfADirectory(ConnectorTest):
    def setUp(self):
        super().setUp()
        self.folder = self.home / "SRV1"
        self.images = write_chain(self.folder, days=120)
        self.before = state_of(self.folder)

    def tearDown(self):
        self.assertEqual(state_of(self.folder), self.before)
        super().tearDown()

    def simulate(self, *words):
        result = self.assert_run(0, "simulate", self.folder, "--json", *words)
        return json.loads(result.stdout)

    def name_of(self, part):
        return [path.name for path in self.images if part in path.name][-1]

    def test_the_picture_is_text_svg_and_json_of_one_geometry(self):
        text = self.assert_run(0, "chain", self.folder, "--plain").stdout
        self.assertTrue(text.isascii())
        self.assertIn("\npoints", text)
        for width in (40, 77, 200):
            lines = self.assert_run(0, "chain", self.folder, "--unicode", "--blast-radius", "--width", width).stdout.splitlines()
            self.assertLessEqual(max(map(len, lines)), width)
        document = json.loads(self.assert_run(0, "chain", self.folder, "--json").stdout)
        chain = document["chains"][0]
        picture = chain["picture"]
        self.assertEqual(len(picture["bars"]["head"]), len(chain["images"]))
        self.assertEqual(len(picture["vertices"]["step"]), len(picture["vertices"]["time"]))
        self.assertEqual(picture["missing"], [])
        # What a page does with it.
        verdicts = [0] * len(picture["vertices"]["step"])
        for tail, head, strength in zip(*(picture["bars"][key] for key in ("tail", "head", "strength"))):
            verdicts[head] = max(verdicts[head], min(strength, 3 if tail < 0 else verdicts[tail]))
        words = ["broken", "doubtful", "presumed", "certain"]
        self.assertEqual([words[verdicts[vertex]] for vertex in picture["points"]], [point["verdict"] for point in chain["points"]])

    def test_pictures_and_graphs_are_taken_by_those_who_show_them(self):
        for words in ((), ("--width", 360, "--theme", "dark"), ("--axis", "time", "--blast-radius", "--width", 1920)):
            svg = self.assert_run(0, "chain", self.folder, "--svg", *words).stdout
            root = ElementTree.fromstring(svg)
            self.assertIn("restore points", root.find("{http://www.w3.org/2000/svg}desc").text)
            self.assertTrue(accepted_by(["rsvg-convert", "--format", "png"], svg))
        dot = self.assert_run(0, "chain", self.folder, "--dot").stdout
        self.assertTrue(accepted_by(["dot", "-Tsvg"], dot))
        point = json.loads(self.assert_run(0, "chain", self.folder, "--json").stdout)["chains"][0]["newest_point"]
        files = self.assert_run(0, "restore-set", self.folder, point).stdout.splitlines()
        self.assertEqual(re.findall(r'label="([^"]*)"', dot), [line.rsplit("/", 1)[-1].rsplit("\\", 1)[-1] for line in files])

    def test_a_loss_is_told_with_what_it_would_cost_and_what_would_mend_it(self):
        weekly = self.name_of("-cw")
        answer = self.simulate("--lose", self.folder / weekly)
        self.assertEqual(answer["question"], "lose")
        self.assertEqual([file["name"] for file in answer["files"]], [weekly])
        self.assertEqual(answer["points_lost"], sum(point["after"] == "broken" for point in answer["points"]))
        self.assertEqual(answer["bytes_before"] - answer["bytes_after"], answer["files_bytes"])
        left = answer["points_left"]
        self.assertEqual(left["total"], sum(left[word] for word in ("certain", "presumed", "doubtful", "broken")))
        base = self.simulate("--lose", self.name_of("b001.spf"))
        self.assertIsNone(base["newest_after"])
        self.assertEqual(base["points_left"]["broken"], base["points_left"]["total"])
        self.assertEqual([file["name"] for file in base["mend"]["files"]], ["C_VOL-b001.spf"])

    @staticmethod
    def verdicts(folder):
        chain = json.loads(run("scan", folder, "--json").stdout)["volumes"][0]["chains"][0]
        return {point["point"]: point["verdict"] for point in chain["points"]}

    def test_what_is_said_to_be_lost_is_what_the_scan_says_when_it_is(self):
        names = [path.name for path in self.images]
        lost = names[-1], names[-3]
        answer = self.simulate("--lose", *lost)
        copy = self.home / "copy"
        copy.mkdir()
        write_chain(copy, days=120)
        for name in lost:
            (copy / name).unlink()
        before, after = self.verdicts(self.folder), self.verdicts(copy)
        said = {point["point"]: point["after"] for point in answer["points"]}
        self.assertGreater(answer["points_lost"], 0)
        for point, verdict in before.items():
            # Of a point that only lost files spoke of, a look that never saw them says nothing.
            self.assertEqual(after.get(point, "broken"), said.get(point, verdict), point)

    def test_a_policy_tells_what_would_go_and_why_the_rest_would_stay(self):
        answer = self.simulate("--keep-daily", 3, "--keep-weekly", 0)
        self.assertEqual(answer["retention"]["daily_days"], 3)
        self.assertIsNone(answer["retention"]["weekly_days"])
        self.assertEqual(len(answer["fates"]), len(self.images))
        going = {fate["image"] for fate in answer["fates"] if fate["would_go"]}
        self.assertEqual(going, {file["image"] for file in answer["files"]})
        self.assertTrue(going)
        self.assertTrue(all(fate["reasons"] for fate in answer["fates"] if not fate["would_go"]))
        self.assertEqual(answer["newest_before"], answer["newest_after"])
        later = self.simulate("--keep-daily", 3, "--keep-weekly", 0, "--when", "2099-01-01T00:00:00Z")
        self.assertGreaterEqual(len(later["files"]), len(answer["files"]))

    def test_a_limit_tells_whether_it_would_fit(self):
        all_bytes = self.simulate("--within", "100TB")
        self.assertTrue(all_bytes["fits"])
        self.assertEqual(all_bytes["files"], [])
        half = self.simulate("--within", f"{all_bytes['bytes_before'] - 1_000_000_000}")
        self.assertTrue(half["fits"])
        self.assertLessEqual(half["bytes_after"], all_bytes["bytes_before"] - 1_000_000_000)
        self.assertFalse(self.simulate("--within", "1GB")["fits"])

    def test_words_never_sound_as_if_anything_had_been_done(self):
        for words in (("--lose", self.name_of("-cw")), ("--lose", self.name_of("b001.spf")), ("--keep-daily", 1, "--keep-intra", 1),
                      ("--within", "90GB"), ("--within", "1GB"), ("--within", "100TB")):
            text = self.assert_run(0, "simulate", self.folder, *words).stdout
            self.assertNotRegex(text, GONE)
            sentences = self.simulate(*words)["says"]
            self.assertTrue(sentences)
            self.assertTrue(any("would" in sentence or "as it is" in sentence for sentence in sentences), sentences)

    def test_wrong_questions_are_refused(self):
        for words in ((), ("--lose", "x.spi", "--within", "1GB"), ("--within", "a lot"), ("--keep-daily", "-1"),
                      ("--when", "2099-01-01T00:00:00Z", "--within", "1GB"), ("--keep-daily", "3", "--within", "1GB")):
            result = self.assert_run(64, "simulate", self.folder, *words)
            self.assertEqual(result.stdout, "")
            self.assertNotEqual(result.stderr, "")
        result = self.assert_run(1, "simulate", self.folder, "--lose", "C_VOL-b001-i999999.spi")
        self.assertIn("C_VOL-b001-i999999.spi", result.stderr)
        self.assert_run(1, "simulate", self.folder, "--base", 9, "--within", "1GB")


class OfTheAgent(ConnectorTest):
    def setUp(self):
        super().setUp()
        self.root = write_server(self.home / "server")
        self.running = self.agent(folders_toml(native(self.root)))
        volumes = self.running.items("/v1/volumes")
        self.volume = next(v["id"] for v in volumes if v["customer"] == "Acme" and v["volume"] == "C_VOL")

    def told(self, *words):
        result = self.running.run(*words)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def test_program_and_api_give_the_same(self):
        base = f"/v1/volumes/{self.volume}"
        svg = self.running.call("GET", base + "/chain.svg")
        self.assertEqual(svg.status, 200)
        self.assertEqual(svg.headers["Content-Type"], "image/svg+xml")
        self.assertIn("default-src 'none'", svg.headers["Content-Security-Policy"])
        self.assertEqual(self.told("chain", self.volume, "--svg"), svg.body.decode())
        self.assertEqual(self.told("chain", self.volume, "--dot"), self.running.call("GET", base + "/chain.dot").body.decode())
        chain = self.running.get(base + "/chain")
        self.assertEqual(json.loads(self.told("chain", self.volume, "--json")), chain)
        name = chain["chains"][0]["images"][-1]["name"]
        answer = self.running.call("POST", base + "/simulate", {"lose": [name]})
        self.assertEqual(answer.status, 200)
        self.assertEqual(json.loads(self.told("simulate", self.volume, "--lose", name, "--json")), answer.json())
        self.assertIn("would", self.told("simulate", self.volume, "--within", "1GB"))
        self.assertIn("points", self.told("chain", self.volume))

    def test_a_token_that_may_only_read_may_ask_what_would_be(self):
        reader = self.running.make_token("read", "reader")
        answer = self.running.call("POST", f"/v1/volumes/{self.volume}/simulate", {"retention": {"daily_days": 2}}, token=reader)
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.json()["question"], "retention")
        self.assertEqual(self.running.call("POST", f"/v1/volumes/{self.volume}/simulate", {}, token=reader).status, 400)
        self.assertEqual(self.running.call("POST", "/v1/volumes/vol_0000000000000000/simulate", {"within_bytes": 1}, token=reader).status, 404)


if __name__ == "__main__":
    unittest.main()
