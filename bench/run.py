# SPDX-License-Identifier: Apache-2.0
"""Times `her2 status` on a synthetic registry against a scan of the same file, DuckDB, SQLite and pandas, in one run.

    run.py [ROWS] [--runs N]        ROWS: 10,000,000; N repetitions of each, one after the other (5; the slow ones 2)

scripts/bench.sh calls it with HER2 (the program), HER2_BUILD (a release build) and HER2_SOURCE. The programs take turns,
so that a machine whose speed changes treats all alike; medians are shown, and ratios are medians of the ratios within
a turn. Every competitor's counts of the ISH groups must agree.
"""
import argparse
import importlib.util
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

SEED = 1
SOURCE = Path(os.environ["HER2_SOURCE"])
BUILD = Path(os.environ["HER2_BUILD"])
HER2 = os.environ["HER2"]
WORK = BUILD / "registry"
CORES = os.cpu_count()


class Program:
    """One line of the table. `slow`: fewer repetitions."""

    def __init__(self, name, command, out=None, slow=False, groups=None):
        self.name, self.command, self.out, self.slow, self.groups = name, command, out, slow, groups
        self.wall, self.cpu, self.memory = [], [], []

    def run(self):
        if self.out is not None and self.out.exists():
            self.out.unlink()
        begin = time.perf_counter()
        child = subprocess.Popen([str(part) for part in self.command], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        text, errors = child.stdout.read(), child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        self.wall.append(time.perf_counter() - begin)
        self.cpu.append(usage.ru_utime + usage.ru_stime)
        self.memory.append(usage.ru_maxrss * 1024)
        if child.returncode != 0:
            sys.exit(f"{self.name}: {errors.decode(errors='replace').strip() or text.decode(errors='replace')}")


def host():
    model = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), "unknown processor")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cache = {}
    for line in (BUILD / "CMakeCache.txt").read_text().splitlines():
        if ":" in line and "=" in line:
            name, value = line.split("=", 1)
            cache[name.split(":")[0]] = value
    compiler = cache.get("CMAKE_CXX_COMPILER", "c++")
    version = subprocess.run([compiler, "-dumpfullversion"], capture_output=True, text=True).stdout.strip()
    kind = cache.get("CMAKE_BUILD_TYPE", "")
    flags = {"Release": "-O2 -DNDEBUG"}.get(kind, kind)
    return f"{model}, {CORES} cores, {memory:.0f} GiB, {Path(compiler).name} {version} {flags}, load {os.getloadavg()[0]:.1f}"


def registry(rows):
    path = WORK / f"registry-{rows}-{SEED}.csv"
    if not path.exists():
        part = path.with_suffix(".part")
        with part.open("wb") as out:
            subprocess.run([BUILD / "bench/registry_generator", str(rows), str(SEED)], stdout=out, check=True)
        part.rename(path)
    subprocess.run(["cat", path], stdout=subprocess.DEVNULL, check=True)  # into the page cache
    return path


def column_counts(path, delimiter, name):
    counts = {}
    with path.open("rb") as lines:
        column = next(lines).rstrip(b"\r\n").split(delimiter).index(name)
        for line in lines:
            group = line.split(delimiter, column + 1)[column].strip(b'\r\n"').decode() or "none"
            group = group.removesuffix(".0")
            counts[group] = counts.get(group, 0) + 1
    return counts


