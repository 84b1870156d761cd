#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks what the report tests write of IHC slides: result.json against its published schema (and each status in it
against its own), report.html as every page (_html_page.py), and its own colours' contrast."""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

from _html_page import check_colours, check_page, contrast, faults

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed")
    sys.exit(77)

source, build = os.environ["HER2_SOURCE"], os.environ["HER2_BUILD"]


def validator(name):
    with open(os.path.join(source, "schemas", name), encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


ihc, status = validator("ihc.schema.json"), validator("status.schema.json")
documents = pages = 0
last = None
with tempfile.TemporaryDirectory() as folder:
    subprocess.run([os.path.join(build, "tests", "report_test"), "--gtest_filter=IhcPreview.*"],
                   env={**os.environ, "HER2_PREVIEW": folder}, check=True, stdout=subprocess.DEVNULL)
    for path in sorted(glob.glob(os.path.join(folder, "*.json"))):
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        documents += 1
        found = list(ihc.iter_errors(document))
        for edition in document["editions"]:
            found += status.iter_errors(edition["status"])
        for error in found:
            faults.append(f"{os.path.basename(path)}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
        if document["editions"]:
            last = document
    for path in sorted(glob.glob(os.path.join(folder, "*.html"))):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        check_page(os.path.basename(path), text)
        pages += 1
        if pages == 1:
            house, own = re.search(r"<style>(.*?)(:root \{ --q0.*?)</style>", text, re.S).groups()
            check_colours(house)
            colours = dict(re.findall(r"--([a-z0-9-]+):(#[0-9a-f]+)", own))
            for ground in ("q0", "q0p", "q1", "q2"):
                if contrast(colours["q-ink"], colours[ground]) < 4.5:
                    faults.append(f"a score's name cannot be read on {ground}")
            if contrast(colours["q3-ink"], colours["q3"]) < 4.5:
                faults.append("3+ cannot be read")

# The schema must refuse what it should: a key too many, one too few, a wrong word.
for spoil in (lambda d: d.update(extra=1), lambda d: d.pop("research_use"), lambda d: d.update(schema="her2-ihc/0"),
              lambda d: d["qc"][0].update(severity="bad"), lambda d: d["shares"][0]["percent"].pop("low")):
    wrong = json.loads(json.dumps(last))
    spoil(wrong)
    if ihc.is_valid(wrong):
        faults.append("a wrong document passed")

for fault in faults[:50]:
    print(fault)
print(f"{documents} documents and {pages} pages checked, {len(faults)} faults")
sys.exit(1 if faults or documents < 3 or pages < 3 else 0)
