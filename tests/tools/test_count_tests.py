"""The last line of tools/test counts what really ran."""
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
GOOD = '<testcase name="{0}" classname="{0}" time="0.5" status="run"><system-out>{1}</system-out></testcase>'
BAD = '<testcase name="{0}" classname="{0}" time="0.5" status="fail"><failure message=""/><system-out>{1}</system-out></testcase>'


class CountTests(unittest.TestCase):
    def count(self, *cases):
        with tempfile.TemporaryDirectory() as folder:
            report = pathlib.Path(folder, "report.xml")
            report.write_text('<?xml version="1.0"?><testsuite>' + "".join(cases) + "</testsuite>")
            result = subprocess.run([ROOT / "tools/count-tests", report], capture_output=True, text=True, timeout=30)
        return result.returncode, result.stdout.splitlines()

    def test_cases_of_programs_are_summed(self):
        code, lines = self.count(GOOD.format("a", "All tests passed (30 assertions in 12 test cases)"),
                                 GOOD.format("b", "Ran 5 tests in 0.1s\n\nOK (skipped=2)"), GOOD.format("c", "silent"),
                                 GOOD.format("d", "All tests passed (1 assertion in 1 test case)"))
        self.assertEqual((code, lines[-1]), (0, "17 passed, 0 failed, 2 skipped"))

    def test_failures_are_counted_and_named(self):
        code, lines = self.count(BAD.format("a", "test cases:  12 |  10 passed |  2 failed\nassertions: 40 | 38 passed | 2 failed"),
                                 BAD.format("b", "Ran 5 tests in 0.1s\n\nFAILED (failures=1, errors=1)"), GOOD.format("c", ""))
        self.assertEqual((code, lines[-1]), (1, "14 passed, 4 failed"))
        self.assertIn("failed: a", lines)
        self.assertIn("failed: b", lines)

    def test_a_program_that_crashed_has_failed(self):
        self.assertEqual(self.count(BAD.format("a", "Segmentation fault"))[0], 1)
        code, lines = self.count(BAD.format("a", "All tests passed (1 assertion in 1 test case)"))
        self.assertEqual((code, lines[-1]), (1, "0 passed, 1 failed"))

    def test_no_tests_are_no_success(self):
        self.assertEqual(self.count()[0], 1)


if __name__ == "__main__":
    unittest.main()
