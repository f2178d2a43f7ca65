"""ImageManager as a source of a running agent: its folders, its verifications, its queues, and its database when that is away."""
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

from connector import ConnectorTest, run, signal, wait_for

HERE = pathlib.Path(__file__).resolve().parent
GOLDEN = HERE.parent / "golden" / "imagemanager-mdb"
GENERATE = os.environ.get("IMC_GENERATE", "imc-generate")


class ImageManager(ConnectorTest):
    def setUp(self):
        super().setUp()
        self.server = self.home / "server"
        subprocess.run([GENERATE, "demo", self.server], check=True, capture_output=True, timeout=300)
        self.folders = (self.server / "folders.toml").read_text(encoding="utf-8")
        self.database = self.server / "ImageManager" / "ImageManager.mdb"

    def watching(self, folders=None):
        """An agent that has compared the records with what it has seen."""
        agent = self.agent(folders or self.folders)
        self.compared(agent)
        return agent

    def compared(self, agent):
        wait_for("the comparison", lambda: self.codes(agent, "verification_failed"), 40)

    @staticmethod
    def codes(agent, code):
        return [f for f in agent.items("/v1/findings") if f["code"] == code]

    def folder(self, agent, name):
        return next(f for f in agent.items("/v1/folders") if f["path"] == str(self.server / name))

    def test_folders_of_database_and_configuration_are_one_list_and_say_where_they_come_from(self):
        agent = self.watching()
        folders = {str(pathlib.Path(f["path"]).relative_to(self.server)): f for f in agent.items("/v1/folders")}
        alone = folders["backups/Initech/SRV-ERP"]
        self.assertEqual((alone["source"], alone["customer"], alone["machine"]), ("imagemanager", "Initech", "SRV-ERP"))
        self.assertEqual(alone["records"]["path"], "D:\\Demo\\backups\\Initech\\SRV-ERP")
        both = folders["backups/Acme/SRV-SQL"]
        self.assertEqual(both["source"], "configuration")
        self.assertGreater(both["records"]["files"], 10)
        self.assertEqual({s["machine"] for s in both["records"]["sets"]}, {"SRV-SQL"})
        self.assertIsNone(folders["replica/Globex/FS01"]["records"])
        self.assertEqual(folders["store/WEB01"]["parent_id"], folders["store"]["id"])
        self.assertEqual(folders["store/WEB01"]["customer"], "Initech")
        page = agent.run("folders").stdout
        self.assertRegex(page, r"(?m)SRV-ERP .* imagemanager ")
        self.assertRegex(page, r"(?m)SRV-SQL .* configuration ")
        facts = agent.get("/v1/agent")["imagemanager"]
        self.assertEqual((facts["database"]["state"], facts["service_state"], facts["version"]), ("ok", None, None))
        self.assertIn("waiting for replication", agent.run("status").stdout)
        answer = agent.call("DELETE", f"/v1/folders/{alone['id']}")
        self.assertEqual(answer.status, 409)

    def test_what_only_records_know_is_told_once_and_calmly(self):
        agent = self.watching()
        failed, = self.codes(agent, "verification_failed")
        self.assertEqual(failed["severity"], "critical")
        volume = agent.get(f"/v1/volumes/{failed['volume_id']}")
        self.assertEqual((volume["machine"], volume["records"]["verification"]["failed"]), ("WEB01", 1))
        name, = volume["records"]["verification"]["failed_files"]
        image, = [i for i in agent.items(f"/v1/volumes/{volume['id']}/images") if i["name"] == name]
        self.assertEqual(image["records"]["verify_status"], -1)
        gone, = self.codes(agent, "records_gone")
        self.assertEqual(gone["folder_id"], self.folder(agent, "backups/Globex/APP02")["id"])
        left, = self.codes(agent, "records_left_behind")
        self.assertEqual((left["severity"], len(left["evidence"]["paths"])), ("info", 2))
        for code in ("records_unknown", "records_size_differs", "records_unreadable", "records_not_mapped"):
            self.assertEqual(self.codes(agent, code), [])

    def test_a_queue_that_stands_still_is_told_and_a_disk_that_takes_turns_is_not(self):
        agent = self.watching()
        late, = self.codes(agent, "replication_late")
        self.assertIn("ftp://dr.example.net/acme", late["says"])
        self.assertEqual(self.codes(agent, "headstart_late"), [])
        targets = {t["type"]: t for t in agent.get("/v1/agent")["imagemanager"]["targets"] if t["live"]}
        self.assertEqual(set(targets), {"network", "ftp", "headstart", "local"})
        self.assertGreater(targets["local"]["queued"], 0)
        applied, = self.folder(agent, "backups/Acme/SRV-DC01")["records"]["targets"]
        self.assertEqual(applied["type"], "headstart")
        self.assertRegex(applied["last_sent_point"], r"^b001-i\d+$")

    def test_a_consolidation_that_records_know_makes_a_chain_broken_where_names_leave_doubt(self):
        weekly = pathlib.Path(re.search(r"^# Worth a try: delete '(.+-cw\.spi)'", self.folders, re.MULTILINE)[1])
        weekly.unlink()
        of_weekly = lambda agent: {f["code"] for f in agent.items("/v1/findings") if f["volume_id"] and f["folder_id"] == self.folder(
            agent, str(weekly.parent.relative_to(self.server)))["id"]}
        without = self.agent(self.folders.replace("[imagemanager]", "[imagemanager]\nenabled = false"))
        self.assertIn("chain_doubtful", of_weekly(without))
        self.assertNotIn("chain_broken", of_weekly(without))
        self.assertEqual(without.get("/v1/agent")["imagemanager"]["database"]["state"], "off")
        knowing = self.watching()
        wait_for("the folder to be judged anew", lambda: "chain_broken" in of_weekly(knowing))
        self.assertNotIn("chain_doubtful", of_weekly(knowing))
        self.assertTrue(any(weekly.name in json.dumps(f) for f in self.codes(knowing, "records_gone")))
        volume = next(v for v in knowing.items("/v1/volumes") if v["volume"] == "E_VOL" and v["machine"] == "SRV-FILES")
        self.assertEqual(volume["verdict"], "broken")
        points = knowing.items(f"/v1/volumes/{volume['id']}/points")
        self.assertEqual(points[-1]["verdict"], "broken")

    def test_a_database_that_cannot_be_read_leaves_the_last_good_state(self):
        agent = self.watching()
        before = [f["records"] for f in agent.items("/v1/folders")]
        whole = self.database.read_bytes()
        self.database.write_bytes(whole[:len(whole) // 2])
        told = wait_for("the finding", lambda: self.codes(agent, "records_unreadable"), 40)
        self.assertIn(str(self.database), told[0]["says"])
        self.assertEqual(agent.get("/v1/agent")["imagemanager"]["database"]["state"], "unreadable")
        self.assertEqual([f["records"] for f in agent.items("/v1/folders")], before)
        self.assertEqual(agent.end(), 0)
        agent.start()
        wait_for("the finding", lambda: self.codes(agent, "records_unreadable"), 40)
        self.assertEqual([f["records"] for f in agent.items("/v1/folders")], before)
        self.assertEqual(self.folder(agent, "backups/Initech/SRV-ERP")["source"], "imagemanager")
        self.database.write_bytes(whole)
        wait_for("the end of the finding", lambda: not self.codes(agent, "records_unreadable"), 40)

    def test_the_folders_that_are_watched_follow_the_database(self):
        agent = self.watching()
        kept = self.database.read_bytes()
        self.database.write_bytes((GOLDEN / "imagemanager-small.mdb").read_bytes())
        unknown, = wait_for("folders that no rule brings here", lambda: self.codes(agent, "records_not_mapped"), 40)
        self.assertIn("D:\\Backups\\Acme\\ACME-DC01", unknown["evidence"]["paths"])
        gone = str(self.server / "backups/Initech/SRV-ERP")
        wait_for("the folder to be watched no more", lambda: gone not in {f["path"] for f in agent.items("/v1/folders")}, 40)
        self.assertEqual(self.codes(agent, "verification_failed"), [])
        self.assertIsNone(self.folder(agent, "backups/Acme/SRV-SQL")["records"])
        self.database.write_bytes(kept)
        self.compared(agent)
        self.assertEqual(self.folder(agent, "backups/Initech/SRV-ERP")["source"], "imagemanager")

    def test_a_restart_without_usable_records_forgets_nothing_of_their_folders(self):
        agent = self.watching()
        name = "backups/Initech/SRV-ERP"
        before = self.folder(agent, name)
        failed = self.codes(agent, "verification_failed")
        counts = lambda: {f["path"]: f["images"] for f in agent.items("/v1/folders")}
        images = counts()
        self.assertEqual(agent.end(), 0)
        moved = self.database.with_name("Moved.mdb")
        agent.write_config(self.folders.replace("ImageManager.mdb", "Moved.mdb"))
        agent.start()
        wait_for("the finding", lambda: self.codes(agent, "records_unreadable"), 40)
        agent.rescan()
        kept = self.folder(agent, name)
        for key in ("id", "first_seen", "source", "records"):
            self.assertEqual(kept[key], before[key], key)
        self.assertGreater(kept["last_good_scan"], before["last_good_scan"])  # it is looked at as ever
        self.assertEqual(counts(), images)
        self.assertEqual([f["first_seen"] for f in self.codes(agent, "verification_failed")], [f["first_seen"] for f in failed])
        self.database.rename(moved)
        wait_for("the records", lambda: agent.get("/v1/agent")["imagemanager"]["database"]["state"] == "ok", 40)
        wait_for("the end of the finding", lambda: not self.codes(agent, "records_unreadable"))
        self.assertEqual(self.folder(agent, name)["first_seen"], before["first_seen"])

    def test_a_configuration_without_imagemanager_lets_its_folders_go_at_once(self):
        agent = self.watching()
        alone = str(self.server / "backups/Initech/SRV-ERP")
        agent.write_config(self.folders.replace("[imagemanager]", "[imagemanager]\nenabled = false"))
        agent.process.send_signal(signal.SIGHUP)
        wait_for("the folder to be watched no more", lambda: alone not in {f["path"] for f in agent.items("/v1/folders")}, 40)
        self.assertEqual(agent.get("/v1/agent")["imagemanager"]["folders"], 0)

    def test_what_records_add_is_described(self):
        agent = self.watching()
        facts = agent.facts()
        result = subprocess.run([sys.executable, "-B", HERE / "validate_api.py", "--url", facts["url"], "--fingerprint",
                                 facts["certificate_sha256"]], input=agent.token + "\n", capture_output=True, text=True, timeout=120)
        self.assertEqual(result.returncode, 0, "\n".join(l for l in result.stdout.splitlines() if not l.startswith("passed")) + result.stderr[-3000:])

    def test_nothing_is_written_beside_the_database(self):
        self.database.chmod(0o444)
        def picture():
            return sorted((str(p), p.stat().st_mtime_ns, p.stat().st_size) for p in self.server.rglob("*"))
        before = picture()
        agent = self.watching()
        self.assertEqual(agent.end(), 0)
        self.assertEqual(picture(), before)

    def test_the_doctor_explains_each_source_and_lists_what_a_new_version_must_show(self):
        agent = self.watching()
        page = agent.run("doctor").stdout
        self.assertRegex(page, r"(?ms)^ok +database +.*ImageManager\.mdb,\s+written .*ago,\s+\d+\s+managed")
        self.assertRegex(page, r"(?m)^ok +its folders +\d+ folders are there")
        self.assertRegex(page, r"(?m)^ok +logs ")
        result = agent.run("doctor", "--compatibility", "--json")
        checks = json.loads(result.stdout)["checks"]
        named = {check["name"]: check["result"] for check in checks}
        self.assertEqual((named["tables"], named["columns"], named["chains"]), ("ok", "ok", "ok"), checks)
        self.assertEqual([c["result"] for c in checks if c["says"] == "Every managed folder is shown."], ["ok"])
        self.assertIn(result.returncode, (1, 3))
        self.assertIn("imconnector doctor", run("doctor", "--help").stdout)


if __name__ == "__main__":
    unittest.main()
