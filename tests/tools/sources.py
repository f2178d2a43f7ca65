"""A tree of sources for one test, and a tool of tools/ run on it."""
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class SourcesTest(unittest.TestCase):
    tool = ""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="imc-sources-")
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def write(self, path, content):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            content = content.encode("utf-8")
        file.write_bytes(content)
        return file

    def run_tool(self, *options):
        return subprocess.run([ROOT / "tools" / self.tool, "--root", self.root, *options], capture_output=True, text=True, timeout=30)

    def assert_accepted(self):
        result = self.run_tool()
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def assert_refused(self, place, words):
        """Exactly one problem, at `place` ("file:line"), whose text has `words` in it."""
        result = self.run_tool()
        self.assertEqual(result.returncode, 1, result.stderr)
        lines = result.stderr.splitlines()
        self.assertEqual(len(lines), 1, result.stderr)
        self.assertTrue(lines[0].startswith(place + ": "), lines[0])
        self.assertIn(words, lines[0])
