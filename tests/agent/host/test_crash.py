"""What a crash leaves behind under Wine: a text whose first addresses are in the function that crashed, and a minidump."""
import os
import pathlib
import re
import shlex
import subprocess
import tempfile
import unittest

SAMPLE = os.environ["IMC_CRASH_SAMPLE"]
RUNNER = shlex.split(os.environ["IMC_RUNNER"])
ADDRESS = re.compile(r"^(?:in|  at) " + re.escape(os.path.basename(SAMPLE)) + r"\+0x([0-9a-f]+)\r?$", re.MULTILINE)
# How, on which thread, and the function that does it. Wine takes its time for each dump.
CRASHES = [("access", "main", "write_to_nowhere"), ("uncaught", "other", "throw_uncaught"), ("abort", "other", "give_up"),
           ("stack", "main", "exhaust_stack")]


def image_base():
    said = subprocess.run(["x86_64-w64-mingw32-objdump", "-p", SAMPLE], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"^ImageBase\s+([0-9a-f]+)", said, re.MULTILINE).group(1), 16)


class Crash(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.base = image_base()

    def functions(self, text):
        """Names of the functions whose addresses the text has, by the program's symbols."""
        places = [hex(self.base + int(offset, 16)) for offset in ADDRESS.findall(text)]
        self.assertTrue(places, text)
        said = subprocess.run(["x86_64-w64-mingw32-addr2line", "-f", "-C", "-e", SAMPLE, *places], capture_output=True, text=True, check=True)
        return said.stdout.split("\n")[::2]

    def crash(self, how, thread):
        with tempfile.TemporaryDirectory(prefix="imc-crash-") as home:
            logs = pathlib.Path(home, "logs")
            windows = "Z:" + str(logs).replace("/", "\\")
            ended = subprocess.run([*RUNNER, SAMPLE, windows, how, thread], capture_output=True, text=True, timeout=120, check=False)
            self.assertNotEqual(ended.returncode, 0)
            left = sorted(path.suffix for path in logs.iterdir())
            text = next(logs.glob("crash-*.txt")).read_text(encoding="utf-8")
            dump = next(logs.glob("crash-*.dmp"), None)
            return left, text, dump.read_bytes()[:4] if dump else b""

    def test_text_names_the_place_and_a_minidump_lies_beside_it(self):
        for how, thread, function in CRASHES:
            with self.subTest(how=how, thread=thread):
                left, text, magic = self.crash(how, thread)
                self.assertTrue(text.startswith("crash_sample 1, process "), text)
                self.assertIn(function, " ".join(self.functions(text)), text)
                self.assertEqual(left, [".dmp", ".txt"])
                self.assertEqual(magic, b"MDMP")


if __name__ == "__main__":
    unittest.main()
