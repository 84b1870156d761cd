#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""her2 cohort on a simulated table whose truth is known here: counts, intervals, limits and CUSUMs worked out again in
Python, a laboratory that differs and a month in which a share changes both found, the same bytes for any number of
threads, the JSON by its schema, the page well-formed."""
import collections
import json
import math
import os
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import _html_page  # noqa: E402

HER2, SOURCE = os.environ["HER2"], os.environ["HER2_SOURCE"]
faults = _html_page.faults
MONTHS = [f"{y}-{m:02d}" for y in (2021, 2022, 2023) for m in range(1, 13)]
CHANGE = "2022-07"  # from here on IHC 2+ is called twice as often


def same(a, b, what):
    if not (a == b or isinstance(a, float) and math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)):
        faults.append(f"{what}: her2 says {a}, here it is {b}")


def wilson(k, n, z=1.959963984540054):
    p = k / n
    mid, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return [max(0, (mid - half) / (1 + z * z / n)), min(1, (mid + half) / (1 + z * z / n))]


def limits(n, p, tail):
    """(low, high): P(X < low) and P(X > high) are at most tail."""
    mass = [math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * math.log(p) +
                     (n - k) * math.log1p(-p)) for k in range(n + 1)]
    low = high = 0
    below = 0.0
    for k in range(n + 1):
        if below <= tail:
            low = k
        below += mass[k]
    above = 0.0
    for k in range(n, -1, -1):
        if above + mass[k] > tail:
            high = k
            break
        above += mass[k]
    return [low, high]


def rows():
    dice = random.Random(20260202)
    out = []
    for month in MONTHS:
        for lab, count, shift in (("North", 40, 1), ("South", 60, 1), ("East", 30, 2.6), ("West", 20, 1)):
            for _ in range(count):
                share = [0.33, 0.34, 0.2 * (1.9 if month >= CHANGE else 1), 0.115 * shift]
                score = dice.choices(["0", "1+", "2+", "3+"], share)[0]
                out.append([f"C{len(out)}", lab, f"{month}-{dice.randint(1, 28):02d}", score])
    return out


def run(arguments):
    done = subprocess.run([HER2, "cohort", *arguments, "--quiet"], capture_output=True, text=True, check=False)
    if done.returncode:
        faults.append(f"{arguments}: {done.stderr}")
    return done


def check(report, table):
    same(report["rows"], len(table), "rows")
    scores = collections.Counter(row[3] for row in table)
    shown = {v["value"]: v for d in report["distributions"] if d["id"] == "ihc_score" for v in d["values"]}
    for score, count in scores.items():
        same(shown[score]["rows"], count, score)
        same(shown[score]["first"], [row[0] for row in table if row[3] == score][:40], f"ids of {score}")
    rates = {rate["id"]: rate for rate in report["rates"]}
    two = rates["ihc-2"]["total"]
    same(two["events"]["rows"], scores["2+"], "2+")
    for got, want in zip(two["interval_95"], wilson(scores["2+"], len(table))):
        same(got, want, "interval")
    positive = rates["her2-positive"]["total"]
    same((positive["events"]["rows"], positive["cases"]), (scores["3+"], len(table) - scores["2+"]), "HER2-positive")
    same(rates["untested-2"]["total"]["share"], 1.0, "IHC 2+ without ISH")

    groups = {group["name"]: group for group in report["groupings"][0]["groups"]}
    same(sorted(groups), ["East", "North", "South", "West"], "laboratories")
    for name, group in groups.items():
        mine = [row for row in table if row[1] == name]
        one = group["rates"]["ihc-3"]
        same((one["events"]["rows"], one["cases"]), (sum(row[3] == "3+" for row in mine), len(mine)), name)
        low, high = limits(len(mine), 0.116, 0.001)
        same(one["funnel"]["events_99_8"], [low, high], f"limits of {name}")
        same(one["funnel"]["outside"], name == "East", f"{name} outside")

    same([period["name"] for period in report["periods"]], MONTHS, "months")
    charts = {chart["rate"]: chart for chart in report["charts"]}
    chart = charts["ihc-2"]
    centre, up = chart["centre"], chart["up"]
    same(centre, scores["2+"] / len(table), "centre")
    s, signals = 0, []
    for point, month in zip(chart["points"], MONTHS):
        mine = [row for row in table if row[2].startswith(month)]
        events = sum(row[3] == "2+" for row in mine)
        same((point["events"], point["cases"]), (events, len(mine)), month)
        same(point["events_three_sigma"], limits(len(mine), centre, 0.00134989803), f"limits of {month}")
        s = max(0, s + up["per_event"] * events - len(mine))
        same((point["cusum_up"], point["signals_up"]), (s, s >= up["limit"]), f"CUSUM of {month}")
        if s >= up["limit"]:
            signals.append(month)
            s = 0
    if not signals or signals[0] < CHANGE:
        faults.append(f"the change in {CHANGE} is signalled at {signals}")
    if up["run_in_control"] < 10000 or up["run_shifted"] > 1000:
        faults.append(f"runs of {up}")


def main():
    table = rows()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "t.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.write("id,laboratory,reported,ihc_score\n" + "".join(",".join(row) + "\n" for row in table))
        common = [path, "--by", "laboratory", "--date", "reported"]
        texts = []
        for threads in ("1", "3"):
            page, tree = os.path.join(folder, "r.html"), os.path.join(folder, "r.json")
            run([*common, "--report", page, "--json", tree, "-j", threads])
            with open(page, encoding="utf-8") as a, open(tree, encoding="utf-8") as b:
                texts.append((a.read(), b.read()))
        same(texts[0], texts[1], "one thread and three")
        report = json.loads(texts[0][1])
        check(report, table)
        _html_page.check_page("cohort", texts[0][0])
        try:
            import jsonschema
            with open(os.path.join(SOURCE, "schemas", "cohort.schema.json"), encoding="utf-8") as file:
                schema = json.load(file)
            jsonschema.Draft7Validator.check_schema(schema)
            for error in jsonschema.Draft7Validator(schema).iter_errors(report):
                faults.append(f"schema: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
        except ImportError:
            print("python3-jsonschema is not installed: the schema is not checked")
        # What is wrong is refused, and counted.
        with open(path, "a", encoding="utf-8") as file:
            file.write("C1,North,2023-12-01,3+\nnew,North,2023-12-01,7+\nshort,North\nundated,North,soon,0\n")
        run([*common, "--json", tree])
        with open(tree, encoding="utf-8") as file:
            report = json.load(file)
        same((report["rows"], report["rows_refused"], report["values_refused"], report["rows_undated"]),
             (len(table) + 4, 2, 1, 1), "refusals")
        for wrong, says in ((["--by", "no such"], "no such"), (["--edition", "1999"], "1999"), ([], "--report")):
            output = ["--json", tree] if wrong else []
            done = subprocess.run([HER2, "cohort", path, *wrong, *output], capture_output=True, text=True, check=False)
            if done.returncode != 2 or says not in done.stderr:
                faults.append(f"{wrong}: {done.returncode}, {done.stderr}")
    for fault in faults[:40]:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
