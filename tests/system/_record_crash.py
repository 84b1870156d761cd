# SPDX-License-Identifier: Apache-2.0
"""Kills writers of a store in the middle of their writes, again and again: every fact that was acknowledged on standard
output must be there afterwards, and the store must be sound and its chain whole."""
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

HER2 = os.environ["HER2"]
FILES = 400  # more than a writer gets through before it is killed
FRESH = 25  # kills before a new store is begun


def run(*arguments, folder):
    return subprocess.run([HER2, *arguments], cwd=folder, capture_output=True, text=True, timeout=300, check=False)


def write_cases(folder, dice, name, count):
    files = []
    for i in range(count):
        facts = {"ihc_score": dice.choice(["0", "1+", "2+", "3+"]), "er_percent": dice.randrange(101),
                 "cells": 20, "her2_total": dice.randrange(20, 200), "cep17_total": dice.randrange(20, 80)}
        path = os.path.join(folder, f"{name}-{i}.json")
        with open(path, "w", encoding="utf-8") as out:
            json.dump({"schema": "her2-case/1", "id": f"{name}-{i}", "specimens": [{"id": "core", "facts": facts}]}, out)
        files.append((f"{name}-{i}", path, facts))
    return files


def killed_writer(command, folder, dice):
    """The whole lines that it wrote, and whether it came to its end. It is killed a moment after some number of
    acknowledgements, however slow the machine is; every fifth time while it starts and makes the store."""
    writer = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    lines = []
    if dice.randrange(5) == 0:
        time.sleep(dice.uniform(0.0, 0.2))
    else:
        for _ in range(dice.randrange(1, 6)):
            lines.append(writer.stdout.readline())
        time.sleep(dice.choice([0.0, 0.001, 0.005, 0.02]) * dice.random())
    ended = writer.poll() is not None
    writer.send_signal(signal.SIGKILL)
    lines += writer.stdout.readlines()
    writer.wait()
    return [line for line in lines if line.endswith(b"\n")], ended  # a line counts when it is whole


def crashes(kills, seed=1):
    """The number of faults."""
    dice = random.Random(seed)
    faults = 0
    in_the_middle = acknowledged_in_all = 0

    def fault(*words):
        nonlocal faults
        faults += 1
        print("fault:", *words)

    with tempfile.TemporaryDirectory() as folder:
        store, known = "", {}
        cases = write_cases(folder, dice, "case", FILES)
        at = 0
        for kill in range(kills):
            if kill % FRESH == 0:
                store, known, at = os.path.join(folder, f"store-{kill}.her2"), {}, 0
            batch = [cases[(at + i) % FILES] for i in range(60)]
            lines, ended = killed_writer([HER2, "case", "import", "--store", store, "--format", "json",
                                          *[path for _, path, _ in batch]], folder, dice)
            in_the_middle += 0 if ended else 1
            done = [json.loads(line) for line in lines]
            for one in done:
                known[one["case"]] = next(facts for name, _, facts in batch if name == one["case"])
            at += len(done)
            acknowledged_in_all += len(done)
            if not os.path.exists(store):
                if known:
                    fault("kill", kill, "the store is gone")
                continue
            last = ["--head", done[-1]["hash"]] if done else []  # the last acknowledged entry is in the chain
            for command in (["check", store], ["verify", store, *last]):
                checked = run("store", *command, folder=folder)
                if checked.returncode != 0:
                    fault("kill", kill, *command, checked.returncode, checked.stdout[-500:], checked.stderr)
            listed = run("case", "export", "--cohort", "csv", "--store", store, "--out", "cohort.csv", folder=folder)
            if listed.returncode != 0:
                fault("kill", kill, "no cohort", listed.stderr)
                continue
            with open(os.path.join(folder, "cohort.csv"), encoding="utf-8") as table:
                names, *rows = [line.rstrip("\n").split(",") for line in table]
            found = {row[0]: dict(zip(names, row)) for row in rows}
            for name, facts in known.items():
                if name not in found:
                    fault("kill", kill, name, "was acknowledged and is lost")
                elif any(found[name][fact] != str(value) for fact, value in facts.items()):
                    fault("kill", kill, name, "has other facts", found[name])
            for name in found:
                at = max(at, 1 + int(name.split("-")[1]))
    print(f"{kills} writers, {in_the_middle} killed before their end; {acknowledged_in_all} cases acknowledged, "
          f"{faults} faults")
    if acknowledged_in_all < kills or in_the_middle < kills // 2:
        fault("the kills came too early or too late to tell anything")
    return faults


if __name__ == "__main__":
    sys.exit("a part of record_crash.py")
