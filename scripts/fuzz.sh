#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# fuzz.sh [SECONDS]: runs every harness for so long (default 60), as many at a time as there are cores. What is found
# new stays under build/fuzz/found/NAME; a crash fails the run and leaves its input there, to go to fuzz/corpus/NAME.
set -euo pipefail
cd "$(dirname "$0")/.."
export seconds=${1:-60}
jobs=${JOBS:-$(nproc)}
mapfile -t harnesses < <(find fuzz -maxdepth 1 -name '*_fuzz.cpp' -printf '%f\n' | sed 's/\.cpp$//' | sort)
if ((${#harnesses[@]} == 0)); then
  echo "fuzz: no harness in fuzz/ yet."
  exit 0
fi
if [[ ! -e build/fuzz/build.ninja ]]; then cmake --preset fuzz >/dev/null; fi
cmake --build build/fuzz -j "$jobs" --target "${harnesses[@]}"
run() {
  local name=${1%_fuzz}
  local found=build/fuzz/found/$name
  mkdir -p "$found/new"
  local corpus=("$found/new")
  [[ -d fuzz/corpus/$name ]] && corpus+=("fuzz/corpus/$name")
  local options=()
  [[ -e fuzz/corpus/$name.dict ]] && options+=("-dict=fuzz/corpus/$name.dict")
  if "build/fuzz/fuzz/$1" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 -max_len=65536 -print_final_stats=1 \
    -artifact_prefix="$found/" "${options[@]}" "${corpus[@]}" >"$found/log" 2>&1; then
    echo "fuzz: $name passed, $(sed -n 's/^stat::number_of_executed_units: *//p' "$found/log") inputs in $seconds s"
  else
    tail -n 40 "$found/log"
    echo "fuzz: $name FAILED; the input is $(ls -t "$found" | grep -E '^(crash|timeout|oom|leak|slow-unit)-' | head -1) in $found"
    return 1
  fi
}
export -f run
printf '%s\0' "${harnesses[@]}" | xargs -0 -n 1 -P "$jobs" bash -c 'run "$1"' _
