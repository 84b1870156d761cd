#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tests/broken/inputs.tsv: regions, profiles, corrections, cases and cell tables with one fault each, and what the one
sentence must say that they bring. Cell tables are made here from a sound one; SHA in a correction stands for its slide's."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from _imaging import need_imaging

need_imaging()

HER2 = os.environ["HER2"]
BROKEN = pathlib.Path(os.environ["HER2_SOURCE"]) / "tests/broken"
faults = []


def run(*arguments):
    return subprocess.run([HER2, *map(str, arguments)], capture_output=True, text=True, timeout=120)


def spoil(name, table):
    """The cell table's faults, by name."""
    if name == "cut.h5ad":
        table.write_bytes(table.read_bytes()[:5000])
        return True
    if name == "text.h5ad":
        table.write_text("no table")
        return True
    try:
        import h5py
    except ImportError:
        return False
    with h5py.File(table, "r+") as file:
        her2 = file["uns/her2"]
        if name == "other_format.h5ad":
            del her2["format"]
            her2["format"] = "her2-cells/9"
        elif name == "no_cells_of_ours.h5ad":
            del file["uns/her2"]
        elif name == "changed.h5ad":
            file["layers/exact"][0, 0] += 1
        elif name == "reordered.h5ad":
            places = file["obsm/spatial"]
            places[0], places[1] = places[1], places[0]
        elif name == "fewer.h5ad":
            codes = file["obs/measured_kind/codes"][:-1]
            del file["obs/measured_kind/codes"]
            file["obs/measured_kind/codes"] = codes
        elif name == "other_marker.h5ad":
            del her2["marker"]
            her2["marker"] = "p53"
        else:
            sys.exit(f"inputs.tsv names {name}, which this script cannot make")
    return True


def arguments_for(path, table, sha, folder):
    kind = path.parent.name
    out = ("--out", folder / "out")
    if kind == "regions":
        return ("ihc", folder / "none.svs", "--regions", path, *out)
    if kind == "profiles":
        return ("ihc", folder / "none.svs", "--profile", path, *out)
    if kind == "edits":
        here = folder / path.name
        here.write_text(path.read_text().replace("SHA", sha))
        return ("ihc", "--from", table, "--edits", here, *out)
    if kind == "tables":
        return ("ihc", "--from", path, *out)
    return ("status", path)


def main():
    lines = [line.rstrip("\n").split("\t") for line in (BROKEN / "inputs.tsv").open(encoding="utf-8")][1:]
    named = {pathlib.PurePath(name) for name, _ in lines}
    for path in sorted(BROKEN.glob("*/*")):
        inner = path.relative_to(BROKEN)
        if inner.parts[0] != "slides" and inner not in named:
            faults.append(f"{inner} is not in inputs.tsv")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        slide, sound = folder / "p.tiff", folder / "sound"
        run("phantom", "ihc", "--out", slide, "--width", 500, "--height", 500, "--seed", 2, "--no-truth")
        done = run("ihc", slide, "--out", sound)
        if not (sound / "cells.h5ad").exists():
            sys.exit(done.stderr)
        sha = json.loads((sound / "result.json").read_text())["slide"]["sha256"]
        (folder / "tables").mkdir()
        for name, says in lines:
            path = BROKEN / name
            if name.startswith("tables/"):
                path = folder / name
                shutil.copy(sound / "cells.h5ad", path)
                if not spoil(path.name, path):
                    print(f"python3-h5py is not installed: {name} is not checked")
                    continue
            done = run(*arguments_for(path, sound / "cells.h5ad", sha, folder))
            if done.returncode != 2 or done.stderr.count("\n") != 1 or says not in done.stderr or done.stdout:
                faults.append(f"{name}: expected '{says}', got exit code {done.returncode}: {done.stderr}{done.stdout}")
            if (folder / "out").exists():
                faults.append(f"{name}: something was written")
                shutil.rmtree(folder / "out")
    for fault in faults:
        print(fault)
    print(f"{len(lines)} broken files, {len(faults)} faults")
    sys.exit(1 if faults else 0)


main()
