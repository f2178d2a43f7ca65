"""Wrong includes are caught where they stand, right ones pass."""
import subprocess
import unittest

from sources import ROOT, SourcesTest


class Levels(SourcesTest):
    tool = "levels"

    def setUp(self):
        super().setUp()
        self.write("spchain/include/spchain/name.hpp", "#pragma once\n#include <string>\n")
        for module in ("shuttle/core", "shuttle/io", "agent/host", "agent/scan", "agent/store", "agent/monitor", "agent/verify",
                       "agent/auth", "agent/api", "agent/engine"):
            self.write(f"{module}/thing.hpp", "#pragma once\n")

    def test_the_tree_itself_is_in_order(self):
        result = subprocess.run([ROOT / "tools/levels"], capture_output=True, text=True, timeout=60)
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_downward_includes_pass(self):
        self.write("agent/scan/walk.cpp", '#include "agent/host/thing.hpp"\n#include "spchain/name.hpp"\n#include "thing.hpp"\n')
        self.write("agent/main.cpp", '#include "agent/engine/thing.hpp"\n#include <boost/asio/io_context.hpp>\n#include <openssl/ssl.h>\n')
        self.assert_accepted()

    def test_an_upward_include_is_refused_with_its_line(self):
        self.write("agent/scan/walk.cpp", '#include <string>\n\n#include "agent/store/thing.hpp"\n')
        self.assert_refused("agent/scan/walk.cpp:3", "upwards")

    def test_an_upward_include_by_a_relative_path_is_refused(self):
        self.write("agent/scan/walk.cpp", '#include "../store/thing.hpp"\n')
        self.assert_refused("agent/scan/walk.cpp:1", "upwards")

    def test_an_upward_include_in_angle_brackets_is_refused(self):
        self.write("shuttle/io/dial.cpp", "#  include <agent/host/thing.hpp>\n")
        self.assert_refused("shuttle/io/dial.cpp:1", "upwards")

    def test_a_sideways_include_is_refused(self):
        self.write("agent/monitor/evaluate.cpp", '#include "agent/verify/thing.hpp"\n')
        self.assert_refused("agent/monitor/evaluate.cpp:1", "sideways")

    def test_auth_and_api_may_see_each_other(self):
        self.write("agent/auth/gate.cpp", '#include "agent/api/thing.hpp"\n')
        self.write("agent/api/server.cpp", '#include "agent/auth/thing.hpp"\n')
        self.assert_accepted()

    def test_the_relay_sees_nothing_of_the_agent_but_the_system(self):
        self.write("shuttle/relay/good.cpp", '#include "shuttle/io/thing.hpp"\n#include "agent/host/thing.hpp"\n#include "spchain/name.hpp"\n')
        self.assert_accepted()
        self.write("shuttle/relay/router.cpp", '#include "agent/store/thing.hpp"\n')
        self.assert_refused("shuttle/relay/router.cpp:1", "agent/store")

    def test_the_agent_sees_nothing_of_the_relay(self):
        self.write("shuttle/relay/thing.hpp", "#pragma once\n")
        self.write("agent/engine/run.cpp", '#include "shuttle/relay/thing.hpp"\n')
        self.assert_refused("agent/engine/run.cpp:1", "past its limits")

    def test_tools_see_spchain_only(self):
        self.write("tools/generator/tree.cpp", '#include "spchain/name.hpp"\n')
        self.assert_accepted()
        self.write("tools/generator/copy.cpp", '#include "agent/scan/thing.hpp"\n')
        self.assert_refused("tools/generator/copy.cpp:1", "past its limits")

    def test_nothing_of_the_product_includes_tests(self):
        self.write("tests/support/tree.hpp", "#pragma once\n")
        self.write("tests/agent/some_test.cpp", '#include "tests/support/tree.hpp"\n#include "agent/engine/thing.hpp"\n')
        self.assert_accepted()
        self.write("agent/engine/run.cpp", '#include "tests/support/tree.hpp"\n')
        self.assert_refused("agent/engine/run.cpp:1", "upwards")

    def test_a_folder_without_a_level_is_refused(self):
        self.write("agent/portal/thing.cpp", "#include <string>\n")
        self.assert_refused("agent/portal/thing.cpp:1", "give it a level")

    def test_an_include_of_what_is_not_there_is_refused(self):
        self.write("agent/scan/walk.cpp", '#include "walk_helper.hpp"\n')
        self.assert_refused("agent/scan/walk.cpp:1", "not in the tree")

    def test_platform_headers_stay_in_platform_files(self):
        for header in ("windows.h", "unistd.h", "sys/stat.h", "winsock2.h", "dirent.h"):
            for file in ("agent/host/files_posix.cpp", "agent/host/files_win32.cpp", "agent/host/handle_win32.hpp"):
                self.write(file, f"#include <{header}>\n")
            self.assert_accepted()
            file = self.write("agent/host/files.cpp", f"#include <string>\n#include <{header}>\n")
            self.assert_refused("agent/host/files.cpp:2", header)
            file.unlink()

    def test_spchain_stays_with_the_pure_part_of_the_standard_library(self):
        for header in ("filesystem", "iostream", "fstream", "thread", "mutex", "ctime", "boost/system/result.hpp", "nlohmann/json.hpp",
                       "sqlite3.h", "time.h"):
            self.write("spchain/src/name.cpp", f"#include <{header}>\n")
            self.assert_refused("spchain/src/name.cpp:1", "pure")

    def test_spchain_and_the_core_have_no_clock(self):
        for call in ("std::chrono::system_clock::now()", "steady_clock::now()", "std::time(nullptr)", "time(0)"):
            for file in ("spchain/src/clock.cpp", "shuttle/core/clock.cpp"):
                source = self.write(file, f"#include <chrono>\nauto now() {{ return {call}; }}\n")
                self.assert_refused(f"{file}:2", "no clock")
                source.unlink()

    def test_an_empty_tree_is_an_error(self):
        result = subprocess.run([ROOT / "tools/levels", "--root", self.root / "agent/nothing"], capture_output=True, text=True, timeout=30)
        self.assertEqual(result.returncode, 1)

    def test_print_shows_modules_and_what_they_include(self):
        self.write("agent/scan/walk.cpp", '#include "agent/host/thing.hpp"\n')
        result = self.run_tool("--print")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, r"(?m)^ 6  agent/scan +2 files +agent/host 1$")


if __name__ == "__main__":
    unittest.main()
