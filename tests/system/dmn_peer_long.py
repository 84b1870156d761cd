#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""dmn_peer.py with more than 100,000 cases."""
import os
import sys

os.environ["HER2_DMN_CASES"] = "3200"
import dmn_peer  # noqa: E402

if __name__ == "__main__":
    sys.exit(dmn_peer.main())
