#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds for release and runs every benchmark; bench/run.py or bench/run.sh, where there is one, prints the comparisons.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset release >/dev/null
cmake --build build/release -j "${JOBS:-$(nproc)}"
echo "Host: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) cores, $(free -g | awk '/^Mem/ {print $2}') GiB"
shopt -s nullglob
for program in build/release/bench/*_bench; do
  echo
  echo "== $(basename "$program")"
  "$program" --benchmark_counters_tabular=true
done
export HER2="$PWD/build/release/apps/her2/her2" HER2_BUILD="$PWD/build/release" HER2_SOURCE="$PWD"
for threads in 1 2; do
  [[ -e build/release/bench/slide_ihc ]] || continue
  echo
  echo "== a slide, $threads thread(s)"
  build/release/bench/slide_ihc --threads "$threads" --folder build/bench
done
python=/usr/bin/python3
[[ -e build/peers/with-duckdb ]] && python=$PWD/build/peers/bin/python
if [[ -e bench/run.py ]]; then "$python" bench/run.py "$@"; fi
if [[ -e bench/run.sh ]]; then bash bench/run.sh "$@"; fi
