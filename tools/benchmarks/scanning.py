"""Walking, parsing, analysing and storing beside what find(1) takes for the same tree."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

MIB = 2**20


def note(text):
    print(text, file=sys.stderr, flush=True)


def make_tree(generate, directory, folders, images):
    """A tree of that size, kept from run to run; gives its directory."""
    tree, made = directory / f"tree-{folders}-{images}", directory / f"tree-{folders}-{images}.made"
    if not made.exists():
        note(f"Making {images:,} images in {folders} folders ...")
        shutil.rmtree(tree, ignore_errors=True)
        command = [generate, "bench", tree, "--folders", str(folders), "--images", str(images)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        made.touch()
    return tree


def write_config(path, data, tree, extra=""):
    fragment = tree / "folders.toml"
    path.write_text(f"[agent]\ndata_directory = '{data}'\nlog_level = \"warning\"\n\n[api]\nlisten = [\"127.0.0.1:0\"]\n"
                    f"max_requests_per_connection = 1000000000\n\n[verify]\nenabled = false\n\n[scan]\ninterval_seconds = 86400\n{extra}\n"
                    + fragment.read_text(encoding="utf-8"), encoding="utf-8")


def timed(command, **options):
    """(seconds, peak resident bytes, standard output) of a command that must succeed."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - began
    if process.returncode != 0:
        raise SystemExit(f"tools/bench: {command[0]} ended with {process.returncode}")
    return seconds, usage.ru_maxrss * 1024, output


def time_find(tree, rounds=3):
    """The best of some rounds after one that warms the cache."""
    command = ["bash", "-c", "find \"$0\" -printf '%p %s %T@\\n' >/dev/null", str(tree)]
    return min(timed(command)[0] for _ in range(rounds + 1))


def scan_once(program, config):
    seconds, resident, output = timed([program, "scan-once", "--json", "--config", str(config)])
    return seconds, resident, json.loads(output)


def measure(table, program, generate, directory, sizes):
    """Adds the rows on scanning; gives (tree, data directory) of the large tree for whoever serves it next."""
    large = make_tree(generate, directory, *sizes.large)
    data = directory / "data-large"
    shutil.rmtree(data, ignore_errors=True)
    config = directory / "scan-large.toml"
    write_config(config, data, large)
    note("Scanning ...")
    find = time_find(large)
    first, first_resident, facts = scan_once(program, config)
    if facts["images"] != sizes.large[1]:
        raise SystemExit(f"tools/bench: {facts['images']} images were found of {sizes.large[1]}")
    again, again_resident, _ = scan_once(program, config)
    # The rescan is over in about the time of find, so the cache matters more: the better of two, as find is the best of some.
    again = min(again, scan_once(program, config)[0])
    allowance = 10 * sizes.large[1] / 1_000_000
    images = f"{sizes.large[1]:,} images"
    table.add(f"first scan, {images}", first, "s", f"find {find:.2f} s", first / find, 2.5 * find + allowance)
    table.add(f"rescan, {images}", again, "s", f"find {find:.2f} s", again / find, 1.5 * find)
    table.add(f"memory of both, {images}", max(first_resident, again_resident) / MIB, "MiB", "", None, 150)

    small = make_tree(generate, directory, *sizes.small)
    small_data = directory / "data-small"
    shutil.rmtree(small_data, ignore_errors=True)
    config = directory / "scan-small.toml"
    write_config(config, small_data, small)
    resident = max(scan_once(program, config)[1], scan_once(program, config)[1])
    table.add(f"memory, {sizes.small[1]:,} images", resident / MIB, "MiB", "", None, 40)
    return large, data, small, small_data


def measure_library(table, bin_directory, rounds):
    """Adds the rows on names and analysis; the programs tell their numbers in one line."""
    def words(*command):
        # They end with an error where their own bar is missed; the table tells that too.
        return subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout.split()

    note("Parsing and analysing ...")
    parse = words(bin_directory / "parse_bench", "2")
    table.add("names parsed", float(parse[1]), "/s", "", None, 4e6, at_least=True)
    analyse = words(bin_directory / "analyse_bench", str(rounds))
    count = f"{int(analyse[1]):,}"
    table.add(f"chain of {count} images, first look", float(analyse[4]), "ms", "", None, 50)

    for increments, analysis_bar, picture_bar, size_bar in ((5_000, 1, 5, 40), (100_000, 60, 60, 80)):
        program = [bin_directory / "analyses_bench", str(increments), str(min(rounds, 9))]
        lines = subprocess.run(program, stdout=subprocess.PIPE, text=True).stdout.splitlines()
        times = {line[:20].strip(): float(line[20:].split()[0]) for line in lines if " ms, at best " in line}
        drawn = times.pop("SVG")
        slowest = max(times, key=times.get)
        table.add(f"{increments:,} increments, slowest analysis ({slowest})", times[slowest], "ms", "", None, analysis_bar)
        table.add(f"{increments:,} increments, SVG", drawn, "ms", "", None, picture_bar)
        size = next(float(line.split()[-2]) for line in lines if line.startswith("SVG"))
        table.add(f"{increments:,} increments, size of the SVG", size, "kB", "", None, size_bar)


def make_file(path, size, piece):
    """A file of about that size made of `piece` again and again, kept from run to run."""
    if not path.exists() or path.stat().st_size < size:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "wb") as file:
            while file.tell() < size:
                file.write(piece)
    return path


def measure_reading(table, bin_directory, directory, mebibytes):
    """Adds the rows on hashing an image, beside md5sum on the same file in the page cache, and on reading a large log."""
    note("Hashing and reading logs ...")
    image = make_file(directory / f"image-{mebibytes}.spf", mebibytes * MIB, os.urandom(MIB))
    md5sum = min(timed(["md5sum", str(image)])[0] for _ in range(3))
    hashed = min(float(timed([str(bin_directory / "hash_bench"), str(image)])[2].split()[0]) for _ in range(3))
    table.add(f"MD5 of {mebibytes} MiB", md5sum / hashed, "times", f"md5sum {md5sum:.2f} s", md5sum / hashed, 0.9, at_least=True)
    day = "".join(f"{day}-Jan-2024 {hour:02}:10:44 \\\\acme-nas\\backups\\server1\\C_VOL-b001-i{day * 24 + hour:04}-cd.spi\r\n"
                  for day in range(1, 29) for hour in range(24))
    size = mebibytes * MIB * 200 // 1024
    log = make_file(directory / f"logs-{mebibytes}" / "ImageManager.log", size, day.encode())
    seconds, lines = timed([str(bin_directory / "hash_bench"), "--log", str(log.parent)])[2].split()
    # What reading the same bytes line by line costs at least, in the same run.
    grep = timed(["grep", "-c", "-F", ".spi", str(log)])[0]
    table.add(f"log of {size // MIB} MiB, {int(lines):,} lines", float(seconds), "s", f"grep -c {grep:.2f} s", float(seconds) / max(grep, 0.001), 3)
