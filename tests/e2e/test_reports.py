"""What ImageManager's logs and events add: findings, broken chains, daily reports, and its logs for reading."""
import datetime
import json
import unittest

from connector import ConnectorTest, wait_for
from server_tree import write_chain

SCHEMA = "http://schemas.microsoft.com/win/2004/08/events/event"


def utc(hours_ago):
    return datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=hours_ago)


class Manager(ConnectorTest):
    def setUp(self):
        super().setUp()
        self.folder = self.home / "backups" / "Acme" / "SRV1"
        self.images = write_chain(self.folder, "C_VOL", 20)
        self.logs = self.home / "Logs"
        self.logs.mkdir()
        self.events = self.home / "events.xml"
        self.events.write_text("<Events></Events>")
        self.record = 100

    def event(self, number, hours_ago, text, source="StorageCraft ImageManager"):
        self.record += 1
        with open(self.events, "a", encoding="utf-8") as file:
            file.write(f"<Event xmlns='{SCHEMA}'><System><Provider Name='{source}'/><EventID>{number}</EventID><Level>2</Level>"
                       f"<TimeCreated SystemTime='{utc(hours_ago):%Y-%m-%dT%H:%M:%SZ}'/><EventRecordID>{self.record}</EventRecordID>"
                       f"<Computer>B1</Computer></System><EventData><Data>{text}</Data></EventData></Event>\n")

    def log(self, name, *lines):
        with open(self.logs / name, "ab") as file:
            file.write("".join(line + "\r\n" for line in lines).encode())

    def start(self):
        return self.agent(f"""
[imagemanager]
logs = '{self.logs}'
events = '{self.events}'

[[imagemanager.path]]
from = 'D:\\Backups'
to = '{self.home}/backups'

[[folder]]
path = '{self.folder}'
customer = "Acme"
machine = "SRV1"
""")

    def finding(self, agent, code, limit=60):
        def find():
            return next((f for f in agent.items("/v1/findings") if f["code"] == code), None)
        return wait_for(f"the finding {code}", find, limit)

    def volume(self, agent):
        return agent.items("/v1/volumes")[0]


class Events(Manager):
    def test_an_incomplete_chain_is_broken_whatever_the_names_suggest(self):
        raw = [image.name for image in self.images if "-c" not in image.stem][-3]
        self.event(1124, 1, f"Chain incomplete: D:\\Backups\\Acme\\SRV1\\{raw}")
        agent = self.start()
        finding = self.finding(agent, "chain_incomplete")
        self.assertEqual((finding["severity"], finding["evidence"]["files"]), ("critical", [raw]))
        wait_for("the verdict", lambda: self.volume(agent)["verdict"] == "broken")
        self.assertEqual(agent.run("status").returncode, 2)
        # The chain of the API is judged the same way, and so is the next start.
        points = agent.items(f"/v1/volumes/{self.volume(agent)['id']}/points")
        self.assertIn("broken", {p["verdict"] for p in points})
        self.assertEqual(agent.end(), 0)
        agent.start()
        self.assertEqual(self.volume(agent)["verdict"], "broken")

    def test_a_mounted_image_settles_an_incomplete_chain(self):
        raw = [image.name for image in self.images if "-c" not in image.stem][-3]
        newest = self.images[-1].name
        self.event(1124, 5, f"D:\\Backups\\Acme\\SRV1\\{raw}")
        # On a share the log of a folder is known by its name.
        self.log("[nas%backups%SRV1]-1.log",
                 f"{utc(1).day}-{utc(1):%b-%Y %H:%M:%S} Chkdsk verify succeeded: {newest} (No errors were found)")
        agent = self.agent(f"""
[imagemanager]
logs = '{self.logs}'
events = '{self.events}'

[[imagemanager.path]]
from = '\\\\nas\\backups'
to = '{self.home}/backups/Acme'

[[imagemanager.path]]
from = 'D:\\Backups'
to = '{self.home}/backups'

[[folder]]
path = '{self.folder}'
""")
        wait_for("the report", lambda: agent.items("/v1/reports"), 60)
        wait_for("the verdict", lambda: self.volume(agent)["verdict"] in ("certain", "presumed"))
        self.assertNotIn("chain_incomplete", {f["code"] for f in agent.items("/v1/findings")})

    def test_complaints_are_told_raw_and_end_with_their_success(self):
        self.event(1121, 30, "Collapse failed in D:\\Backups\\Acme\\SRV1")
        self.event(1177, 2, "nobody has explained this")
        self.event(1124, 2, "somewhere a file is missing")
        agent = self.start()
        self.assertEqual(self.finding(agent, "event_unknown")["evidence"]["text"], "nobody has explained this")
        self.assertEqual(self.finding(agent, "consolidation_failed")["folder_id"], agent.items("/v1/folders")[0]["id"])
        # Of which folder cannot be told, so no chain is judged by it, but nobody may miss it.
        self.assertEqual(self.finding(agent, "chain_incomplete")["severity"], "critical")
        self.assertNotEqual(self.volume(agent)["verdict"], "broken")

        self.event(1120, 0, f"D:\\Backups\\Acme\\SRV1\\{self.images[-1].name}")
        wait_for("its end", lambda: "consolidation_failed" not in {f["code"] for f in agent.items("/v1/findings")}, 90)

    def test_events_that_cannot_be_read_are_told(self):
        self.events.unlink()
        agent = self.start()
        self.assertIn("events.xml", self.finding(agent, "diary_unreadable")["says"])


