#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`her2 care --format json` of every bundled case against schemas/care.schema.json, by a validator that is not ours; and
what must hold of each document: the counts are those of the options, an option that is not met names what failed, an open
one what would settle it, every source is explained. Skipped where python3-jsonschema is absent."""
import glob
import json
import os
import subprocess
import sys

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed")
    sys.exit(77)

source, her2 = os.environ["HER2_SOURCE"], os.environ["HER2"]
with open(os.path.join(source, "schemas", "care.schema.json"), encoding="utf-8") as file:
    schema = json.load(file)
with open(os.path.join(source, "schemas", "status.schema.json"), encoding="utf-8") as file:
    status = jsonschema.Draft7Validator(json.load(file))
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
checked, failed, last = 0, 0, None


def fault(name, text):
    global failed
    failed += 1
    print(f"{name}: {text}")


def check(name, document):
    for error in validator.iter_errors(document):
        fault(name, f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
    for error in status.iter_errors(document["status"]):
        fault(name, f"status/{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
    states = [o["state"] for o in document["options"] if o["sense"] != "not-indicated" or o["state"] != "met"]
    for state, count in document["counts"].items():
        if states.count(state.replace("_", " ")) != count:
            fault(name, f"{count} options are said to be {state}, but {states.count(state.replace('_', ' '))} are")
    keys = {s["key"] for s in document["sources"]}
    for option in document["options"]:
        if option["state"] == "not met" and not option["failed"]:
            fault(name, f"{option['id']} is not met and does not say why")
        if option["state"] == "open" and not option["settled_by"]:
            fault(name, f"{option['id']} is open and does not say what would settle it")
        if option["state"] == "met" and any(c["truth"] != "met" for c in option["criteria"]):
            fault(name, f"{option['id']} is met with a criterion that is not")
        if not set(option["cite"]) <= keys:
            fault(name, f"{option['id']} cites what is not explained")
    words = json.dumps([o for o in document["options"]]).lower()
    for never in (" should be given", " we recommend", "give the drug", " must take"):
        if never in words:
            fault(name, f"says '{never}'")


for path in sorted(glob.glob(os.path.join(source, "cases", "*.json"))):
    extra = ["--policy", "highest"] if "primary-and" in path else []
    done = subprocess.run([her2, "care", path, "--format", "json", *extra], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        fault(os.path.basename(path), done.stderr.strip() or "no answer")
        continue
    last = json.loads(done.stdout)
    check(os.path.basename(path), last)
    checked += 1
    again = subprocess.run([her2, "care", path, "--format", "json", *extra], capture_output=True, text=True, check=False)
    if again.stdout != done.stdout:
        fault(os.path.basename(path), "a second run writes something else")

for spoil in (lambda d: d.update(extra=1), lambda d: d.pop("options"), lambda d: d["options"][0].update(state="maybe")):
    wrong = json.loads(json.dumps(last))
    spoil(wrong)
    if validator.is_valid(wrong):
        fault("schema", "a wrong document passed")

print(f"{checked} documents checked, {failed} faults")
sys.exit(1 if failed or checked < 14 else 0)
