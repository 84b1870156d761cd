#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Validates the machine form of statuses against schemas/status.schema.json: those that the report tests build by hand,
and what the program says of the bundled cases. Skipped where python3-jsonschema is absent."""
import glob
import json
import os
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed")
    sys.exit(77)

source, build = os.environ["HER2_SOURCE"], os.environ["HER2_BUILD"]
with open(os.path.join(source, "schemas", "status.schema.json"), encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
checked, failed = 0, 0


def check(name, text):
    global checked, failed
    document = json.loads(text)
    checked += 1
    for error in validator.iter_errors(document):
        failed += 1
        print(f"{name}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
    return document


last = None
with tempfile.TemporaryDirectory() as folder:
    subprocess.run([os.path.join(build, "tests", "report_test"), "--gtest_filter=Preview.*"],
                   env={**os.environ, "HER2_PREVIEW": folder}, check=True, stdout=subprocess.DEVNULL)
    for path in sorted(glob.glob(os.path.join(folder, "*.json"))):
        with open(path, encoding="utf-8") as file:
            last = check(os.path.basename(path), file.read())

if "HER2" in os.environ and os.path.exists(os.environ["HER2"]):
    for path in sorted(glob.glob(os.path.join(source, "cases", "*.json"))):
        done = subprocess.run([os.environ["HER2"], "status", path, "--format", "json"], capture_output=True, text=True,
                              check=False)
        if done.stdout.strip():
            check(os.path.basename(path), done.stdout)

# The schema must refuse what it should: a key too many, one too few, a wrong word.
for spoil in (lambda d: d.update(extra=1), lambda d: d.pop("research_use"), lambda d: d.update(schema="her2-status/0")):
    wrong = json.loads(json.dumps(last))
    spoil(wrong)
    if validator.is_valid(wrong):
        failed += 1
        print("a wrong document passed")

print(f"{checked} documents checked, {failed} faults")
sys.exit(1 if failed or checked < 8 else 0)
