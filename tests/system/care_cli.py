#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""her2 care and her2 explain as a person uses them: bad input in one sentence with exit code 2 and nothing written; what
is assumed is said to be assumed; contradictions are named and the rest is answered; nothing is recommended."""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

HER2, SOURCE = os.environ["HER2"], os.environ["HER2_SOURCE"]
faults = []


def run(*arguments):
    return subprocess.run([HER2, *arguments], capture_output=True, text=True, check=False)


def expect(holds, what):
    if not holds:
        faults.append(what)


def refused(sentence, *arguments):
    done = run(*arguments)
    expect(done.returncode == 2, f"{arguments}: exit code {done.returncode}")
    expect(sentence in done.stderr, f"{arguments}: '{done.stderr.strip()}' lacks '{sentence}'")
    expect(done.stdout == "" and done.stderr.count("\n") == 1, f"{arguments}: more than one sentence")


def case(name):
    return glob.glob(os.path.join(SOURCE, "cases", name + "-*.json"))[0]


with tempfile.TemporaryDirectory() as folder:
    gastric = os.path.join(folder, "gastric.json")
    with open(gastric, "w", encoding="utf-8") as file:
        json.dump({"schema": "her2-case/1", "id": "g", "tumour": "gastric", "facts": {"ihc_score": "3+"}}, file)
    out = os.path.join(folder, "out.html")
    refused("nothing.json", "care", "nothing.json")
    refused("options are known for breast only", "care", gastric)
    refused("did you mean grade", "care", case("11"), "--what-if", "grad=3")
    refused("grade", "care", case("11"), "--what-if", "grade=9", "--out", out)
    refused("NAME=VALUE", "care", case("11"), "--what-if", "grade")
    refused("no such edition", "care", case("11"), "--edition", "1999")
    refused("there are no texts in this language", "explain", case("11"), "--lang", "xx", "--out", out)
    expect(not os.path.exists(out), "a refused run wrote a file")
    expect(run("care", case("11"), "--format", "html", "--out", out).returncode == 0 and os.path.exists(out),
           "no page was written")

    # Options from a folder of one's own are used, and proved.
    import shutil
    own = os.path.join(folder, "guidelines")
    shutil.copytree(os.path.join(SOURCE, "guidelines"), own)
    path = os.path.join(own, "options", "bone.toml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace('"bone_metastases"', '"bone_metastases", "not bone_metastases"', 1))
    done = run("guideline", "verify", "options-bone", "--guidelines", own)
    expect(done.returncode == 1 and "bone_met" in done.stdout, "an option that nothing meets passed its proof")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace('"bone_metastases"', '"bone_metastase"', 1))
    refused("did you mean 'bone_metastases'", "care", case("11"), "--guidelines", own)

plain = json.loads(run("care", case("11"), "--format", "json").stdout)
assumed = json.loads(run("care", case("11"), "--what-if", "grade=3", "--format", "json").stdout)
state = {o["id"]: o["state"] for o in plain["options"]}
then = {o["id"]: o["state"] for o in assumed["options"]}
expect(state["abema_adj"] == "not met" and then["abema_adj"] == "met", "grade 3 does not bring the monarchE criteria")
expect(assumed["what_if"] == [{"fact": "grade", "value": "3"}], "the assumption is not told")
expect("is assumed, not recorded" in run("care", case("11"), "--what-if", "grade=3").stdout, "the text hides it")
row = [c for c in plain["changes"] if c["fact"] == "grade" and c["to"] == "3"]
expect(row and "abema_adj" in row[0]["then_met"], "the sensitivity table lacks grade 3")

wrong = json.loads(run("care", case("15"), "--format", "json").stdout)
named = {c["id"] for c in wrong["contradictions"]}
expect({"menopause-against-age", "n-against-nodes", "t-against-size"} <= named, f"named are {named}")
states = {o["id"]: o for o in wrong["options"]}
expect(states["her2_not_indicated"]["state"] == "met", "what does not depend on them is not answered")
expect(states["et_ai"]["state"] == "open" and states["et_ai"]["contradicted"], "a contradicted fact was used")

for path in sorted(glob.glob(os.path.join(SOURCE, "cases", "*.json"))):
    extra = ["--policy", "highest"] if "primary-and" in path else []
    for command in (["care", "--details"], ["explain", "--format", "text"]):
        done = run(command[0], path, *command[1:], *extra)
        expect(done.returncode == 0, f"{path}: {done.stderr.strip()}")
        text = re.sub(r"\s+", " ", done.stdout)
        for never in (r"\bgive (the|a|her|him)\b", r"\bshould (take|receive|be given)\b", r"\bwe recommend\b"):
            expect(not re.search(never, text), f"{path}: {command[0]} says {never}")

for fault in faults[:20]:
    print(fault)
print(f"{len(faults)} faults")
sys.exit(1 if faults else 0)