class Reports(Manager):
    def test_a_day_is_reported_as_json_text_and_mail(self):
        self.log("ImageManager.log", f"{utc(3).day}-{utc(3):%b-%Y %H:%M:%S} D:\\Backups\\Acme\\SRV1\\{self.images[-1].name}")
        self.event(1126, 3, "target &lt;ftp&gt; &amp; co")
        agent = self.start()
        day = f"{utc(3):%Y-%m-%d}"
        wait_for("the report", lambda: day in {r["date"] for r in agent.items("/v1/reports")}, 60)
        report = agent.get(f"/v1/reports/{day}")
        folder = next(f for f in report["folders"] if f["path"] == str(self.folder))
        self.assertEqual(folder["imagemanager"]["consolidated"], 1)
        self.assertEqual(report["totals"]["imagemanager"]["replication_failed"], 1)
        self.assertEqual([e["text"] for e in report["entries"]], ["target <ftp> & co"])

        self.assertEqual(json.loads(agent.run("report", "--date", day, "--json").stdout)["totals"], report["totals"])
        text = agent.run("report", "--date", day).stdout
        self.assertIn("SRV1", text)
        self.assertIn("target <ftp> & co", text)
        mail = agent.run("report", "--date", day, "--html").stdout
        self.assertTrue(mail.startswith("<!DOCTYPE html>"))
        self.assertIn("target &lt;ftp&gt; &amp; co", mail)
        self.assertNotRegex(mail, r"(?i)<script|<link|src=|href=")
        self.assertEqual(agent.run("report", "--date", "tomorrow").returncode, 1)

    def test_what_comes_and_goes_is_in_the_report_of_its_day(self):
        agent = self.start()
        raw = [image for image in self.images if "-c" not in image.stem and image.suffix == ".spi"]
        new = self.folder / "C_VOL-b001-i900.spi"
        new.write_bytes(b"x" * 1000)
        raw[-1].unlink()
        agent.rescan()
        day = f"{utc(0):%Y-%m-%d}"
        folder = agent.get(f"/v1/reports/{day}")["folders"][0]
        self.assertEqual((folder["images_created"], folder["images_removed"], folder["bytes_gained"], folder["bytes_lost"]),
                         (1, 1, 1000, 150_000_000))

    def test_logs_are_read_through_the_api_and_the_command_line(self):
        self.log("ImageManager.log", *(f"line {n}" for n in range(120)))
        self.log("other.log", "x")
        agent = self.start()
        logs = wait_for("the logs", lambda: agent.items("/v1/logs"), 60)
        self.assertEqual([(log["name"], log["kind"]) for log in logs], [("ImageManager.log", "service"), ("other.log", "other")])
        lines = [line["text"] for line in agent.items(f"/v1/logs/{logs[0]['id']}?limit=50")]
        self.assertEqual(lines, [f"line {n}" for n in range(120)])
        self.assertEqual(agent.run("logs", logs[0]["id"], "--lines", "2").stdout, "line 118\nline 119\n")
        self.assertIn(logs[1]["id"], agent.run("logs").stdout)
        self.assertEqual(agent.run("logs", "log_ffffffffffffffff").returncode, 1)

    def test_nothing_of_imagemanager_is_touched(self):
        self.log("ImageManager.log", "line")
        def picture():
            return sorted((str(p), p.stat().st_mtime_ns, p.stat().st_size) for p in [*self.logs.rglob("*"), self.events])
        before = picture()
        agent = self.start()
        wait_for("the logs", lambda: agent.items("/v1/logs"), 60)
        self.assertEqual(agent.end(), 0)
        self.assertEqual(picture(), before)


if __name__ == "__main__":
    unittest.main()
