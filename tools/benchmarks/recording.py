"""Reading ImageManager's database and comparing it with the disk, beside what mdb-export takes for the same tables."""
import shutil
import subprocess
import time

from scanning import MIB, note, timed


def export_time(database):
    """Seconds that mdb-export takes for all tables; nothing where it is not installed."""
    if not shutil.which("mdb-export"):
        return None
    names = subprocess.run(["mdb-tables", "-1", database], check=True, capture_output=True, text=True).stdout.split()
    began = time.monotonic()
    for name in names:
        subprocess.run(["mdb-export", database, name], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def measure(table, programs, directory, rounds):
    """Adds the rows on ImageManager's records."""
    note("Reading records ...")
    bench, database = str(programs / "records_bench"), str(directory / "records.mdb")
    subprocess.run([bench, "compose", database], check=True)
    _, resident, output = timed([bench, "time", database, str(rounds)])
    took = float(output)
    what = "40,000 records in 150 folders"
    exports = export_time(database)
    bar, beside, ratio = 400, "", None
    if exports:
        # Starting mdb-export 301 times is no reading.
        began = time.monotonic()
        for _ in range(20):
            subprocess.run(["mdb-export", "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        net = max(0.001, exports - (time.monotonic() - began) / 20 * 301) * 1000
        bar, beside, ratio = min(400, 1.2 * net), f"mdb-export {net:.0f} ms", took / net
    table.add(f"{what}, read and merged", took, "ms", beside, ratio, bar)
    table.add(f"memory of it, {what}", resident / MIB, "MiB", "", None, 40)
