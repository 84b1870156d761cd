#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# clang-tidy over our sources, newest change first. TIDY_SECONDS (default: no limit) bounds the time: what was not
# reached is counted and said. Files named on the command line are checked instead of all.
set -euo pipefail
cd "$(dirname "$0")/.."
limit=${TIDY_SECONDS:-86400}
jobs=${JOBS:-$(nproc)}
command -v clang-tidy-14 >/dev/null || { echo "tidy: clang-tidy-14 not found; run scripts/install-deps.sh --checks." >&2; exit 1; }
cmake --preset tidy >/dev/null
ninja -C build/tidy her2/her2_embedded_data.cpp >/dev/null

if (($# > 0)); then
  files=("$@")
else
  # Those not committed, then the last committed first.
  mapfile -t files < <({
    git status --porcelain --untracked-files=all -- her2 apps | cut -c4-
    git log --format= --name-only -- her2 apps
    find her2 apps -name '*.cpp' | sort
  } | grep '\.cpp$' | awk '!seen[$0]++ { if (system("test -e \"" $0 "\"") == 0) print }')
fi

export deadline=$(($(date +%s) + limit))
work=$(mktemp -d)
export work
trap 'rm -rf "$work"' EXIT
check() {
  local out="$work/${1//\//_}"
  if (($(date +%s) >= deadline)); then
    echo "$1" >"$out.left"
  elif ! clang-tidy-14 -p build/tidy --quiet "$1" >"$out.log" 2>"$out.err"; then
    cat "$out.log"
    grep -E "error:" "$out.err" || true
    echo "$1" >"$out.failed"
  fi
}
export -f check
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$jobs" bash -c 'check "$1"' _
left=$(find "$work" -name '*.left' | wc -l)
failed=$(find "$work" -name '*.failed' | wc -l)
echo "clang-tidy: $((${#files[@]} - left)) files checked, $failed with findings, $left not reached in $limit s."
((failed == 0))
