#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Decides the bundled cases and the bundled cohort, renders a phantom slide, scores it and decides its status, and says
# where the reports lie.
# `make demo` builds first.
set -uo pipefail
cd "$(dirname "$0")/.."
her2=${HER2:-build/dev/apps/her2/her2}
out=build/demo
mkdir -p "$out"
if [[ ! -x $her2 ]]; then
  echo "demo: $her2 is not built; run \`make\` first." >&2
  exit 1
fi

bold=''
plain=''
if [[ -t 1 ]]; then
  bold=$'\033[1m'
  plain=$'\033[0m'
fi
worst=0
# Shows a command as one would type it, runs it, and goes on: a refused case is part of the demonstration.
show() {
  printf '\n%s$ her2 %s%s\n' "$bold" "$*" "$plain"
  "$her2" "$@"
  local code=$?
  if ((code > 1)); then # 0 decided, 1 something refused; more is an error of the demonstration
    echo "demo: exit code $code" >&2
    worst=$code
  fi
}

for case in cases/*.json; do
  "$her2" status "$case" --format html --out "$out/$(basename "$case" .json).html" || ((worst = $? > 1 ? $? : worst))
done
show status cases/02-group-4-recount.json
show guideline explain breast-her2-2023 status/recount-due
show status cases/cohort.csv --out "$out/cohort-status.tsv"

if "$her2" ihc --help >/dev/null 2>&1; then # a program built without HER2_IMAGING has no slides
  show phantom ihc --out "$out/phantom.tiff" --score 2+ --width 4096 --height 4096 --tissue 0.85 --stroma 0.12 --seed 7
  show ihc "$out/phantom.tiff" --out "$out/phantom"
  show status "$out/phantom/case.json"
  "$her2" status "$out/phantom/case.json" --format html --out "$out/phantom/status.html" || ((worst = $? > 1 ? $? : worst))
fi

printf '\n%s\n' "The answer for every bundled case, with pictures: $out/*.html (begin with $out/02-group-4-recount.html)"
printf '%s\n' "One line for every row of the cohort: $out/cohort-status.tsv"
if [[ -f $out/phantom/report.html ]]; then
  printf '%s\n' "The phantom slide, scored cell by cell: $out/phantom/report.html; its whole status: $out/phantom/status.html"
  printf '%s\n' "Its cells, to open on it in QuPath: $out/phantom/cells.geojson.gz"
fi
exit "$worst"
