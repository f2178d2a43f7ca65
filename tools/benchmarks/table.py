"""Rows of what was measured, what it is held against, and the bar; and the machine that it was measured on."""
import dataclasses
import os
import pathlib
import platform


@dataclasses.dataclass
class Row:
    what: str
    measured: float
    unit: str
    beside: str  # what ran beside it; empty: nothing
    ratio: float | None
    bar: float
    at_least: bool = False

    def met(self):
        return self.measured >= self.bar if self.at_least else self.measured <= self.bar


def number(value, unit):
    if value >= 1e5:
        text = f"{value / 1e6:.1f} M"
    elif value >= 100:
        text = f"{value:,.0f}"
    else:
        text = f"{value:.2f}" if value < 10 else f"{value:.1f}"
    return f"{text} {unit}".strip()


class Table:
    def __init__(self, held):
        self.held = held  # False: sizes are too small for bars to mean anything
        self.rows = []

    def add(self, *args, **options):
        self.rows.append(Row(*args, **options))

    def missed(self):
        return [row for row in self.rows if self.held and not row.met()]

    def print(self):
        lines = [("", "measured", "beside", "ratio", "bar", "")]
        for row in self.rows:
            bar = (">= " if row.at_least else "<= ") + number(row.bar, row.unit)
            verdict = "not held" if not self.held else "ok" if row.met() else "MISSED"
            ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
            lines.append((row.what, number(row.measured, row.unit), row.beside, ratio, bar, verdict))
        widths = [max(len(line[column]) for line in lines) for column in range(6)]
        for line in lines:
            cells = [line[0].ljust(widths[0])] + [line[c].rjust(widths[c]) for c in range(1, 5)] + [line[5]]
            print("  ".join(cells).rstrip())


def machine(directory):
    """One line on where this was measured."""
    cpu = next((line.split(":", 1)[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    mounts = [line.split() for line in pathlib.Path("/proc/mounts").read_text().splitlines()]
    place = max((m for m in mounts if os.path.commonpath([m[1], directory]) == m[1]), key=lambda m: len(m[1]))
    return f"{os.cpu_count()} x {cpu}, {memory:.0f} GiB, Linux {platform.release()}, {place[2]}"
