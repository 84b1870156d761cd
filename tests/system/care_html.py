#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The care page of every bundled case: well-formed, nothing fetched, no script; every filter hides what it should (its
rule names the class of what it keeps), every option is there once with its state, what is cited is explained."""
import glob
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import _html_page  # noqa: E402

HER2, SOURCE = os.environ["HER2"], os.environ["HER2_SOURCE"]
faults = _html_page.faults
pages = 0
for path in sorted(glob.glob(os.path.join(SOURCE, "cases", "*.json"))):
    name = os.path.basename(path)
    extra = ["--policy", "highest"] if "primary-and" in path else []
    done = subprocess.run([HER2, "care", path, "--format", "html", *extra], capture_output=True, text=True, check=False)
    if done.returncode:
        faults.append(f"{name}: {done.stderr.strip()}")
        continue
    text = done.stdout
    pages += 1
    _html_page.check_page(name, text)
    options = re.findall(r'<details class="o s-(met|open|no) k-([a-z0-9]+)( ni)?">', text)
    if len(options) < 83:
        faults.append(f"{name}: {len(options)} options")
    for state in ("met", "open", "no"):
        if f"#s-{state}:checked ~ .list .o:not(.s-{state})" not in text:
            faults.append(f"{name}: no filter for {state}")
    for kind in {kind for _, kind, _ in options}:
        if f"#k-{kind}:checked ~ .list .o:not(.k-{kind})" not in text or f'id="k-{kind}"' not in text:
            faults.append(f"{name}: no filter for {kind}")
    if "prescribes nothing" not in text:
        faults.append(f"{name}: no line on research use")
_html_page.check_colours(text)
for fault in faults[:20]:
    print(fault)
print(f"{pages} pages, {len(faults)} faults")
sys.exit(1 if faults or pages < 14 else 0)
