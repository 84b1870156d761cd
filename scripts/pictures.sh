#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Draws the pictures of docs/pictures anew, from the bundled cases and from a phantom slide. Needs Chromium and poppler-utils.
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
# shot PAGE WIDTH,HEIGHT PICTURE
shot() {
  "$chromium" --headless --no-sandbox --disable-gpu --disable-background-networking --disable-sync \
    --disable-component-update --no-first-run --hide-scrollbars --user-data-dir="$work/profile" \
    --window-size="$2" --screenshot="$3" "file://$1" 2>/dev/null
  echo "$3"
}

"$her2" status cases/02-group-4-recount.json --format html --out "$work/report.html"
shot "$work/report.html" 1000,1250 docs/pictures/report.png
"$her2" status cases/02-group-4-recount.json --format pdf --signed-by "A. Pathologist" --at 2026-11-23T10:00:00Z \
  --out "$work/report.pdf"
pdftoppm -r 80 -f 1 -singlefile -png "$work/report.pdf" docs/pictures/report-pdf
echo docs/pictures/report-pdf.png
"$her2" phantom ihc --out "$work/phantom.tiff" --score 2+ --width 4096 --height 4096 --tissue 0.85 --stroma 0.12 \
  --seed 7
"$her2" ihc "$work/phantom.tiff" --out "$work/ihc"
shot "$work/ihc/report.html" 1100,1600 docs/pictures/ihc-report.png
table=${HER2_TEST_DATA:-../shared/data}/tables/metabric/brca_metabric_clinical_data.tsv
if [[ -e $table ]]; then
  python3 scripts/metabric_calibration.py "$her2" "$table" --svg docs/pictures/predict-metabric.svg >/dev/null
  echo docs/pictures/predict-metabric.svg
fi

"$her2" ish --counts cases/ish/borderline.csv --ihc 2+ --out "$work/ish"
shot "$work/ish/report.html" 1100,1250 docs/pictures/ish-report.png
"$her2" phantom ish --out "$work/fields" --nuclei 40 --copies 4.3 --ratio 2.1 --amplified 0.15 --width 1200 --height 900
"$her2" ish "$work/fields/field-001.png" --mpp 0.07 --out "$work/ish-fields" >/dev/null || true  # one area: indeterminate
cp "$work/ish-fields/nuclei-1.png" docs/pictures/ish-nuclei.png
echo docs/pictures/ish-nuclei.png
