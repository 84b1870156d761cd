# SPDX-License-Identifier: Apache-2.0
"""Scripts that need slides call need_imaging() first: a program built with HER2_IMAGING=OFF has none."""
import os
import sys


def need_imaging():
    if os.environ.get("HER2_IMAGING") == "OFF":
        print("skipped: built with HER2_IMAGING=OFF, without slides and cells")
        sys.exit(77)
