"""A running agent: status, the API over TLS, losses told within a scan, reloads, revocations."""
import json
import os
import pathlib
import re
import shutil
import socket
import stat
import subprocess
import sys
import unittest

from connector import run, signal, wait_for
from server_tree import folders_toml, write_chain
from server_test import ServerTest

HERE = pathlib.Path(__file__).resolve().parent


class Well(ServerTest):
    """What a healthy server and its callers see."""

    def test_a_healthy_server_is_well_for_command_line_and_api(self):
        agent = self.server_agent()
        code, _ = self.status(agent)
        self.assertEqual(code, 0, agent.run("status").stdout)
        volumes = agent.items("/v1/volumes")
        self.assertEqual(sorted((v["customer"], v["machine"], v["volume"]) for v in volumes),
                         [("Acme", "SRV1", "C_VOL"), ("Acme", "SRV1", "D_VOL"), ("Globex", "DC01", "C_VOL"), ("Globex", "SQL01", "E_VOL")])
        self.assertTrue({v["verdict"] for v in volumes} <= {"certain", "presumed"})
        self.assertEqual([f for f in agent.items("/v1/findings") if f["severity"] != "info"], [])

    def test_every_endpoint_answers_as_it_is_described(self):
        agent = self.server_agent()
        validator = HERE / "validate_api.py"
        if not validator.exists():
            self.skipTest("no validator")
        facts = agent.facts()
        result = subprocess.run([sys.executable, "-B", validator, "--url", facts["url"], "--fingerprint", facts["certificate_sha256"]],
                                input=agent.token + "\n", capture_output=True, text=True, timeout=120)
        self.assertEqual(result.returncode, 0, result.stdout[-3000:] + result.stderr[-3000:])

    def test_callers_without_a_good_token_learn_nothing(self):
        agent = self.server_agent()
        self.assertEqual(agent.call("GET", "/v1/health", token=None).status, 200)
        for token in (None, "imc_wrong", agent.token[:-1] + ("a" if agent.token[-1] != "a" else "b")):
            answer = agent.call("GET", "/v1/volumes", token=token)
            self.assertEqual(answer.status, 401)
            self.assertNotIn(b"SRV1", answer.body)
        reader = agent.make_token("read", "reader")
        self.assertEqual(agent.call("GET", "/v1/volumes", token=reader).status, 200)
        self.assertEqual(agent.call("POST", "/v1/rescan", {}, token=reader).status, 403)

    def test_what_has_not_changed_is_not_sent_again(self):
        agent = self.server_agent()
        first = agent.call("GET", "/v1/sync")
        again = agent.call("GET", "/v1/sync", headers={"If-None-Match": first.headers["ETag"]})
        self.assertEqual((first.status, again.status, again.body), (200, 304, b""))

    def test_many_requests_go_over_one_connection(self):
        agent = self.server_agent()
        connection = agent.connect()
        socket_before = connection.sock
        for target in ("/v1/agent", "/v1/folders", "/v1/volumes", "/v1/findings", "/metrics"):
            connection.request("GET", target, headers={"Authorization": f"Bearer {agent.token}"})
            response = connection.getresponse()
            response.read()
            self.assertEqual(response.status, 200, target)
        self.assertIs(connection.sock, socket_before)
        connection.close()

    def test_metrics_are_what_prometheus_takes(self):
        agent = self.server_agent()
        answer = agent.call("GET", "/metrics")
        self.assertEqual(answer.status, 200)
        if not shutil.which("promtool"):
            self.skipTest("no promtool")
        result = subprocess.run(["promtool", "check", "metrics"], input=answer.body.decode(), capture_output=True, text=True, timeout=30)
        self.assertEqual((result.returncode, result.stdout + result.stderr), (0, ""))

    def test_lists_of_the_command_line_agree_with_the_api(self):
        agent = self.server_agent()
        for verb, key in (("folders", "id"), ("volumes", "id"), ("findings", "key")):
            result = agent.run(verb, "--json")
            self.assertEqual(result.returncode, 0, result.stderr)
            told = json.loads(result.stdout)
            told = told["items"] if isinstance(told, dict) else told
            self.assertEqual(sorted(x[key] for x in told), sorted(x[key] for x in agent.items(f"/v1/{verb}")))
            self.assertNotIn("\x1b", agent.run(verb).stdout)

    def test_secrets_stay_with_their_owner(self):
        agent = self.server_agent()
        for name in ("local.token", "certificate.key"):
            files = list(agent.data.rglob(name))
            self.assertEqual([stat.S_IMODE(file.stat().st_mode) for file in files], [0o600], name)
        self.assertNotIn(agent.token, agent.log_text())
        self.assertNotIn((agent.data / "local.token").read_text().strip(), agent.log_text())
        self.assertRegex(agent.log_text(), r"listening on https://127\.0\.0\.1:\d+")

    def test_the_fingerprint_that_is_shown_is_the_one_that_is_served(self):
        agent = self.server_agent()
        shown = agent.run("cert", "show").stdout
        self.assertIn(agent.facts()["certificate_sha256"].replace(":", "").lower(), shown.replace(":", "").lower())


