#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cell tables as other programs read them: anndata reads cells.h5ad, shapely finds every outline of cells.geojson.gz
valid, and both say the same as cells.csv."""
import csv
import gzip
import json
import os
import subprocess
import sys
import tempfile
import warnings

from _imaging import need_imaging

need_imaging()

warnings.filterwarnings("ignore")
program = os.path.join(os.environ["HER2_BUILD"], "tests", "cellfile_test")
if not os.path.exists(program):
    print("the imaging rooms are not built")
    sys.exit(77)
try:
    import anndata
    import numpy
    import shapely.geometry
except ImportError as missing:
    print(f"{missing}: install python3-anndata and python3-shapely")
    sys.exit(77)

QUPATH_CLASSES = {"Negative", "1+", "2+", "3+"}


def check(holds, what):
    if not holds:
        print("FAILED:", what)
        sys.exit(1)


with tempfile.TemporaryDirectory() as folder:
    subprocess.run([program, "--gtest_filter=CellfilePreview.*"], check=True, stdout=subprocess.DEVNULL,
                   env={**os.environ, "HER2_PREVIEW": folder})
    table = anndata.read_h5ad(f"{folder}/cells.h5ad")
    with gzip.open(f"{folder}/cells.geojson.gz", "rt", encoding="utf-8") as file:
        features = json.load(file)["features"]
    with open(f"{folder}/cells.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

check(table.shape[0] == len(features) == len(rows) == 2000, "each file has every cell")
check(list(table.obs_names) == [f["id"] for f in features] == [r["id"] for r in rows], "the same ids in the same order")
check(list(table.obs["class"]) == [r["class"] for r in rows], "the same classes")
check(list(table.obs["kind"]) == [r["kind"] for r in rows], "the same kinds")
check([("" if r != r else r) for r in table.obs["region"].astype(object)] == [r["region"] for r in rows],
      "the same regions")
for name in table.var_names:
    column = numpy.asarray(table[:, name].X).ravel()
    written = numpy.array([float(r[name]) for r in rows], dtype=numpy.float32)
    check((column == written).all(), f"{name} is the same in h5ad and CSV")
    per_unit = table.var["per_unit"][name]
    exact = numpy.asarray(table[:, name].layers["exact"]).ravel()
    check((numpy.float32(exact) / numpy.float32(per_unit) == column).all(), f"X is layers['exact'] over {per_unit}")
    quoted = numpy.array([f["properties"]["measurements"][table.var["qupath"][name]] for f in features])
    check((quoted.astype(numpy.float32) == column).all(), f"{name} is the same for QuPath")
check((table.obsm["spatial"] == numpy.array([[float(r["x_px"]), float(r["y_px"])] for r in rows])).all(), "places")
check(table.uns["her2"]["outlines"]["points"].shape[1] == 2, "outlines")
check(table.uns["her2"]["slide_name"] == "made up é.svs", "text is UTF-8")

for number, feature in enumerate(features):
    properties = feature["properties"]
    check(properties["objectType"] == "cell" and len(properties["classification"]["color"]) == 3, "QuPath's cell")
    names = properties["classification"]["names"]
    check(names[0] != "Tumor" or names[1] in QUPATH_CLASSES, "QuPath's classes")
    for key in ("geometry", "nucleusGeometry"):
        ring = feature[key]["coordinates"][0]
        check(len(ring) >= 4 and ring[0] == ring[-1], f"ring {number} is closed")
        check(all(round(v, 2) == v for point in ring for v in point), "two decimals")
        check(shapely.geometry.shape(feature[key]).is_valid, f"{key} of feature {number + 1} is valid")
print("2000 cells read back")
