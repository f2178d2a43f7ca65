"""The reader against mdbtools and against what the writer of the golden databases says: same tables, columns, rows."""
import csv
import io
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

TOOL = os.environ["JET_TOOL"]
GOLDEN = pathlib.Path(os.environ["IMC_GOLDEN"], "imagemanager-mdb")
# As mdb-schema calls the types.
TYPES = {"yes/no": "Boolean", "byte": "Byte", "integer": "Integer", "long": "Long Integer", "currency": "Currency", "single": "Single",
         "double": "Double", "date/time": "DateTime", "binary": "Binary", "text": "Text", "OLE": "OLE", "memo": "Memo/Hyperlink",
         "GUID": "Replication ID", "numeric": "Numeric"}


def output(*words):
    return subprocess.run(words, check=True, capture_output=True, timeout=60).stdout.decode("utf-8", "replace")


def dump(file):
    return {table["table"]: table for table in map(json.loads, output(TOOL, "dump", file).splitlines())}


def exported(file, table):
    text = output("mdb-export", "-b", "hex", "-T", "%Y-%m-%d %H:%M:%S", "-D", "%Y-%m-%d %H:%M:%S", file, table)
    rows = list(csv.reader(io.StringIO(text, newline="")))
    return rows[0], rows[1:]


def as_exported(kind, value):
    """A value of ours in the way of mdb-export: null is empty, a GUID is its text in hexadecimal digits."""
    if value is None:
        return ""
    if kind == "GUID":  # version 1.0 leaves the last hyphen out, later ones have it
        return "-".join(value.split("-")[:4]).encode().hex().upper() + value.split("-")[4].encode().hex().upper()
    if kind == "binary":  # mdb-export ends these at their first zero byte
        return re.match(r"(?:(?!00)..)*", value)[0].upper()
    if kind == "OLE":
        return value.upper()
    if kind == "memo":  # and texts as well
        return value.split("\0")[0]
    return value


def without_last_hyphen(kinds):
    """GUIDs of later versions of mdb-export as those of 1.0."""
    long_guid = re.compile(r"(7B(?:3.|4.){8}(?:2D(?:3.|4.){4}){3})2D((?:3.|4.){12}7D)")
    return lambda row: [long_guid.sub(r"\1\2", cell) if kind == "GUID" else cell for kind, cell in zip(kinds, row)]


class AgainstMdbtools(unittest.TestCase):
    maxDiff = 2000

    def compare(self, file):
        ours = dump(file)
        names = output("mdb-tables", "-1", file).splitlines()
        self.assertEqual([name for name, table in ours.items() if not table["system"]], names)
        self.assertGreater(len(names), 0)
        rows = 0
        for name, table in ours.items():
            with self.subTest(file=str(file), table=name):
                columns, theirs = exported(file, name)
                self.assertEqual(table["columns"], columns)
                mine = [[as_exported(*cell) for cell in zip(table["types"], row)] for row in table["rows"]]
                # A moved row comes where its pointer is with us, where it lies now with them.
                self.assertEqual(sorted(mine), sorted(map(without_last_hyphen(table["types"]), theirs)))
                rows += len(mine)
                if not table["system"]:
                    schema = output("mdb-schema", "-T", name, file, "access")
                    said = re.findall(r"^\t\[(.*)\]\t+([A-Z][A-Za-z/ ]*[A-Za-z])", schema, re.MULTILINE)
                    self.assertEqual([(column, kind.replace(" NOT NULL", "")) for column, kind in said],
                                     [(column, TYPES[kind]) for column, kind in zip(table["columns"], table["types"])])
        return rows

    def test_every_golden_database_reads_the_same(self):
        files = sorted(GOLDEN.glob("*.mdb"))
        self.assertEqual(len(files), 3)
        for file in files:
            self.assertGreater(self.compare(file), 10)

    def test_a_database_with_every_form_reads_the_same(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "every.mdb")
            output(TOOL, "compose", "every-form", file)
            self.assertGreater(self.compare(file), 600)

    def test_files_are_those_that_the_writer_of_the_database_lists(self):
        for listing in sorted(GOLDEN.glob("*.tsv")):
            with self.subTest(listing=listing.name), open(listing, encoding="utf-8", newline="") as lines:
                expected = sorted(tuple(row.values()) for row in csv.DictReader(lines, delimiter="\t"))
                if not expected:  # of a database that lacks columns there is no list
                    continue
                tables = dump(listing.with_suffix(".mdb"))
                found = []
                for number, path in tables["WatchPaths"]["rows"]:
                    files = tables.get(f"w{number}Files")
                    if files is None:
                        continue
                    at = [files["columns"].index(name) for name in ("Name", "FileSize", "CreateTime", "VerifyStatus")]
                    for row in files["rows"]:
                        name, size, created, status = (row[i] for i in at)
                        found.append((path, name, size, created.replace(" ", "T")[:16], status))
                self.assertEqual(sorted(found), expected)


if __name__ == "__main__":
    unittest.main()