def programs(table):
    scan, here = BUILD / "bench/scan", SOURCE / "bench"
    out = [
        Program("scan of fields", [scan, "fields", table, CORES]),
        Program("scan of fields, 1 thread", [scan, "fields", table, 1]),
        Program("byte by byte, 1 thread", [scan, "bytes", table, 1]),
        Program("memchr of lines, 1 thread", [scan, "lines", table, 1]),
    ]
    for threads in dict.fromkeys([CORES, 1]):
        suffix = "" if threads == CORES else f", {threads} thread"
        status = WORK / f"status-{threads}.tsv"
        out.append(Program(f"her2 status to nowhere{suffix}",
                           [HER2, "status", table, "-q", "-j", threads, "--out", "/dev/null"]))
        out.append(Program(f"her2 status to a file{suffix}", [HER2, "status", table, "-q", "-j", threads, "--out", status],
                           status, groups=(b"\t", b"ish_group")))
    copy = WORK / "copy.tsv"
    out.append(Program("copy of her2's result", ["sh", "-c", f"cat {WORK}/status-{CORES}.tsv > {copy} && sync {copy}"], copy))
    if importlib.util.find_spec("duckdb"):
        result = WORK / "duckdb.csv"
        out.append(Program("DuckDB, groups only", [sys.executable, here / "group_duckdb.py", table, result, CORES], result,
                           groups=(b",", b"ish_group")))
    else:
        print("DuckDB is not installed: left out")
    if shutil.which("sqlite3"):
        base, result = WORK / "registry.sqlite", WORK / "sqlite.csv"
        columns = "id TEXT, ihc_score TEXT, cells INTEGER, her2_total INTEGER, cep17_total INTEGER, er TEXT, pgr TEXT, ki67 TEXT"
        out.append(Program("SQLite, import", ["sqlite3", base, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;",
                                              f"CREATE TABLE registry ({columns})", f".import --csv --skip 1 {table} registry"],
                           base, slow=True))
        out.append(Program("SQLite, groups only", ["sh", "-c", f"sqlite3 {base} <{here}/group_sqlite.sql >{result}"], result,
                           slow=True, groups=(b",", b"ish_group")))
    else:
        print("sqlite3 is not installed: left out")
    if importlib.util.find_spec("pandas"):
        result = WORK / "pandas.csv"
        out.append(Program("pandas, groups only", [sys.executable, here / "group_pandas.py", table, result], result,
                           slow=True, groups=(b",", b"ish_group")))
    else:
        print("pandas is not installed: left out")
    return out


def ratio(program, other):
    """How many times the wall time of the other, turn by turn."""
    if other is None:
        return ""
    pairs = list(zip(program.wall, other.wall))
    return f"{statistics.median(a / b for a, b in pairs):.2f}"


def agree(all_programs):
    counts = {p.name: column_counts(p.out, *p.groups) for p in all_programs if p.groups}
    first = next(iter(counts.values()))
    for name, found in counts.items():
        if found != first:
            sys.exit(f"the groups disagree: {name} counts {found}, her2 {first}")
    print("ISH groups, all agree: " + ", ".join(f"{group} {first[group]}" for group in sorted(first)))


def show(all_programs, rows, size):
    by_name = {p.name: p for p in all_programs}
    floor, one, pandas = (by_name.get(n) for n in ("scan of fields", "scan of fields, 1 thread", "pandas, groups only"))
    print("| program | seconds | fastest | CPU seconds | MB/s | M rows/s | times the scan | pandas takes times | peak MiB |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for p in all_programs:
        wall = statistics.median(p.wall)
        base = one if "1 thread" in p.name else floor
        pandas_ratio = f"{statistics.median(b / a for a, b in zip(p.wall, pandas.wall)):.1f}" if pandas else ""
        print(f"| {p.name} | {wall:.2f} | {min(p.wall):.2f} | {statistics.median(p.cpu):.2f} | {size / wall / 1e6:.0f} "
              f"| {rows / wall / 1e6:.1f} | {ratio(p, base)} | {pandas_ratio} | {max(p.memory) / 2**20:.0f} |")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("rows", nargs="?", type=int, default=10_000_000)
    arguments.add_argument("--runs", type=int, default=5)
    options = arguments.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    table = registry(options.rows)
    print(f"\n== her2 status, {options.rows} rows, {table.stat().st_size / 1e6:.0f} MB\nHost: {host()}")
    competitors = programs(table)
    for turn in range(options.runs):
        for program in competitors:
            if turn < 2 or not program.slow:
                program.run()
        print(f"turn {turn + 1} of {options.runs} is done", file=sys.stderr)
    agree(competitors)
    show(competitors, options.rows, table.stat().st_size)
    for program in competitors:
        if program.out is not None and program.out.exists():
            program.out.unlink()


if __name__ == "__main__":
    main()
