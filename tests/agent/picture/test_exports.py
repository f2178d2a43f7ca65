"""Pictures and graphs as they are kept below tests/golden/chains, given to the programs that people open them with."""
import html
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

CHAINS = pathlib.Path(__file__).resolve().parents[2] / "golden/chains"
PICTURES = sorted(CHAINS.glob("*.svg"))
GRAPHS = sorted(CHAINS.glob("*.dot"))
SVG = "{http://www.w3.org/2000/svg}"
BROWSER = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage")
PAGE = """<!doctype html><meta charset="utf-8"><title>pictures</title><ul id="list"></ul><script>
const names = %s;
Promise.all(names.map(async name => {
    const image = new Image();
    image.src = name;
    let told = "drawn";
    try { await image.decode(); } catch (error) { told = String(error); }
    const line = document.createElement("li");
    line.textContent = name + " " + told + " " + image.naturalWidth + "x" + image.naturalHeight;
    document.getElementById("list").append(line);
}));
</script>"""


class Exports(unittest.TestCase):
    def test_there_are_about_twenty_chains(self):
        self.assertGreaterEqual(len(PICTURES), 20)
        self.assertEqual([path.stem for path in PICTURES], [path.stem for path in GRAPHS])

    def test_pictures_are_well_formed_and_tell_what_they_show(self):
        for path in PICTURES:
            with self.subTest(path.stem):
                root = ElementTree.fromstring(path.read_bytes())
                self.assertEqual(root.tag, SVG + "svg")
                self.assertEqual(root.get("role"), "img")
                named = [element.get("id") for element in root.iter() if element.get("id")]
                self.assertEqual(len(named), len(set(named)))
                for label in root.get("aria-labelledby").split():
                    self.assertIn(label, named)
                self.assertTrue(root.find(SVG + "title").text.strip())
                self.assertTrue(root.find(SVG + "desc").text.strip())
                for reference in re.findall(r"url\(#(\w+)\)", path.read_text(encoding="utf-8")):
                    self.assertIn(reference, named)

    def test_nothing_is_drawn_outside_the_picture(self):
        for path in PICTURES:
            with self.subTest(path.stem):
                root = ElementTree.fromstring(path.read_bytes())
                width, height = float(root.get("width")), float(root.get("height"))
                for element in root.iter(SVG + "text"):
                    if element.get("x") is None or element.get("y") is None:
                        continue
                    self.assertLessEqual(float(element.get("x")), width)
                    self.assertLessEqual(float(element.get("y")), height)
                for element in root.iter(SVG + "path"):
                    for x, y in re.findall(r"M(-?[\d.]+) (-?[\d.]+)h", element.get("d")):
                        self.assertTrue(-1 <= float(x) <= width + 1 and -1 <= float(y) <= height + 1, (x, y))

    def test_rsvg_converts_every_picture(self):
        for path in PICTURES:
            with self.subTest(path.stem):
                result = subprocess.run(["rsvg-convert", "--format", "png", path], capture_output=True, timeout=60)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertEqual(result.stderr, b"")
                self.assertEqual(result.stdout[:4], b"\x89PNG")

    def test_graphviz_takes_every_graph(self):
        for path in GRAPHS:
            with self.subTest(path.stem):
                result = subprocess.run(["dot", "-Tsvg", path], capture_output=True, timeout=60)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertEqual(result.stderr, b"")
                edges = path.read_text(encoding="utf-8").count(" -> ")
                self.assertEqual(result.stdout.count(b'class="edge"'), edges)

    def test_chromium_draws_every_picture(self):
        with tempfile.TemporaryDirectory(prefix="imc-pictures-") as home:
            home = pathlib.Path(home)
            for path in PICTURES:
                shutil.copy(path, home / path.name)
            (home / "page.html").write_text(PAGE % [path.name for path in PICTURES], encoding="utf-8")
            result = subprocess.run([*BROWSER, f"--user-data-dir={home}/profile", "--virtual-time-budget=20000", "--dump-dom",
                                     (home / "page.html").as_uri()], capture_output=True, text=True, timeout=180)
            lines = dict(html.unescape(line).split(" ", 1) for line in re.findall(r"<li>([^<]*)</li>", result.stdout))
            self.assertEqual(sorted(lines), [path.name for path in PICTURES], result.stderr[-2000:])
            for path in PICTURES:
                root = ElementTree.fromstring(path.read_bytes())
                self.assertEqual(lines[path.name], f"drawn {root.get('width')}x{round(float(root.get('height')))}")


if __name__ == "__main__":
    unittest.main()
