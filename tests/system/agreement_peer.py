#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kappa, AC1, AC2 and their errors against irrCAC, statsmodels and scikit-learn, on 1,000 random tables and more.

scripts/install-deps.sh --peers fetches the packages; without them the test is skipped."""
import math
import os
import pathlib
import random
import subprocess
import sys
import warnings

TABLES, PANELS, LIMITS = 1000, 150, 50
WEIGHTS = ("identity", "linear", "quadratic")


def near(a, b, what, tolerance=1e-9):
    if not (math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance)):
        raise AssertionError(f"{what}: her2 {a!r}, the peer {b!r}")


def check_many(got, frame, categories, what, cac):
    for i, weights in enumerate(WEIGHTS):
        peer = cac(frame, weights=weights, categories=categories, digits=15)
        for k, name in enumerate(("gwet", "fleiss")):
            est = getattr(peer, name)()["est"]
            at = 8 * i + 4 * k
            near(got[at], est["coefficient_value"], f"{what} {weights} {name}")
            near(got[at + 1], est["se"], f"{what} {weights} {name} se", 1e-8)
            near(got[at + 2], max(-1, est["confidence_interval"][0]), f"{what} {weights} {name} low", 1e-8)
            near(got[at + 3], min(1, est["confidence_interval"][1]), f"{what} {weights} {name} high", 1e-8)


def main():
    build = pathlib.Path(os.environ["HER2_BUILD"])
    python = pathlib.Path(os.environ["HER2_SOURCE"]) / "build/peers/bin/python"
    try:
        import numpy as np
        import pandas as pd
        from irrCAC.raw import CAC
        from sklearn.metrics import cohen_kappa_score
        from statsmodels.stats.inter_rater import cohens_kappa
    except ImportError:
        if python.exists() and os.environ.get("HER2_PEER_PYTHON") != "1":
            os.environ["HER2_PEER_PYTHON"] = "1"
            os.execv(python, [str(python), __file__])
        print("skipped: irrCAC, statsmodels and scikit-learn are not there; run scripts/install-deps.sh --peers")
        return 77
    warnings.simplefilter("ignore")
    dice = random.Random(20260101)
    lines, jobs = [], []
    while len(jobs) < TABLES:
        size = dice.randint(2, 6)
        table = np.zeros((size, size), dtype=int)
        tilt = [dice.random() ** 2 + 0.02 for _ in range(size)]
        for _ in range(dice.randint(3, 150)):
            a = dice.choices(range(size), tilt)[0]
            table[a, a if dice.random() < 0.6 else dice.randrange(size)] += 1
        if len(set(np.nonzero(table.sum(0) + table.sum(1))[0])) < 2:
            continue
        lines.append("table %d %s" % (size, " ".join(map(str, table.flatten()))))
        jobs.append(table)
    panels = []
    for _ in range(PANELS):
        size, raters = dice.randint(2, 5), dice.randint(3, 8)
        rows = []
        for _ in range(dice.randint(5, 40)):
            truth = dice.randrange(size)
            row = [truth if dice.random() < 0.6 else dice.randrange(size) for _ in range(raters)]
            row = [None if dice.random() < 0.1 else value for value in row]
            rows.append(row if any(v is not None for v in row) else [0] * raters)
        counts = [[row.count(k) for k in range(size)] for row in rows]
        lines.append("raters %d %s" % (size, " ".join(str(c) for one in counts for c in one)))
        panels.append((size, rows))
    limits = []
    for _ in range(LIMITS):
        pairs = [(dice.uniform(0, 300), dice.uniform(0, 300)) for _ in range(dice.randint(2, 80))]
        lines.append("limits " + " ".join(f"{x!r} {y!r}" for x, y in pairs))
        limits.append(pairs)
    run = subprocess.run([str(build / "tests" / "agreement_values")], input="\n".join(lines) + "\n", text=True,
                         capture_output=True, check=True)
    answers = [[float(x) for x in line.split()[1:]] for line in run.stdout.splitlines()]
    assert len(answers) == len(lines)
    compared = 0
    for number, (table, got) in enumerate(zip(jobs, answers)):
        size = len(table)
        pairs = [(a, b) for a in range(size) for b in range(size) for _ in range(table[a, b])]
        first, second = [p[0] for p in pairs], [p[1] for p in pairs]
        for i, weights in enumerate((None, "linear", "quadratic")):
            what = f"table {number} {weights}"
            score = cohen_kappa_score(first, second, labels=list(range(size)), weights=weights)
            if math.isnan(score):
                assert math.isnan(got[4 * i]), what
                continue
            near(got[4 * i], score, what)
            peer = cohens_kappa(table, wt={None: None, "linear": "linear", "quadratic": "quadratic"}[weights])
            near(got[4 * i], peer.kappa, what)
            if math.isnan(peer.std_kappa) or peer.std_kappa < 1e-6:  # rounding alone is left of the peer's variance
                assert got[4 * i + 1] < 1e-6, what
            else:
                near(got[4 * i + 1], peer.std_kappa, what + " se", 1e-7)
        check_many(got[12:], pd.DataFrame(pairs), list(range(size)), f"table {number}", CAC)
        compared += 1
    for number, ((size, rows), got) in enumerate(zip(panels, answers[TABLES:])):
        frame = pd.DataFrame([[np.nan if v is None else v for v in row] for row in rows], dtype=float)
        check_many(got, frame, [float(k) for k in range(size)], f"panel {number}", CAC)
    for pairs, got in zip(limits, answers[TABLES + PANELS:]):
        off = np.array([y - x for x, y in pairs])
        for value, peer in zip(got, (off.mean(), off.std(ddof=1), off.mean() - 1.96 * off.std(ddof=1),
                                     off.mean() + 1.96 * off.std(ddof=1))):
            near(value, float(peer), "limits")
    print(f"{compared} tables, {PANELS} panels and {LIMITS} sets of pairs agree with irrCAC, statsmodels and scikit-learn")
    return 0


if __name__ == "__main__":
    sys.exit(main())
