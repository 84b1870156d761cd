#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Decides the bundled cases and the bundled cohort, and says where the report lies. `make demo` builds first.
set -uo pipefail
cd "$(dirname "$0")/.."
her2=${HER2:-build/dev/apps/her2/her2}
out=build/demo
mkdir -p "$out"
if [[ ! -x $her2 ]]; then
  echo "demo: $her2 is not built; run \`make\` first." >&2
  exit 1
fi

worst=0
# Shows a command as one would type it, runs it, and goes on: a refused case is part of the demonstration.
show() {
  printf '\n\033[1m$ her2 %s\033[0m\n' "$*"
  "$her2" "$@"
  local code=$?
  if ((code > 2)); then # 0 decided, 1 refused, 2 wrong use; more is a crash
    echo "demo: exit code $code" >&2
    worst=$code
  fi
}

shopt -s nullglob
cases=(cases/*.json)
cohort=cases/cohort.csv

for case in "${cases[@]}"; do
  # ---- the command for one case ----
  show status "$case"
done
if [[ -e $cohort ]]; then
  # ---- the command for the cohort ----
  show status "$cohort" --out "$out/status.tsv"
  echo "Report: $out/status.tsv"
fi
if ((${#cases[@]} == 0)) && [[ ! -e $cohort ]]; then
  echo "demo: no cases in cases/ yet."
fi
exit "$worst"
