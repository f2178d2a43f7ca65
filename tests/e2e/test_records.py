"""`imconnector records`: what ImageManager's own database says, without an agent."""
import csv
import json
import os
import pathlib
import shutil
import unittest

from connector import ConnectorTest

GOLDEN = pathlib.Path(__file__).parent.parent / "golden" / "imagemanager-mdb"
FOLDER_KEYS = {"index", "path", "live", "sets", "files"}
SET_KEYS = {"id", "machine", "base_name", "set_guid", "images", "latest_create_time", "sync_time"}
FILE_KEYS = {"name", "bytes", "created", "image_type", "last_verified", "verify_status", "verify_failed"}
TARGET_KEYS = {"index", "path", "type", "queued", "queued_bytes", "oldest_queued", "sent", "sent_bytes", "last_sent", "live"}


class Records(ConnectorTest):
    def records(self, file, *words):
        return json.loads(self.assert_run(0, "records", "--database", file, "--json", *words).stdout)

    def test_the_document_has_the_keys_of_the_design_and_no_others(self):
        for file in sorted(GOLDEN.glob("*.mdb")):
            document = self.records(file)
            self.assertEqual(set(document), {"database", "read_at", "folders", "targets"})
            self.assertEqual(document["database"], str(file))
            self.assertRegex(document["read_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
            for folder in document["folders"]:
                self.assertEqual(set(folder), FOLDER_KEYS)
                self.assertTrue(all(set(each) == SET_KEYS for each in folder["sets"]))
                self.assertTrue(all(set(each) == FILE_KEYS for each in folder["files"]))
            self.assertTrue(all(set(each) == TARGET_KEYS for each in document["targets"]))

    def test_files_are_those_that_the_writer_of_the_database_lists(self):
        for name in ("imagemanager-small", "imagemanager-unicode"):
            with open(GOLDEN / f"{name}.tsv", encoding="utf-8", newline="") as lines:
                listed = sorted((row["managed_folder"], row["name"], int(row["file_size"]), row["create_time_utc"] + ":00Z",
                                 int(row["verify_status"])) for row in csv.DictReader(lines, delimiter="\t"))
            found = sorted((folder["path"], file["name"], file["bytes"], file["created"], file["verify_status"])
                           for folder in self.records(GOLDEN / f"{name}.mdb")["folders"] for file in folder["files"])
            self.assertEqual(found, listed)

    def test_stale_folders_and_targets_are_not_live(self):
        document = self.records(GOLDEN / "imagemanager-small.mdb")
        self.assertEqual({folder["index"]: folder["live"] for folder in document["folders"]}, {1: True, 2: True, 3: False, 5: True})
        types = {target["index"]: (target["type"], target["live"], target["queued"]) for target in document["targets"]}
        self.assertEqual(types, {1: ("network", True, 0), 2: ("ftp", True, 7), 4: ("headstart", True, 3), 9: ("unknown", False, None)})

    def test_what_a_database_lacks_is_null(self):
        folder, = self.records(GOLDEN / "imagemanager-sparse.mdb")["folders"]
        self.assertIsNone(folder["sets"][0]["set_guid"])
        self.assertEqual({(file["bytes"], file["created"], file["verify_failed"]) for file in folder["files"]},
                         {(31000000000, None, None), (120000000, None, None)})

    def test_people_get_tables(self):
        page = self.assert_run(0, "records", "--database", GOLDEN / "imagemanager-small.mdb").stdout
        self.assertRegex(page, r"(?m)^ +1 +D:\\Backups\\Acme\\ACME-DC01 +managed ")
        self.assertRegex(page, r"(?m)^ +3 +D:\\Backups\\Gone\\OLD-SRV +left behind$")
        self.assertRegex(page, r"(?m)^ +2 +ftp://replica\.example\.net/ACME-SQL01 +ftp +7 ")
        self.assertNotIn("\x1b", page)
        self.assertNotIn("unknown", page)
        page = self.assert_run(0, "records", "--database", GOLDEN / "imagemanager-sparse.mdb").stdout
        self.assertRegex(page, r"(?m) failed  unknown\n.* 0 +1$")  # status 0 is described nowhere

    def test_the_configuration_may_name_the_database(self):
        config = self.home / "imconnector.toml"
        config.write_text(f"[imagemanager]\ndatabase = '{GOLDEN / 'imagemanager-sparse.mdb'}'\n")
        self.assertEqual(json.loads(self.assert_run(0, "records", "--json", "--config", config).stdout)["folders"][0]["path"], "C:\\Images")
        config.write_text("")
        self.assertIn("imagemanager.database", self.assert_run(1, "records", "--config", config).stderr)
        config.write_text("[imagemanager]\ndatabase = 'relative.mdb'\n")
        self.assertIn("imagemanager.database", self.assert_run(1, "records", "--config", config).stderr)

    def test_what_cannot_be_read_is_told_with_its_place(self):
        cut = self.home / "cut.mdb"
        cut.write_bytes((GOLDEN / "imagemanager-small.mdb").read_bytes()[:300000])
        text = self.home / "text.mdb"
        text.write_text("no database, but long enough to be looked at as if it were one, at least up to its key")
        pipe = self.home / "pipe.mdb"
        os.mkfifo(pipe)
        for file, says in ((cut, r"ends too early \(page \d+, offset \d+\)"), (text, "no Access database"), (pipe, "not a file"),
                           (self.home / "nothing.mdb", "No such file")):
            result = self.assert_run(1, "records", "--database", file, "--json")
            self.assertEqual(result.stdout, "")
            self.assertIn(str(file), result.stderr)
            self.assertRegex(result.stderr, says)

    def test_the_database_is_only_read(self):
        file = self.home / "ImageManager.mdb"
        shutil.copy(GOLDEN / "imagemanager-small.mdb", file)
        file.chmod(0o444)
        before = (file.read_bytes(), file.stat().st_mtime_ns, sorted(self.home.iterdir()))
        self.records(file)
        self.assertEqual((file.read_bytes(), file.stat().st_mtime_ns, sorted(self.home.iterdir())), before)


if __name__ == "__main__":
    unittest.main()
