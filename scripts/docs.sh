#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The public headers and docs/ as HTML under build/docs.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v doxygen >/dev/null || { echo "docs: doxygen not found; run scripts/install-deps.sh --peers." >&2; exit 1; }
mkdir -p build/docs
doxygen - <<'CONFIG'
PROJECT_NAME           = her2
OUTPUT_DIRECTORY       = build/docs
INPUT                  = README.md docs her2
FILE_PATTERNS          = *.h *.md
RECURSIVE              = YES
USE_MDFILE_AS_MAINPAGE = README.md
EXTRACT_ALL            = YES
EXCLUDE_SYMBOLS        = her2::detail
FULL_PATH_NAMES        = YES
STRIP_FROM_PATH        = .
GENERATE_LATEX         = NO
HAVE_DOT               = NO
QUIET                  = YES
WARN_IF_UNDOCUMENTED   = NO
WARNINGS               = NO
CONFIG
echo "docs: build/docs/html/index.html"
