#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Formats our C++ files in place; with --check only names those that differ, and fails if there are any.
set -euo pipefail
cd "$(dirname "$0")/.."
format=${CLANG_FORMAT:-clang-format-14}
command -v "$format" >/dev/null || { echo "format: $format not found; run scripts/install-deps.sh --checks." >&2; exit 1; }
mapfile -d '' files < <(find her2 apps tests fuzz bench -name '*.cpp' -print0 -o -name '*.h' -print0 | sort -z)
if [[ ${1:-} == --check ]]; then
  "$format" --dry-run --Werror "${files[@]}" 2>&1 | sed -n 's/^\([^:]*\):\([0-9]*\):.*error.*/\1:\2: not formatted; run `make format`/p' | sort -u -t: -k1,1 && [[ ${PIPESTATUS[0]} == 0 ]]
  echo "${#files[@]} files are formatted."
else
  "$format" -i "${files[@]}"
fi
