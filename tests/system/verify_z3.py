#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A second opinion on every proof: z3 reads each table's obligations as SMT-LIB and must agree with
`her2 guideline verify`, on the files as they are (all proved) and on copies with a slip (the same table wrong)."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HER2 = os.environ.get("HER2", "her2")
SOURCE = pathlib.Path(os.environ.get("HER2_SOURCE", "."))

# guideline, what a person wrote by mistake, and the tables that it breaks: (file, from, to, table)
SLIPS = [
    ("breast-her2-2018", "ratio >= 2.0 and copies >= 4.0", "ratio > 2.0 and copies >= 4.0", "dual_probe"),
    ("breast-her2-2018", "strong_complete > 10", "strong_complete >= 10", "ihc"),
    ("breast-her2-2018", "cells_counted < 20", "cells_counted < 19", "ish_count"),
    ("breast-her2-2018", "fixation_hours > 72", "fixation_hours > 73", "fixation"),
    ("breast-her2-2007", "ratio > 2.2", "ratio >= 2.2", "dual_probe"),
    ("breast-her2-2007", "ihc_score in {0, 0+, 1+}", "ihc_score in {0, 1+}", "ihc_result"),
    ("breast-er-pgr-2020", "pgr_percent >= 1", "pgr_percent > 1", "pgr"),
    ("breast-allred", "3 * er_percent > 200", "3 * er_percent >= 200", "proportion"),
    ("options-targeted", '"not prior_cdk46",\n    "progression_on_endocrine",', '"not prior_cdk46",\n    "advanced_disease",',
     "cdk46_fulv"),  # a criterion twice: neither can fail alone
    ("options-adc", '"hr_status == negative",', '"hr_status == negative or hr_status == positive", "advanced_disease",',
     "sg_mono_1l"),
]


def run(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=280)


def obligations(guideline, folder):
    done = run(HER2, "guideline", "export", guideline, "--format", "smtlib", "--guidelines", folder)
    if done.returncode != 0:
        sys.exit(f"her2 guideline export {guideline} --format smtlib: {done.stderr.strip()}")
    return done.stdout


def ask_z3(text, folder):
    """(table, what) -> "sat" or "unsat"."""
    path = pathlib.Path(folder) / "obligations.smt2"
    path.write_text(text)
    answers, title = {}, None
    for line in run("z3", path).stdout.splitlines():
        if line in ("sat", "unsat", "unknown"):
            answers[title] = line
        elif line.startswith("(error") and "check annotation" not in line:  # that one is what we compare
            sys.exit(f"z3 cannot read the obligations: {line}")
        elif re.match(r"[a-z0-9_]+ (complete|exclusive|reaches .+)$", line):
            title = tuple(line.split(" ", 1))
    if len(answers) != text.count("(check-sat)"):
        sys.exit(f"z3 answered {len(answers)} of {text.count('(check-sat)')} questions")
    return answers


def wrong_by_z3(answers):
    return {table for (table, what), answer in answers.items()
            if answer != ("sat" if what.startswith("reaches") else "unsat")}


def wrong_by_her2(guideline, folder):
    done = run(HER2, "guideline", "verify", guideline, "--guidelines", folder)
    return set(re.findall(r"^\s*WRONG\s+(\w+) ", done.stdout, re.M)), done


def main():
    if shutil.which("z3") is None:
        print("z3 is not installed: skipped")
        return 77
    failures, questions, tables = 0, 0, 0
    with tempfile.TemporaryDirectory() as work:
        ids = [path.stem for path in sorted((SOURCE / "guidelines").glob("*.toml"))
               if path.stem not in ("facts", "schemes")]
        ids += [f"options-{path.stem}" for path in sorted((SOURCE / "guidelines" / "options").glob("*.toml"))]
        for guideline in ids:
            answers = ask_z3(obligations(guideline, SOURCE / "guidelines"), work)
            ours, done = wrong_by_her2(guideline, SOURCE / "guidelines")
            theirs = wrong_by_z3(answers)
            questions += len(answers)
            tables += len({table for table, _ in answers})
            if theirs or ours or done.returncode != 0:
                failures += 1
                print(f"{guideline}: wrong by z3: {sorted(theirs)}, by her2: {sorted(ours)}")
        for number, (guideline, wrote, meant, table) in enumerate(SLIPS):
            folder = pathlib.Path(work) / str(number)
            shutil.copytree(SOURCE / "guidelines", folder)
            path = folder / (f"options/{guideline[8:]}.toml" if guideline.startswith("options-") else f"{guideline}.toml")
            text = path.read_text()
            if wrote not in text:
                sys.exit(f"{guideline} no longer says {wrote}: mend SLIPS")
            path.write_text(text.replace(wrote, meant, 1))
            theirs = wrong_by_z3(ask_z3(obligations(guideline, folder), work))
            ours, done = wrong_by_her2(guideline, folder)
            if theirs != {table} or ours != {table} or done.returncode != 1:
                failures += 1
                print(f"{guideline}, '{meant}': wrong by z3: {sorted(theirs)}, by her2: {sorted(ours)}, "
                      f"should be: {table}")
    print(f"{len(ids)} guidelines, {tables} tables, {questions} questions to z3, {len(SLIPS)} slips: "
          f"{failures} disagreements")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
