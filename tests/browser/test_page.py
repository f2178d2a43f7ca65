"""The local page as its readers meet it: the real agent on a server made by imc-generate, and Chromium.

The cases themselves are in the files *.test.mjs; IMC_BROWSER_ONLY names one of them. IMC_BROWSER_PICTURES names a folder for screenshots of every page.
"""
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))
from connector import ConnectorTest, wait_for  # noqa: E402

ONLY = os.environ.get("IMC_BROWSER_ONLY", "*")
GENERATE = os.environ.get("IMC_GENERATE", "imc-generate")
HOSTILE = "<img src=x onerror=alert(1)>&amp;\u202e"  # as good a name for a volume as any


def packages():
    """The packages of the lock file, installed once into the user's cache, never into the tree."""
    lock = (HERE / "package-lock.json").read_bytes()
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    home = cache / "imconnector" / f"page-tests-{hashlib.sha256(lock).hexdigest()[:16]}"
    if not (home / "installed").exists():
        home.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, home)
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], cwd=home, check=True)
        (home / "installed").touch()
    return home


class Page(ConnectorTest):
    def test_the_page_in_chromium(self):
        server = self.home / "server"
        subprocess.run([GENERATE, "demo", server], check=True, capture_output=True, timeout=300)
        folders = (server / "folders.toml").read_text(encoding="utf-8")
        hostile = server / "backups" / "Globex" / "TS01"
        for name in (f"{HOSTILE}-b001.spf", f"{HOSTILE}-b001-i001.spi", f"{HOSTILE}-b001-i003.spi"):
            (hostile / name).write_bytes(b"image")
        weekly = re.search(r"^# Worth a try: delete '(.+-cw\.spi)'", folders, re.MULTILINE)[1]
        agent = self.agent(folders + "\n[brand]\nproduct = 'Acme <Backup> & Co'\ncolor = '#7a1f6b'\nsupport = 'Call 555 0100.'\n")
        # The demo's night is at any hour: what it finds is not to come while somebody reads.
        wait_for("the agent's own verification", lambda: agent.get("/v1/verify")["ended"] == "done", 60)
        wait_for("what it found", lambda: any(f["code"] == "image_damaged" for f in agent.items("/v1/findings")))
        # Packages are looked for beside the script.
        scripts = self.home / "scripts"
        scripts.mkdir()
        for script in HERE.glob("*.mjs"):
            shutil.copy(script, scripts)
        (scripts / "node_modules").symlink_to(packages() / "node_modules")
        environment = {**os.environ, "TZ": "UTC", "IMC_URL": agent.facts()["url"], "IMC_TOKEN": agent.token,
                       "IMC_READER": agent.make_token("read", "reader"), "IMC_WEEKLY": weekly, "IMC_HOSTILE": HOSTILE}
        run = subprocess.run(["node", "--test", "--test-concurrency=1", *sorted(map(str, scripts.glob(ONLY + ".test.mjs")))], env=environment, capture_output=True, text=True, timeout=800)
        self.assertEqual(run.returncode, 0, run.stdout[-12000:] + run.stderr[-4000:])
        print(run.stdout[-6000:])
        log = agent.log_text()
        self.assertNotIn(agent.token, log)


if __name__ == "__main__":
    unittest.main()
