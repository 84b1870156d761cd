#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fifty writers killed in the middle of their writes: see _record_crash.py. A thousand: record_crash_long.py."""
import sys

from _record_crash import crashes

sys.exit(1 if crashes(50) else 0)
