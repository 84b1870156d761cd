#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What her2 agree writes as JSON keeps to schemas/agreement.schema.json. Skipped where python3-jsonschema is absent."""
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

HER2, SOURCE = os.environ["HER2"], os.environ["HER2_SOURCE"]
with open(os.path.join(SOURCE, "schemas", "agreement.schema.json"), encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
failed = 0

with tempfile.TemporaryDirectory() as folder:
    table = os.path.join(folder, "readers.csv")
    with open(table, "w", encoding="utf-8") as file:
        file.write("id,a,b,c,x,y,same\n1,0,0,1+,10,11,0\n2,1+,1+,1+,20,19,0\n3,2+,2+,3+,30,33,0\n4,3+,3+,3+,40,40,0\n"
                   "5,0,1+,0,50,48,0\n6,,2+,2+,60,61,0\n")
    runs = (["a", "b", "c", "--fact", "ihc_score", "--need", "95,5", "--rule", "validation-2007"],
            ["a", "b", "c", "--fact", "ihc_score", "--method", "c"],
            ["a", "b", "--rule", "proficiency", "--events", "2"],
            ["same", "same"], ["x", "y", "--numbers"], ["x", "y", "--ratio"])
    for run in runs:
        columns = [f"{table}:{c}" for c in run if (len(c) == 1 and c.isalpha()) or c == "same"]
        rest = [c for c in run if not (len(c) == 1 and c.isalpha()) and c != "same"]
        if "--method" in rest:
            rest = ["--fact", "ihc_score", "--method", "c"]
            columns = columns[:3]
        done = subprocess.run([HER2, "agree", *columns, *rest, "--format", "json"], capture_output=True, text=True,
                              check=False)
        if done.returncode == 2:
            failed += 1
            print(f"{run}: {done.stderr}")
            continue
        document = json.loads(done.stdout)
        for error in validator.iter_errors(document):
            failed += 1
            print(f"{run}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
    for spoil in (lambda d: d.update(extra=1), lambda d: d.pop("panel"), lambda d: d.update(schema="her2-agreement/0")):
        wrong = json.loads(json.dumps(document))
        spoil(wrong)
        if validator.is_valid(wrong):
            failed += 1
            print("a wrong document passed")
print(f"{failed} faults")
sys.exit(1 if failed else 0)
