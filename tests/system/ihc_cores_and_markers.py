#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""her2 ihc beyond the HER2 slide: Ki-67 of a field with every nucleus marked, microarrays by core, on-slide controls, what
`her2 status` makes of the evidence, several slides in one run, and a disk that is full."""
import csv
import gzip
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile

from _imaging import need_imaging

need_imaging()

HER2 = os.environ["HER2"]
SOURCE = pathlib.Path(os.environ["HER2_SOURCE"])
DATA = pathlib.Path(os.environ.get("HER2_TEST_DATA", "../shared/data"))
faults = []


def run(*arguments, expect=0, **more):
    done = subprocess.run([HER2, *map(str, arguments)], capture_output=True, text=True, **more)
    if done.returncode != expect:
        sys.exit(f"her2 {' '.join(map(str, arguments))}: exit code {done.returncode}, not {expect}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def check(holds, what):
    if not holds:
        faults.append(what)


def result(folder):
    out = json.loads((folder / "result.json").read_text())
    del out["timing"]
    return out


def schema_faults(folder):
    try:
        import jsonschema
    except ImportError:
        return
    schema = json.loads((SOURCE / "schemas/ihc.schema.json").read_text())
    for error in jsonschema.Draft7Validator(schema).iter_errors(json.loads((folder / "result.json").read_text())):
        faults.append(f"{folder.name}/result.json: {error.message[:200]}")


def ki67(folder):
    field = DATA / "ihc/ki67_kinet/pan.png"
    if not field.exists():
        print("no real data: Ki-67 is not checked")
        return
    first, again, edited = folder / "first", folder / "again", folder / "edited"
    text = run("ihc", field, "--mpp", 0.5, "--marker", "ki67", "--out", first)
    out = result(first)
    schema_faults(first)
    index = out["nuclear"]["percent"]
    check(abs(index["value"] - 7.87) < 2, f"Ki-67 index {index['value']}, marked are 7.87 %")
    check(index["low"] < 7.87 < index["high"], f"7.87 % is not within {index}")
    check(out["marker"] == "Ki-67" and "Ki-67" in text, "the marker is not named")
    check(out["nuclear"]["allred"] is None and out["second_opinion"] is None, "Ki-67 has neither Allred score nor connectivity")
    check(out["editions"][0]["answer"] == "intermediate", f"{out['editions'][0]['answer']} of a Ki-67 index of 7")
    status = run("status", first / "case.json")
    check("Ki-67 class" in status and "intermediate" in status, "her2 status does not read the Ki-67 evidence")
    # The same from the table, and with a correction made in QuPath: a negative nucleus is said to be strong.
    run("ihc", "--from", first / "cells.h5ad", "--out", again)
    for part in ("shares", "nuclear", "h_score", "headline"):
        check(result(again)[part] == out[part], f"the table gives another {part} than the pixels")
    cells = json.loads(gzip.decompress((first / "cells.geojson.gz").read_bytes()))
    negative = next(c for c in cells["features"] if c["properties"]["classification"]["names"] == ["Tumor", "Negative"])
    negative["properties"]["classification"]["names"] = ["Tumor", "3+"]
    (folder / "changed.geojson").write_text(json.dumps(cells))
    run("ihc", "--from", first / "cells.h5ad", "--edits", folder / "changed.geojson", "--out", edited)
    count = {s["fact"]: s["cells"] for s in out["shares"]}
    changed = {s["fact"]: s["cells"] for s in result(edited)["shares"]}
    check(changed["strong"] == count["strong"] + 1 and changed["negative"] == count["negative"] - 1,
          f"a correction was not counted: {count}, {changed}")
    said = run("ihc", "--from", first / "cells.h5ad", "--marker", "her2", "--out", folder / "no", expect=2)
    check("measure the slide again" in said, f"a Ki-67 table was scored as HER2: {said}")
    for marker, fact in (("er", "er_percent"), ("pgr", "pgr_percent")):
        run("ihc", "--from", first / "cells.h5ad", "--marker", marker, "--out", folder / marker)
        facts = json.loads((folder / marker / "case.json").read_text())["specimens"][0]["facts"]
        check(fact in facts, f"{marker}: {list(facts)}")
        check(result(folder / marker)["nuclear"]["allred"]["proportion"] == 2, "7 % is Allred proportion 2")


def microarray(folder):
    slide = folder / "tma.tiff"
    run("phantom", "ihc", "--tma", "2x4", "--core", 420, "--slope", 0.05, "--missing", 0.12, "--seed", 6, "--out", slide)
    truth = {}
    for row in csv.DictReader((folder / "tma.cells.csv").open()):
        if row["kind"] == "tumour":
            truth[row["core"]] = truth.get(row["core"], 0) + 1
    out = folder / "cores"
    run("ihc", slide, "--tma", "--out", out)
    schema_faults(out)
    found = {r["name"]: r for r in result(out)["regions"]}
    check(set(found) == set(truth), f"cores {sorted(found)}, true {sorted(truth)}")
    expected = {"1": "3+", "2": "0+", "3": "2+", "4": "1+"}  # by column; 5 % faint cells are 0 with staining
    right = 0
    for name, core in found.items():
        check(0.08 < core["mm2"] < 0.17, f"{name}: {core['mm2']} mm2")
        right += core["score"] == expected[name[1:]]
    cells = sum(core["tumour_cells"] for core in found.values())
    check(abs(cells - sum(truth.values())) < 0.15 * sum(truth.values()), f"{cells} tumour cells of {truth}")
    check(right == len(found), f"{right} of {len(found)} cores have their score: "
          f"{ {n: c['score'] for n, c in found.items()} }")
    rows = list(csv.DictReader((out / "cores.csv").open()))
    check([r["id"] for r in rows] == list(found), "cores.csv has other cores")
    decided = run("status", out / "cores.csv", "--out", folder / "status.tsv")
    check("status" in decided, "her2 status does not read cores.csv")
    answers = {r["id"]: r["ihc_score"] for r in csv.DictReader((folder / "status.tsv").open(), delimiter="\t")}
    check(answers == {n: c["score"] for n, c in found.items()}, f"her2 status says {answers}")
    run("ihc", "--from", out / "cells.h5ad", "--out", folder / "again")
    check(result(folder / "again")["headline"] == result(out)["headline"], "the table gives other cores")


def box(x, y, width, height, name, kind):
    ring = [[x, y], [x + width, y], [x + width, y + height], [x, y + height], [x, y]]
    return {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]},
            "properties": {"objectType": "annotation", "name": name, "classification": {"name": kind}}}


def controls(folder):
    slide = folder / "p.tiff"
    run("phantom", "ihc", "--out", slide, "--width", 2000, "--height", 1200, "--seed", 9, "--score", "3+", "--no-truth")
    regions = folder / "regions.geojson"
    regions.write_text(json.dumps({"type": "FeatureCollection", "features": [
        box(0, 0, 1200, 1200, "tumour", "Tumor"), box(1300, 0, 700, 1200, "strip", "Control")]}))
    built_in = (SOURCE / "profiles/generic-uncalibrated.toml").read_text()
    for low, high, verdict, code in ((200, 300, "ok", 0), (0, 100, "refused", 1)):
        profile = folder / f"{verdict}.toml"
        profile.write_text(built_in + f"\n[control]\nh_score_from = {low}\nh_score_to = {high}\n")
        out, again = folder / verdict, folder / f"{verdict}-again"
        run("ihc", slide, "--regions", regions, "--profile", profile, "--out", out, expect=code)
        run("ihc", "--from", out / "cells.h5ad", "--profile", profile, "--out", again, expect=code)
        for place in (out, again):
            said = next(v for v in result(place)["qc"] if v["id"] == "controls")
            check(said["severity"] == verdict, f"{place.name}: a control of H-score 270 or so with limits {low} to {high}: {said}")
        strip = {r["name"]: r for r in result(again)["regions"]}["strip"]
        check(strip["role"] == "control" and strip["tumour_cells"] > 100, f"the control's cells were not kept: {strip}")
        check(("off" in said["reason"]) == (verdict == "refused"), said["reason"])


def many(folder):
    slide = folder / "p.tiff"
    run("phantom", "ihc", "--out", slide, "--width", 900, "--height", 800, "--seed", 9, "--score", "3+", "--no-truth")
    (folder / "other").mkdir()
    (folder / "other/p.tiff").write_bytes(slide.read_bytes())
    (folder / "no.svs").write_text("no slide")
    said = run("ihc", folder / "no.svs", slide, folder / "other/p.tiff", "--out", folder / "all", expect=2)
    check("2 of 3 slides scored, 0 refused, 1 failed" in said, said[-300:])
    check((folder / "all/p/result.json").exists() and (folder / "all/p.tiff/result.json").exists(),
          "two slides of one name share a folder")
    for arguments, says in ((("--edition", "1999"), "no edition '1999'"), (("--edits", "none.json"), "no such file"),
                            (("--out", slide), "is a file")):
        said = run("ihc", folder / "no.svs", *arguments, expect=2)
        check(says in said and "no.svs" not in said, f"{arguments} is not looked at before the slide: {said}")
    # A disk that is full: no file over 60 kB can be written.
    left = folder / "deep/left"
    said = run("ihc", slide, "--out", left, expect=2,
               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (60000, 60000)))
    check(said.count("\n") == 1 and "left" in said and ".part" not in said, f"out of disk: {said}")
    check(not (folder / "deep").exists(), f"out of disk: left behind {list((folder / 'deep').rglob('*'))}")
    # What was there stays as it was.
    before = (folder / "all/p/result.json").read_bytes()
    run("ihc", slide, "--out", folder / "all/p", "--edition", "2018", expect=2,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (60000, 60000)))
    check((folder / "all/p/result.json").read_bytes() == before, "a failed run changed the last one's result")
    check(not list((folder / "all/p").glob(".part*")), "a failed run left its working folder")


with tempfile.TemporaryDirectory() as name:
    for part in (ki67, microarray, controls, many):
        place = pathlib.Path(name) / part.__name__
        place.mkdir()
        part(place)
for fault in faults:
    print(fault)
print(f"Ki-67, microarray, controls, several slides, full disk: {len(faults)} faults")
sys.exit(1 if faults else 0)
