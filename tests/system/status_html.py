#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the HTML pages that the report tests write (_html_page.py)."""
import glob
import os
import subprocess
import sys
import tempfile

from _html_page import check_colours, check_page, faults

pages = 0
with tempfile.TemporaryDirectory() as folder:
    subprocess.run([os.path.join(os.environ["HER2_BUILD"], "tests", "report_test"), "--gtest_filter=Preview.*"],
                   env={**os.environ, "HER2_PREVIEW": folder}, check=True, stdout=subprocess.DEVNULL)
    for path in sorted(glob.glob(os.path.join(folder, "*.html"))):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        check_page(os.path.basename(path), text)
        pages += 1
        if pages == 1:
            check_colours(text)

for fault in faults[:50]:
    print(fault)
print(f"{pages} pages checked, {len(faults)} faults")
sys.exit(1 if faults or pages < 8 else 0)
