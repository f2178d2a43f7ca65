"""The agent's own verification as its users meet it: the night's, what is asked for, damage that is told, and its end."""
import hashlib
import json
import os
import time
import unittest

from connector import ConnectorTest, wait_for

NEVER = '\n[verify]\nenabled = false\nbytes_per_second = 0\n'


class Verification(ConnectorTest):
    def setUp(self):
        super().setUp()
        self.folder = self.home / "Acme" / "SRV1"
        self.folder.mkdir(parents=True)
        old = time.time() - 86_400
        for number in range(6):
            stem = "C_VOL-b001" + (f"-i{number:03}" if number else "")
            self.image(stem + (".spi" if number else ".spf"), os.urandom(200_000 + number), old + number * 3600)

    def image(self, name, data, when):
        path = self.folder / name
        path.write_bytes(data)
        sidecar = path.with_suffix(".md5")
        sidecar.write_bytes(f"{hashlib.md5(data).hexdigest()} *{name}\r\n".encode())
        for file in (path, sidecar):
            os.utime(file, (when, when))
        return path

    def start(self, verify=NEVER):
        return self.agent(f"\n[[folder]]\npath = '{self.folder}'\ncustomer = \"Acme\"\n" + verify)

    def spoil(self, name):
        """Other bytes of the same size and time, as a bad disk gives them."""
        path = self.folder / name
        stat = path.stat()
        data = bytearray(path.read_bytes())
        data[1000] ^= 1
        path.write_bytes(data)
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    def volume(self, agent):
        return agent.items("/v1/volumes")[0]

    def test_images_that_agree_are_good_for_the_command_line_and_the_api(self):
        agent = self.start()
        volume = self.volume(agent)
        self.assertEqual(volume["verification"]["state"], "unknown")
        result = agent.run("verify", volume["id"])
        self.assertEqual((result.returncode, result.stdout), (0, "6 images are good.\n"), result.stderr)
        wait_for("the volume's facts", lambda: self.volume(agent)["verification"]["state"] == "good")
        images = agent.items(f"/v1/volumes/{volume['id']}/images")
        self.assertEqual({image["verification"]["state"] for image in images}, {"good"})
        self.assertEqual(images[0]["verification"]["digest"], images[0]["verification"]["expected"])
        # Nothing is due again.
        self.assertEqual(agent.run("verify").stdout, "There is nothing to verify now.\n")

    def test_a_damaged_image_is_critical_with_every_point_that_needs_it_until_it_is_good_again(self):
        self.spoil("C_VOL-b001-i003.spi")
        agent = self.start()
        self.assertEqual(self.volume(agent)["verdict"], "certain")
        volume = self.volume(agent)["id"]
        result = agent.run("verify", volume, "--json")
        self.assertEqual(result.returncode, 2, result.stdout + result.stderr)
        self.assertEqual(json.loads(result.stdout)["results"]["mismatch"], 1)
        wait_for("the verdict", lambda: self.volume(agent)["verdict"] == "broken")
        finding = next(f for f in agent.items("/v1/findings") if f["code"] == "image_damaged")
        self.assertEqual((finding["severity"], finding["evidence"]["points"]), ("critical", ["b001-i003", "b001-i004", "b001-i005"]))
        self.assertEqual(self.volume(agent)["newest_restorable_point"], "b001-i002")
        self.assertEqual(agent.run("status").returncode, 2)

        # It stays over a restart, and a good copy settles it.
        self.assertEqual(agent.end(), 0)
        agent.start()
        self.assertEqual(self.volume(agent)["verdict"], "broken")
        self.spoil("C_VOL-b001-i003.spi")
        self.assertEqual(agent.run("verify", volume).returncode, 0)
        wait_for("the verdict", lambda: self.volume(agent)["verdict"] == "certain")
        self.assertNotIn("image_damaged", {f["code"] for f in agent.items("/v1/findings")})

    def test_the_night_reads_what_most_depends_on_within_its_bytes(self):
        agent = self.start('\n[verify]\nwindow = "00:00-24:00"\nbytes_per_night = 450000\nbytes_per_second = 0\n')
        wait_for("the night's work", lambda: agent.get("/v1/verify")["ended"] == "done", 40)
        state = agent.get("/v1/verify")
        self.assertEqual((state["wanted"], state["images"], state["results"]["good"]), ("night", 2, 2))
        images = wait_for("its results", lambda: [i for i in agent.items(f"/v1/volumes/{self.volume(agent)['id']}/images")
                                                  if i["verification"]["state"] == "good"])
        self.assertIn("C_VOL-b001.spf", {i["name"] for i in images})

    def test_an_image_without_a_sidecar_is_no_failure_of_verification(self):
        (self.folder / "C_VOL-b001-i002.md5").unlink()
        agent = self.start()
        result = agent.run("verify", self.volume(agent)["id"])
        self.assertEqual((result.returncode, result.stdout), (0, "5 images are good, 1 without a usable .md5.\n"))

    def test_verification_waits_while_an_image_is_being_written(self):
        agent = self.start()
        (self.folder / "C_VOL-b001-i006.spi.tmp").write_bytes(b"being written")
        self.assertEqual(agent.call("POST", "/v1/verify", {}).status, 202)
        wait_for("the pause", lambda: agent.get("/v1/verify")["state"] == "paused")
        self.assertEqual(agent.get("/v1/verify")["results"]["good"], 0)
        self.assertEqual(agent.call("POST", "/v1/verify", {}).status, 409)
        self.assertEqual(agent.call("DELETE", "/v1/verify").status, 204)
        wait_for("its end", lambda: agent.get("/v1/verify")["state"] == "idle")
        self.assertEqual(agent.get("/v1/verify")["ended"], "cancelled")

    def test_a_slow_verification_is_interrupted_and_keeps_what_it_did(self):
        self.image("C_VOL-b001-i006.spi", b"x" * 9_000_000, time.time() - 40_000)
        agent = self.start('\n[verify]\nenabled = false\nbytes_per_second = 1000000\n')
        volume = self.volume(agent)["id"]
        self.assertEqual(agent.call("POST", "/v1/verify", {"volume_id": volume}).status, 202)
        wait_for("some progress", lambda: agent.get("/v1/verify")["bytes_done"] > 0)
        self.assertLess(agent.get("/v1/health") and agent.get("/v1/verify")["bytes_done"], 9_000_000)
        self.assertEqual(agent.run("verify", volume).returncode, 3)
        self.assertEqual(agent.call("DELETE", "/v1/verify").status, 204)
        state = wait_for("its end", lambda: (lambda s: s if s["state"] == "idle" else None)(agent.get("/v1/verify")))
        self.assertEqual(state["ended"], "cancelled")

    def test_a_folder_that_cannot_be_read_is_no_folder_without_anything_to_verify(self):
        agent = self.start()
        volume = self.volume(agent)["id"]
        away = self.folder.with_name("away")
        self.folder.rename(away)
        agent.rescan()
        wait_for("the folder to be stale", lambda: agent.items("/v1/folders")[0]["state"] == "stale")
        for words in ((volume,), ()):
            result = agent.run("verify", *words)
            self.assertEqual((result.returncode, result.stdout), (3, "Nothing was verified; 1 folder could not be read.\n"), result.stderr)
        self.assertEqual(agent.get("/v1/verify")["folders_skipped"], 1)
        away.rename(self.folder)
        agent.rescan()
        wait_for("the folder to be back", lambda: agent.items("/v1/folders")[0]["state"] == "ok")
        self.assertEqual(agent.run("verify", volume).returncode, 0)

    def test_a_folder_that_was_away_when_the_night_began_has_its_turn_when_it_is_back(self):
        other = self.home / "Acme" / "SRV2"
        agent = self.agent(f"\n[[folder]]\npath = '{self.folder}'\n\n[[folder]]\npath = '{other}'\n"
                           '\n[verify]\nwindow = "00:00-24:00"\nbytes_per_second = 0\n')
        state = wait_for("the night's work", lambda: (lambda s: s if s["ended"] == "done" else None)(agent.get("/v1/verify")), 40)
        self.assertEqual((state["results"]["good"], state["folders_skipped"]), (6, 1))
        self.folder, first = other, self.folder
        other.mkdir()
        self.image("D_VOL-b001.spf", b"x" * 3000, time.time() - 80_000)
        agent.rescan()
        state = wait_for("the rest of the night", lambda: (lambda s: s if s["run"] > state["run"] and s["ended"] else None)(
            agent.get("/v1/verify")), 60)
        self.assertEqual((state["wanted"], state["images"], state["results"]["good"], state["folders_skipped"]), ("night", 1, 1, 0))
        self.assertTrue(first.exists())

    def test_what_was_asked_for_is_answered_while_the_night_goes_on(self):
        volume_of = lambda agent, name: next(v["id"] for v in agent.items("/v1/volumes") if v["volume"] == name)
        self.image("D_VOL-b001.spf", b"x" * 60_000_000, time.time() - 80_000)
        self.spoil("C_VOL-b001-i003.spi")
        agent = self.start('\n[verify]\nwindow = "00:00-24:00"\nbytes_per_second = 2000000\n')
        wait_for("the night", lambda: agent.get("/v1/verify")["state"] == "running", 40)
        result = agent.run("verify", volume_of(agent, "C_VOL"))
        self.assertEqual(result.returncode, 2, result.stdout + result.stderr)
        self.assertIn("1 damaged", result.stdout)
        wait_for("the night to go on", lambda: agent.get("/v1/verify")["wanted"] == "night")
        state = agent.get("/v1/verify")
        self.assertEqual((state["last_asked"]["ended"], state["last_asked"]["results"]["mismatch"]), ("done", 1))
        self.assertIsNone(state["last_asked"]["last_asked"])
        # One that is taken back before it has begun is told as ended, too.
        run = agent.call("POST", "/v1/verify", {"volume_id": volume_of(agent, "D_VOL")}).json()["run"]
        self.assertEqual(agent.call("DELETE", "/v1/verify").status, 204)
        asked = wait_for("its end", lambda: (lambda s: s["last_asked"] if s["last_asked"]["run"] == run else None)(agent.get("/v1/verify")))
        self.assertEqual((asked["ended"], agent.get("/v1/verify")["waiting"]), ("cancelled", None))

    def test_an_image_that_was_written_anew_is_not_good_because_the_one_before_was(self):
        agent = self.start()
        volume = self.volume(agent)
        self.assertEqual(agent.run("verify", volume["id"]).returncode, 0)
        wait_for("the volume's facts", lambda: self.volume(agent)["verification"]["state"] == "good")
        self.image("C_VOL-b001-i005.spi", os.urandom(200_005), time.time() - 40_000)
        agent.rescan()
        states = lambda: {i["name"]: i["verification"]["state"] for i in agent.items(f"/v1/volumes/{volume['id']}/images")}
        wait_for("the new image", lambda: states()["C_VOL-b001-i005.spi"] == "unknown")
        self.assertEqual(sorted(states().values()), ["good"] * 5 + ["unknown"])
        wait_for("the volume's facts", lambda: self.volume(agent)["verification"]["good"] == 5)
        self.assertEqual(self.volume(agent)["verification"]["state"], "partial")

    def test_without_an_agent_verification_says_so(self):
        agent = self.agent("", start=False)
        result = agent.run("verify")
        self.assertEqual(result.returncode, 3)
        self.assertIn("not running", result.stderr)


if __name__ == "__main__":
    unittest.main()
