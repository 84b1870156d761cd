#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""her2 ihc as a person uses it: a phantom slide to its files, the same from the cell table, the same bytes for other areas and
threads, and one clear sentence for what cannot be."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from _imaging import need_imaging

need_imaging()

HER2 = os.environ["HER2"]


def run(*arguments, expect=0):
    done = subprocess.run([HER2, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != expect:
        sys.exit(f"her2 {' '.join(map(str, arguments))}: exit code {done.returncode}, not {expect}\n{done.stdout}{done.stderr}")
    return done.stdout if expect == 0 else done.stderr


def result(folder):
    out = json.loads((folder / "result.json").read_text())
    del out["timing"]
    return out


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        slide = folder / "p.tiff"
        run("phantom", "ihc", "--out", slide, "--width", 1100, "--height", 1000, "--seed", 9, "--score", "3+")
        first, second, again = folder / "first", folder / "second", folder / "again"
        text = run("ihc", slide, "--out", first, "--threads", 1)
        if "HER2 IHC" not in text or "research use only" not in text:
            sys.exit(f"the summary says neither score nor purpose:\n{text}")
        for file in ("result.json", "report.html", "cells.h5ad", "cells.geojson.gz", "thumbnail.png", "overlay.png"):
            if not (first / file).stat().st_size:
                sys.exit(f"{file} is empty")
        run("ihc", slide, "--out", second, "--threads", 3, "--area", 400, "--origin", 111)
        if (first / "cells.h5ad").read_bytes() != (second / "cells.h5ad").read_bytes() or result(first) != result(second):
            sys.exit("areas or threads changed the result")
        run("ihc", "--from", first / "cells.h5ad", "--out", again)
        if result(again)["shares"] != result(first)["shares"] or result(again)["headline"] != result(first)["headline"]:
            sys.exit("the cell table gives another score than the pixels")
        # The evidence goes into `her2 status`, with its replicates; of pale slides too, where none leaves staining open.
        pale = folder / "pale.tiff"
        run("phantom", "ihc", "--out", pale, "--width", 1100, "--height", 1000, "--seed", 9, "--score", "2+")
        run("ihc", pale, "--out", folder / "pale")
        for case in (first / "case.json", folder / "pale" / "case.json"):
            if "HER2 status" not in run("status", case):
                sys.exit(f"her2 status does not read {case}")
            if '"present"' not in case.read_text():
                sys.exit(f"{case}: no replicate says whether there is staining; the test shows nothing")

        text_file = folder / "note.svs"
        text_file.write_text("no slide")
        broken = folder / "cut.tiff"
        broken.write_bytes(slide.read_bytes()[:20000])
        for arguments, says in (
                ([text_file], "is no slide or image"),
                ([folder / "none.svs"], "cannot be opened"),
                ([broken], "cut.tiff"),
                ([slide, "--profile", "nolab"], "no profile of this name"),
                ([slide, "--edition", "1999"], "no edition '1999'"),
                ([slide, "--regions", text_file], "note.svs"),
                ([], "no slide was given")):
            left = folder / "left"
            said = run("ihc", *arguments, "--out", left, expect=2)
            if says not in said or said.count("\n") != 1:
                sys.exit(f"{arguments}: expected one sentence with '{says}', got:\n{said}")
            if left.exists():
                sys.exit(f"{arguments}: something was left behind: {sorted(left.iterdir())}")
        # The others of a run are done when one fails.
        both = folder / "both"
        run("ihc", text_file, slide, "--out", both, expect=2)
        if not (both / "p" / "result.json").exists():
            sys.exit("a slide that fails took the next one along")
    print("her2 ihc: files, --from, areas and threads, refusals")


main()