class Losses(ServerTest):
    """What is gone is told within one scan, and what comes back closes it."""

    def test_a_deleted_weekly_is_told_within_one_scan(self):
        agent = self.server_agent()
        folder = self.root / "Acme" / "SRV1"
        weekly = self.needed_weekly(agent)
        (folder / weekly).unlink()
        agent.rescan()

        volume = self.volume(agent, "SRV1", "C_VOL")
        # The agent saw the folder before: there is nothing left to doubt.
        points = agent.items(f"/v1/volumes/{volume['id']}/points")
        self.assertIn("broken", {p["verdict"] for p in points})
        findings = [f for f in agent.items("/v1/findings") if f["volume_id"] == volume["id"] and f["severity"] == "critical"]
        self.assertIn("chain_broken", {f["code"] for f in findings})
        self.assertTrue(all(f["remedy"] and f["says"] for f in findings))
        self.assertIn(weekly, json.dumps(agent.items("/v1/findings")))
        code, _ = self.status(agent)
        self.assertEqual(code, 2)
        self.assertIn("C_VOL", agent.run("status").stdout)
        # Without history the names and the calendar have to tell: doubtful at least.
        scan = run("scan", folder, "--json")
        self.assertIn(scan.returncode, (1, 2))
        chains = [c for v in json.loads(scan.stdout)["volumes"] if v["volume"] == "C_VOL" for c in v["chains"]]
        self.assertTrue({"broken", "doubtful"} & {p["verdict"] for c in chains for p in c["points"]})

    def needed_weekly(self, agent):
        volume = self.volume(agent, "SRV1", "C_VOL")
        weeklies = [i for i in agent.items(f"/v1/volumes/{volume['id']}/images") if i["kind"] == "weekly" and i["blast_radius"] > 0]
        self.assertTrue(weeklies, "the folder has a weekly on which points depend")
        return max(weeklies, key=lambda i: i["blast_radius"])["name"]

    def test_a_loss_that_heals_closes_its_findings(self):
        agent = self.server_agent()
        image = max((self.root / "Acme" / "SRV1").glob("D_VOL-*-cd.spi"), key=lambda p: p.stat().st_mtime)
        digest = image.with_suffix(".md5")
        aside = self.home / digest.name
        shutil.move(digest, aside)
        agent.rescan()
        self.assertIn("md5_missing", {f["code"] for f in agent.items("/v1/findings")})
        shutil.move(aside, digest)
        agent.rescan()
        self.assertNotIn("md5_missing", {f["code"] for f in agent.items("/v1/findings")})

    def test_a_folder_that_vanishes_keeps_its_last_known_data(self):
        agent = self.server_agent()
        folder = self.root / "Acme" / "SRV1"
        before = self.volume(agent, "SRV1", "C_VOL")
        for make in (lambda: None, lambda: folder.write_text("a file")):  # gone, then a file in its place
            if folder.is_dir():
                folder.rename(self.home / "aside")
            make()
            agent.rescan()
            after = self.volume(agent, "SRV1", "C_VOL")
            self.assertEqual((after["id"], after["images"], after["usage_bytes"]), (before["id"], before["images"], before["usage_bytes"]))
            self.assertTrue(after["data_stale"])
            record = next(f for f in agent.items("/v1/folders") if f["path"] == str(folder))
            self.assertEqual(record["state"], "stale")
            self.assertIn(record["id"], {f["folder_id"] for f in agent.items("/v1/findings")})
            self.assertNotEqual(self.status(agent)[0], 0)
        folder.unlink()
        (self.home / "aside").rename(folder)
        agent.rescan()
        self.assertFalse(self.volume(agent, "SRV1", "C_VOL")["data_stale"])
        self.assertEqual(self.status(agent)[0], 0)

    def test_a_folder_that_may_not_be_read_is_told(self):
        agent = self.server_agent(start=False)
        under = ()
        if os.geteuid() == 0:  # root may read everything
            under = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs")
            for above in (self.home, agent.home):
                above.chmod(0o755)
            agent.data.mkdir()
            os.chown(agent.data, 65534, 65534)
        agent.start(under=under)
        agent.token = agent.make_token()
        folder = self.root / "Acme" / "SRV1"
        folder.chmod(0)
        self.addCleanup(folder.chmod, 0o700)
        agent.rescan()
        record = next(f for f in agent.items("/v1/folders") if f["path"] == str(folder))
        self.assertEqual((record["state"], record["error"]), ("stale", "access_denied"))


