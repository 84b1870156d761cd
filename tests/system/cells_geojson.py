#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""her2 cells on a phantom of which every nucleus is known: the GeoJSON opens, its nuclei are there, and neither threads
nor the grid of areas change a byte."""

import csv
import gzip
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import uuid

from _imaging import need_imaging

need_imaging()

her2 = os.environ.get("HER2", "build/dev/apps/her2/her2")


def run(*words, code=0):
    done = subprocess.run([her2, *words], capture_output=True, text=True)
    if done.returncode != code:
        sys.exit(f"her2 {' '.join(words)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def centroid(ring):
    area = x = y = 0.0
    for (ax, ay), (bx, by) in zip(ring, ring[1:]):
        wedge = ax * by - bx * ay
        area, x, y = area + wedge, x + (ax + bx) * wedge, y + (ay + by) * wedge
    return x / (3 * area), y / (3 * area)


def f1(found, truth, most_px):
    """One to one, nearest first, by a grid of squares."""
    squares = {}
    for i, (x, y) in enumerate(truth):
        squares.setdefault((int(x // most_px), int(y // most_px)), []).append(i)
    pairs = []
    for j, (x, y) in enumerate(found):
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                for i in squares.get((int(x // most_px) + dx, int(y // most_px) + dy), []):
                    d = (truth[i][0] - x) ** 2 + (truth[i][1] - y) ** 2
                    if d <= most_px**2:
                        pairs.append((d, i, j))
    left, right = set(), set()
    for _, i, j in sorted(pairs):
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
    return 2 * len(left) / (len(found) + len(truth))


with tempfile.TemporaryDirectory() as folder:
    work = pathlib.Path(folder)
    slide = str(work / "p.tiff")
    run("phantom", "ihc", "--out", slide, "--score", "2+", "--width", "2048", "--height", "2048", "--seed", "5",
        "--tissue", "0.8", "--stroma", "0.12")
    out = work / "nuclei.geojson"
    text = run("cells", slide, "--out", str(out), "--threads", "1")
    if "nuclei in" not in text or "membrane" not in text:
        sys.exit(f"no summary:\n{text}")
    features = json.loads(out.read_text())["features"]
    found = []
    for feature in features:
        uuid.UUID(feature["id"])
        ring = feature["geometry"]["coordinates"][0]
        if feature["properties"]["objectType"] != "detection" or ring[0] != ring[-1]:
            sys.exit(f"not a detection with a closed contour: {feature}")
        if not 10 < feature["properties"]["measurements"]["Nucleus: Area µm^2"] < 300:
            sys.exit(f"an odd area: {feature}")
        found.append(centroid(ring))
    with open(work / "p.cells.csv", newline="") as rows:
        truth = [(float(row["x"]), float(row["y"])) for row in csv.DictReader(rows)]
    score = f1(found, truth, 12)
    print(f"{len(found)} nuclei, {len(truth)} in truth, F1 within 3 um {score:.3f}")
    if score < 0.85:  # of a small slide, much of which is border
        sys.exit("too many nuclei missed or made up")
    same = hashlib.sha256(out.read_bytes()).hexdigest()
    packed = work / "again.geojson.gz"
    run("cells", slide, "--out", str(packed), "--threads", "2", "--area", "512", "--origin", "37")
    if hashlib.sha256(gzip.decompress(packed.read_bytes())).hexdigest() != same:
        sys.exit("threads or the grid of areas changed the nuclei")
    if "--mpp" not in run("slide", "thumbnail", slide, str(work / "t.png")) + run(
            "cells", str(work / "t.png"), "--out", str(work / "none.geojson"), code=2):
        sys.exit("a picture without scale is not refused in words")
    if (work / "none.geojson").exists():
        sys.exit("a refused picture leaves a file")
