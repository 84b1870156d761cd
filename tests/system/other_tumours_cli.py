#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Other tumours, editions compared, DMN and agreement as a person uses them."""
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

HER2 = os.environ["HER2"]
failed = 0


def check(condition, *words):
    global failed
    if not condition:
        failed += 1
        print("fault:", *words)


def run(*arguments, text=None):
    done = subprocess.run([HER2, *arguments], input=text, capture_output=True, text=True, timeout=250, check=False)
    return done.returncode, done.stdout, done.stderr


def case(tumour, facts, kind=""):
    return json.dumps({"schema": "her2-case/1", "id": "c", "tumour": tumour,
                       "specimens": [{"id": "s", "kind": kind, "facts": facts}]})


def status(tumour, facts, kind="", *more):
    code, out, error = run("status", "-", "--format", "json", *more, text=case(tumour, facts, kind))
    if code == 2:
        return {"error": error}
    tree = json.loads(out)
    answers = {a["fact"]: [v["value"] for v in a["values"]] for a in tree["specimens"][0]["answers"]}
    return {"scheme": tree["scheme"], **answers}


def tumours():
    for tumour, word in (("lung", "mutations"), ("salivary", "not confirmed")):
        error = status(tumour, {"ihc_score": "3+"}).get("error", "")
        check(f"no scheme is chosen for the tumour '{tumour}'" in error and word in error, tumour, "says", error)
        asked = status(tumour, {"ihc_score": "3+"}, "", "--edition", "solid-label")
        check(asked.get("tdxd_label_solid") == ["yes"], tumour, asked)
        check("asked for" in asked["scheme"]["why"], asked["scheme"])
    check("known are" in status("spleen", {"ihc_score": "3+"}).get("error", ""), "an unknown tumour")
    cluster = {"cluster_cells": 5, "cluster_intensity": "strong"}
    shares = {f"{i}_{c}": 0 for i in ("faint", "weak", "moderate", "strong") for c in ("incomplete", "complete")}
    both = {**cluster, **shares, "strong_complete": 9}
    check(status("gastric", both, "biopsy")["her2_status"] == ["positive"], "a biopsy is scored by its cluster")
    check(status("gastric", both, "resection")["her2_status"] == ["negative"], "a resection is scored by its share")
    check(status("endometrial", {"ihc_score": "3+"})["her2_status"] == ["incomplete"], "criteria must be named")
    check(status("endometrial", {**shares, "strong_complete": 31})["her2_status"] == ["positive"], "31 %")
    biliary = status("biliary", {"ihc_score": "2+", "ish_reported": "positive"})
    check(biliary["zanidatamab_label"] == ["no"] and biliary["herizon_cohort"] == ["cohort-1"], biliary)
    code, out, _ = run("status", "-", "--edition", "all", "--format", "jsonl",
                       text=case("colorectal", {"ihc_score": "3+", "ihc_percent": 10}, "resection"))
    check(code == 0 and {json.loads(line)["scheme"]["id"] for line in out.splitlines()} ==
          {"colorectal-heracles", "colorectal-harmonised", "colorectal-triumph"}, "all of colorectal", out[:200])
    uk = status("breast", {"ihc_score": "2+", "probe": "dual", "cells": 60, "her2_total": 180, "cep17_total": 80}, "",
                "--edition", "uk")
    check(uk["her2_status"] == ["undefined"], "group 2 in the UK is not guessed", uk)


def differences(folder):
    table = os.path.join(folder, "rows.csv")
    with open(table, "w", encoding="utf-8") as out:
        out.write("id,ihc_score,probe,cells,her2_total,cep17_total\na,2+,dual,20,60,30\nb,1+,dual,20,60,30\n"
                  "c,3+,dual,20,60,30\nd,0,dual,20,100,60\n")
    where = "probe == dual and ihc_result == negative"
    code, out, error = run("guideline", "diff", "2013", "2018", "--where", where, "--cohort", table, "--format", "json")
    check(code == 0, "diff", error)
    tree = json.loads(out)
    regions = next(f["regions"] for f in tree["facts"] if f["fact"] == "her2_status")
    check(all(r["before"] != r["after"] and r["example"] for r in regions) and regions, regions)
    check(tree["cohort"]["rows"] == 4 and tree["cohort"]["changed"] == 2, tree["cohort"])
    for form in ("text", "md"):
        code, out, error = run("guideline", "diff", "2018", "2023", "--format", form)
        check(code == 0 and "never disagree" in out, form, out[:300], error)
    code, _, error = run("guideline", "diff", "2018", "1999")
    check(code == 2 and "there is no edition" in error, error)
    code, out, _ = run("guideline", "export", "breast-her2-2018", "--format", "dmn")
    root = xml.etree.ElementTree.fromstring(out)
    check(code == 0 and root.tag == "{https://www.omg.org/spec/DMN/20191111/MODEL/}definitions", root.tag)


def agreement(folder):
    table = os.path.join(folder, "readers.csv")
    with open(table, "w", encoding="utf-8") as out:
        out.write("id,anna,ben,cleo,tool\n" + "".join(
            f"{i},{a},{b},{c},{t}\n" for i, (a, b, c, t) in enumerate(
                [("0", "0", "0", "0"), ("1+", "1+", "0", "1+"), ("2+", "2+", "3+", "1+"), ("3+", "3+", "3+", "3+")])))
    raters = [f"{table}:{name}" for name in ("anna", "ben", "cleo", "tool")]
    code, out, error = run("agree", *raters, "--fact", "ihc_score", "--method", "tool", "--need", "95,5")
    check(code == 0 and "The panel's own agreement" in out and "Boundary 0 / 1+" in out, out[:500], error)
    code, out, _ = run("agree", *raters[:2], "--fact", "ihc_score", "--rule", "validation-2013-approved", "--format",
                       "json")
    check(code == 1 and json.loads(out)["rules"][0]["passed"] is False, "a rule fails with exit code 1", code)
    for arguments, word in ((raters[:1], "two raters"), ([table + ":x", raters[0]], "no column 'x'"),
                            ([*raters[:2], "--rule", "x"], "no such rule"), ([*raters[:2], "--need", "5"], "SHARE,HALF")):
        code, out, error = run("agree", *arguments)
        check(code == 2 and word in error and error.count("\n") == 1 and not out, arguments, error)


def main():
    tumours()
    with tempfile.TemporaryDirectory() as folder:
        differences(folder)
        agreement(folder)
    print(failed, "faults")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
