"""Each rule of tools/check-sources catches its offence and leaves what only looks like one."""
import unittest

from sources import SourcesTest

OPENING = "// Reads one directory. What it is not: recursive, and it never opens a file.\n#pragma once\n"


class CheckSources(SourcesTest):
    tool = "check-sources"

    def test_a_calm_tree_passes(self):
        self.write("agent/scan/walk.hpp", OPENING + "\nint walk();\n")
        self.write("agent/scan/walk.cpp", '#include "walk.hpp"\n// No mutex here; nothing is detached.\nconst char* s = "mutex";\n')
        self.write("README.md", "Times are \u201cUTC\u201d.\n")
        self.assert_accepted()

    def test_anything_but_ascii_is_refused_with_its_line(self):
        self.write("agent/scan/walk.cpp", "int a;\nint b;  // \u2026\n")
        self.assert_refused("agent/scan/walk.cpp:2", "ASCII")

    def test_bytes_that_are_no_text_are_refused(self):
        self.write("agent/scan/walk.cpp", b"int a;\n// \xff\xfe\n")
        self.assert_refused("agent/scan/walk.cpp:2", "UTF-8")

    def test_a_header_without_an_opening_paragraph_is_refused(self):
        self.write("agent/scan/walk.hpp", "#pragma once\n\nint walk();\n")
        self.assert_refused("agent/scan/walk.hpp:1", "paragraph")

    def test_a_header_that_can_be_read_twice_is_refused(self):
        self.write("agent/scan/walk.hpp", OPENING.replace("#pragma once\n", "int walk();\n"))
        self.assert_refused("agent/scan/walk.hpp:1", "pragma once")

    def test_words_of_unfinished_work_are_refused(self):
        for word in ("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK", "place" + "holder", "Dum" + "my"):
            for file in ("agent/scan/walk.cpp", "tools/some.py", "CMakeLists.txt"):
                source = self.write(file, f"\n// {word}: later\n")
                self.assert_refused(f"{file}:2", word)
                source.unlink()

    def test_mktemp_patterns_are_no_unfinished_work(self):
        self.write("tools/some.sh", "mktemp -d name.XX" + "XXXX\n")
        self.assert_accepted()

    def test_places_of_somebodys_machine_are_refused(self):
        self.write("agent/scan/walk.cpp", '\nconst char* p = "/ro' + 'ot/tree";\n')
        self.assert_refused("agent/scan/walk.cpp:2", "machine")

    def test_a_mutex_is_refused_in_application_code_and_fine_in_tests(self):
        self.write("tests/agent/walk_test.cpp", "std::mutex m;\n")
        self.assert_accepted()
        for code in ("std::mutex m;", "std::shared_mutex m;", "std::lock_guard g(m);", "std::scoped_lock g{m};"):
            self.write("agent/scan/walk.cpp", f"int a;\n{code}\n")
            self.assert_refused("agent/scan/walk.cpp:2", "mutex")

    def test_detached_coroutines_and_threads_are_refused(self):
        for code in ("co_spawn(x, f(), boost::asio::detached);", "co_spawn(x, f(), detached);", "thread.detach();"):
            self.write("shuttle/io/dial.cpp", f"{code}\n")
            self.assert_refused("shuttle/io/dial.cpp:1", "detached")

    def test_functions_of_c_that_are_unsafe_are_refused(self):
        for code in ("strerror(e)", "std::localtime(&t)", "atoi(s)"):
            self.write("agent/scan/walk.cpp", f"auto x = {code};\n")
            self.assert_refused("agent/scan/walk.cpp:1", "unsafe")

    def test_a_swallowed_exception_is_refused(self):
        self.write("agent/scan/walk.cpp", "void f() {\n    try {\n    } catch (...) {\n    }\n}\n")
        self.assert_refused("agent/scan/walk.cpp:3", "swallowed")

    def test_code_in_comments_and_literals_is_no_code(self):
        self.write("agent/scan/walk.cpp", 'int n = 1\'000;  // std::mutex\n/* std::mutex\n */ auto s = R"x(std::mutex ")x";\n')
        self.assert_accepted()

    def test_code_after_digit_separators_is_still_read(self):
        self.write("agent/scan/walk.cpp", "int n = 10'000; std::mutex m; int k = 20'000;\n")
        self.assert_refused("agent/scan/walk.cpp:1", "mutex")

    def test_blanks_at_line_ends_are_refused_but_not_in_golden_files(self):
        self.write("tests/golden/page.txt", "a  \nno end")
        self.assert_accepted()
        self.write("README.md", "a\nb \n")
        self.assert_refused("README.md:2", "end of the line")

    def test_a_last_line_without_end_is_refused(self):
        self.write("README.md", "a\nb")
        self.assert_refused("README.md:2", "no end")

    def test_a_script_that_cannot_be_run_is_refused(self):
        script = self.write("tools/some", "#!/bin/sh\n")
        self.assert_refused("tools/some:1", "chmod")
        script.chmod(0o755)
        self.assert_accepted()

    def test_long_files_are_refused_in_the_product_and_told_of_on_request(self):
        self.write("agent/scan/walk.cpp", "int a;\n" * 350)
        self.assert_accepted()
        self.assertIn("350  agent/scan/walk.cpp", self.run_tool("--sizes").stdout)
        self.write("agent/scan/walk.cpp", "int a;\n" * 401)
        self.assert_refused("agent/scan/walk.cpp:1", "401 lines")

    def test_folders_of_builds_are_passed_over(self):
        self.write("build/dev/made.cpp", "std::mutex m; \n")
        self.write("agent/scan/walk.cpp", "int a;\n")
        self.assert_accepted()


if __name__ == "__main__":
    unittest.main()
