#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Draws the pictures of docs/pictures anew, from the bundled cases. Needs Chromium.
set -euo pipefail
cd "$(dirname "$0")/.."
her2=${HER2:-build/dev/apps/her2/her2}
chromium=$(command -v chromium || command -v chromium-browser || true)
if [[ -z $chromium ]]; then
  echo "pictures: Chromium is not installed; install the package chromium." >&2
  exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$her2" status cases/02-group-4-recount.json --format html --out "$work/report.html"
"$chromium" --headless --no-sandbox --disable-gpu --disable-background-networking --disable-sync \
  --disable-component-update --no-first-run --hide-scrollbars --user-data-dir="$work/profile" \
  --window-size=1000,1250 --screenshot=docs/pictures/report.png "file://$work/report.html" 2>/dev/null
echo "docs/pictures/report.png"
