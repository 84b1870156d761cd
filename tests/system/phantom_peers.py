# SPDX-License-Identifier: Apache-2.0
"""Phantom slides open in OpenSlide and tifffile, and their truth is GeoJSON that QuPath would take."""
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import uuid

from _imaging import need_imaging

need_imaging()

HER2 = os.environ["HER2"]


def run(*arguments):
    return subprocess.run([HER2, "phantom", "ihc", *map(str, arguments)], capture_output=True, text=True)


def check_truth(stem):
    features = json.loads(stem.with_suffix(".truth.geojson").read_text())["features"]
    with open(stem.with_suffix(".cells.csv")) as text:
        rows = list(csv.DictReader(text))
    assert len(features) == len(rows) > 100
    assert len({f["id"] for f in features}) == len(features)
    for feature, row in zip(features, rows):
        assert str(uuid.UUID(feature["id"])) == feature["id"] == row["id"]
        assert feature["properties"]["objectType"] in ("cell", "detection")
        assert len(feature["properties"]["classification"]["color"]) == 3
        for name in ("geometry", "nucleusGeometry"):
            if name in feature:
                (ring,) = feature[name]["coordinates"]
                assert len(ring) >= 4 and ring[0] == ring[-1]
    truth = json.loads(stem.with_suffix(".json").read_text())["truth"]
    assert truth["tumour"] == sum(row["kind"] == "tumour" for row in rows)
    return rows


def check_openslide(path):
    import openslide

    slide = openslide.OpenSlide(str(path))
    assert slide.dimensions == (2000, 1500), slide.dimensions
    assert slide.properties["openslide.vendor"] == "aperio"
    assert float(slide.properties["openslide.mpp-x"]) == 0.25
    assert len(slide.level_dimensions) == 4
    for level, size in enumerate(slide.level_dimensions):
        slide.read_region((0, 0), level, size)


def check_tifffile(path):
    import tifffile

    with tifffile.TiffFile(str(path)) as tiff:
        assert [page.shape[:2] for page in tiff.pages] == [(1500, 2000), (750, 1000), (375, 500), (188, 250)]
        assert all(page.is_tiled for page in tiff.pages)


def main():
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "p.tiff"
        done = run("--out", out, "--width", 2000, "--height", 1500, "--score", "2+", "--tissue", 0.9, "--folds", 1)
        assert done.returncode == 0 and "tumour cells" in done.stdout, done.stderr
        assert not done.stderr  # no progress bar where there is no terminal
        check_truth(out)
        for check in (check_openslide, check_tifffile):
            try:
                check(out)
            except ImportError as missing:
                print(f"left out: {missing}")
        before = sorted(os.listdir(folder))
        for wrong, expected in ((("--score", "4+"), "there is no score '4+'"), (("--mix", "pale=1"), "no class 'pale'"),
                                (("--stain", "pink"), "no stain 'pink'"), (("--mpp", 0), "mpp is 0"),
                                (("--width", 0), "width is 0"), (("--quality", 0), "quality 0")):
            done = run("--out", pathlib.Path(folder) / "q.tiff", *wrong)
            assert done.returncode == 2 and expected in done.stderr, (wrong, done.stderr)
            assert sorted(os.listdir(folder)) == before
        done = run("--out", pathlib.Path(folder) / "no" / "q.tiff")
        assert done.returncode == 2 and "cannot be created" in done.stderr, done.stderr
    return 0


if __name__ == "__main__":
    sys.exit(main())
