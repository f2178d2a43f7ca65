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

    def test_without_an_agent_verification_says_so(self):
        agent = self.agent("", start=False)
        result = agent.run("verify")
        self.assertEqual(result.returncode, 3)
        self.assertIn("not running", result.stderr)


if __name__ == "__main__":
    unittest.main()
