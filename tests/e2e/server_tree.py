"""Folders as a backup server has them: hourly increments of working hours, nightly dailies, weeklies, monthlies, and
retention that removes what a longer file covers. Written apart from the program's own generator, on purpose."""
import dataclasses
import datetime
import os
import pathlib
import time

DAY = datetime.timedelta(days=1)
RAW_DAYS, DAILY_DAYS, WEEKLY_DAYS = 5, 30, 65
BYTES = {"": 150_000_000, "-cd": 900_000_000, "-cw": 3_000_000_000, "-cm": 9_000_000_000}


@dataclasses.dataclass
class File:
    number: int
    suffix: str
    written: datetime.datetime
    day: datetime.date  # of the last increment in it


def touch(path, size, when):
    """A sparse file of that size and time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        file.truncate(size)
    stamp = when.timestamp()
    os.utime(path, (stamp, stamp))


def noon(days_ago):
    today = datetime.datetime.now(datetime.timezone.utc).replace(hour=12, minute=0, second=0, microsecond=0)
    return today - days_ago * DAY


def write_image(folder, volume, file, base=1):
    number = f"-i{file.number:03}" if file.number else ""
    stem = f"{volume}-b{base:03}{number}{file.suffix}"
    image = folder / (stem + (".spi" if file.number else ".spf"))
    touch(image, BYTES[file.suffix] if file.number else 80_000_000_000, file.written)
    touch(folder / (stem + ".md5"), 64, file.written)
    return image


def last_of_month(day):
    return (day + DAY).day == 1


def history(days, now):
    """Every file that was ever written for a chain begun `days` ago, in order."""
    begin = noon(days)
    files, number = [File(0, "", begin, begin.date())], 0
    for passed in range(days + 1):
        midnight = (begin + passed * DAY).replace(hour=0)
        for hour in range(8, 19):
            written = midnight + datetime.timedelta(hours=hour, minutes=5)
            if begin < written <= now:
                number += 1
                files.append(File(number, "", written, midnight.date()))
        closed = midnight + DAY + datetime.timedelta(minutes=20)
        if number and closed <= now:
            suffixes = ["-cd"] + ["-cw"] * (midnight.weekday() == 5) + ["-cm"] * last_of_month(midnight)
            for place, suffix in enumerate(suffixes):
                files.append(File(number, suffix, closed + place * datetime.timedelta(minutes=10), midnight.date()))
    return files


def keep(files, now):
    """What retention leaves: a file goes when a longer one that ends at or after it is old. So whole days, weeks and
    months go, and nothing that stays begins where nothing ends."""
    def covered(file, by, days):
        return any(other.suffix in by and other.number >= file.number and (now.date() - other.day).days > days for other in files)

    def stays(file):
        if file.number == 0 or file.suffix == "-cm":
            return True
        if file.suffix == "":
            return not covered(file, ("-cd", "-cw", "-cm"), RAW_DAYS)
        if file.suffix == "-cd":
            return not covered(file, ("-cw", "-cm"), DAILY_DAYS)
        return not covered(file, ("-cm",), WEEKLY_DAYS)

    return [file for file in files if stays(file)]


def write_chain(folder, volume="C_VOL", days=100, now=None):
    """Writes a healthy chain whose newest image is of today or yesterday; gives its image files."""
    # Nothing younger than a few minutes: it would still be settling.
    now = now or datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=10)
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    return [write_image(folder, volume, file) for file in keep(history(days, now), now)]


def write_server(root):
    """Acme has a normal folder with two volumes, Globex a backup store with two machines, Initech one nobody manages."""
    root = pathlib.Path(root)
    write_chain(root / "Acme" / "SRV1", "C_VOL", 100)
    write_chain(root / "Acme" / "SRV1", "D_VOL", 40)
    write_chain(root / "Globex" / "Store" / "DC01", "C_VOL", 20)
    write_chain(root / "Globex" / "Store" / "SQL01", "E_VOL", 12)
    write_chain(root / "Initech" / "FS1", "C_VOL", 9)
    return root


def folders_toml(root):
    return f"""
[[folder]]
path = '{root}/Acme/SRV1'
customer = "Acme"
machine = "SRV1"

[[folder]]
path = '{root}/Globex/Store'
type = "backup_store"
customer = "Globex"

[discovery]
roots = ['{root}']
path_template = "{{root}}/{{customer}}/{{machine}}"
"""


if __name__ == "__main__":
    import sys
    began = time.monotonic()
    write_server(sys.argv[1])
    print(f"{time.monotonic() - began:.2f} s")
