#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A thousand writers killed in the middle of their writes: see _record_crash.py."""
import sys

from _record_crash import crashes

sys.exit(1 if crashes(1000, seed=2) else 0)