class Changes(ServerTest):
    """What callers, people and files change is taken up while the agent runs."""

    def test_an_unmanaged_folder_is_found_adopted_and_released(self):
        agent = self.server_agent()
        path = str(self.root / "Initech" / "FS1")
        found = wait_for("the search", lambda: [f for f in agent.items("/v1/unmanaged-folders") if f["path"] == path])
        self.assertEqual((found[0]["customer"], found[0]["machine"]), ("Initech", "FS1"))
        self.assertIn("FS1", agent.run("unmanaged").stdout)
        reader = agent.make_token("read", "reader")
        self.assertEqual(agent.call("POST", "/v1/folders", {"path": path}, token=reader).status, 403)
        answer = agent.call("POST", "/v1/folders", {"path": path})
        self.assertEqual(answer.status, 201, answer.body)
        wait_for("its scan", lambda: [v for v in agent.items("/v1/volumes") if v["machine"] == "FS1"])
        self.assertEqual([f for f in agent.items("/v1/unmanaged-folders") if f["path"] == path], [])
        self.assertEqual(agent.call("DELETE", f"/v1/folders/{answer.json()['id']}").status, 204)
        wait_for("its end", lambda: not [v for v in agent.items("/v1/volumes") if v["machine"] == "FS1"])
        self.assertTrue(os.path.isdir(path))

    def test_a_feed_tells_of_a_change(self):
        agent = self.server_agent()
        connection = agent.connect()
        connection.request("GET", "/v1/events", headers={"Authorization": f"Bearer {agent.token}", "Accept": "text/event-stream"})
        response = connection.getresponse()
        self.assertEqual((response.status, response.headers.get_content_type()), (200, "text/event-stream"))
        folder = self.root / "Globex" / "Store" / "DC01"
        max(folder.glob("*.spi"), key=lambda p: p.stat().st_mtime).unlink()
        agent.rescan()
        lines = []
        while not (lines and lines[-1].startswith("data:")):
            line = response.readline().decode().rstrip("\n")
            if line:
                lines.append(line)
        self.assertTrue(any(line.startswith("event:") for line in lines), lines)
        connection.close()

    def test_a_portal_gets_only_what_changed_since_its_cursor(self):
        agent = self.server_agent()
        everything = agent.get("/v1/sync")
        (max((self.root / "Globex/Store/DC01").glob("*.spi"), key=lambda p: p.stat().st_mtime)).unlink()
        agent.rescan()
        changed = agent.get(f"/v1/sync?since={everything['cursor']}")
        self.assertNotEqual(changed["cursor"], everything["cursor"])
        self.assertEqual({v["machine"] for v in changed["volumes"]}, {"DC01"})

    def test_a_revoked_token_is_refused_at_once(self):
        agent = self.server_agent()
        listed = agent.run("token", "list").stdout
        self.assertNotIn(agent.token, listed)
        token_id = re.search(r"\bt_\w+", next(line for line in listed.splitlines() if re.search(r"\btest\b", line)))[0]
        result = agent.run("token", "revoke", token_id)
        self.assertEqual(result.returncode, 0, result.stderr)
        wait_for("the revocation", lambda: agent.call("GET", "/v1/volumes").status == 401, 5)

    def test_a_good_configuration_is_taken_up_without_a_restart(self):
        agent = self.server_agent()
        write_chain(self.home / "more", "C_VOL", 4)
        agent.write_config(folders_toml(self.root) + f"\n[[folder]]\npath = '{self.home / 'more'}'\nmachine = 'MORE'\n")
        agent.process.send_signal(signal.SIGHUP)
        wait_for("the new folder", lambda: [v for v in agent.items("/v1/volumes") if v["machine"] == "MORE"])

    def test_a_change_is_noticed_without_being_asked_and_long_before_the_interval(self):
        agent = self.server_agent()
        before = agent.get("/v1/agent")["last_scan"]["finished"]
        gone = sorted((self.root / "Acme" / "SRV1").glob("C_VOL-*-cw.spi"))[-1]
        gone.unlink()
        wait_for("the finding", lambda: [f for f in agent.items("/v1/findings") if gone.name in json.dumps(f)], 30)
        self.assertIsNotNone(before)

    def test_a_port_that_is_taken_is_told_and_taken_over_once_it_is_free(self):
        agent = self.server_agent(start=False)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            agent.write_config(folders_toml(self.root))
            agent.config.write_text(agent.config.read_text().replace("127.0.0.1:0", f"127.0.0.1:{port}"))
            agent.start()
            status = agent.run("status")
            self.assertEqual(status.returncode, 2)
            self.assertIn("api_closed", status.stdout)
            self.assertIn(str(port), status.stdout)
            self.assertIn("SRV1", status.stdout)
        wait_for("the port", lambda: agent.facts()["url"].endswith(f":{port}"))
        agent.token = agent.make_token()
        wait_for("the end of the finding", lambda: not [f for f in agent.items("/v1/findings") if f["code"] == "api_closed"])

    def test_a_bad_configuration_leaves_the_running_one_and_is_told(self):
        agent = self.server_agent()
        agent.write_config(folders_toml(self.root) + "\n[scna]\nx = 1\n")
        agent.process.send_signal(signal.SIGHUP)
        wait_for("the complaint", lambda: "scna" in agent.log_text())
        self.assertEqual(len(agent.items("/v1/volumes")), 4)
        wait_for("the finding", lambda: [f for f in agent.items("/v1/findings") if "scna" in json.dumps(f)])
        agent.write_config(folders_toml(self.root))
        agent.process.send_signal(signal.SIGHUP)
        wait_for("its end", lambda: not [f for f in agent.items("/v1/findings") if "scna" in json.dumps(f)])


if __name__ == "__main__":
    unittest.main()
