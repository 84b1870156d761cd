#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Formats our C++ files in place; with --check only names those that differ, and fails if there are any.
set -euo pipefail
cd "$(dirname "$0")/.."
format=${CLANG_FORMAT:-clang-format-14}
command -v "$format" >/dev/null || { echo "format: $format not found; run scripts/install-deps.sh --checks." >&2; exit 1; }
mapfile -d '' files < <(find her2 apps tests fuzz bench '(' -name '*.cpp' -o -name '*.h' ')' -print0 | sort -z)
if [[ ${1:-} != --check ]]; then
  "$format" -i "${files[@]}"
  exit
fi
differ=0
for file in "${files[@]}"; do
  if ! "$format" "$file" | cmp -s - "$file"; then
    echo "$file: not formatted"
    differ=$((differ + 1))
  fi
done
echo "format: ${#files[@]} files, $differ to format (make format)"
((differ == 0))
