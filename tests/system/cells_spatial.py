#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cells of a phantom in the programs that work with cells in space: GeoPandas reads cells.geojson and the GeoParquet that
scripts/cells_to_geoparquet.py makes of it, with the same outlines, measurements and classes; DuckDB reads its columns;
scanpy reads cells.h5ad, with each cell where the nucleus of the GeoJSON has its centre; squidpy's graph of spatial
neighbours is the Delaunay triangulation of these places. Runs itself again in the environment that scripts/install-deps.sh --peers makes; skipped without."""
import gzip
import json
import os
import subprocess
import sys
import tempfile
import warnings

from _imaging import need_imaging

need_imaging()
source, her2 = os.environ["HER2_SOURCE"], os.environ["HER2"]
python = os.path.join(source, "build", "peers", "spatial", "bin", "python")
if not os.path.exists(python):
    print("GeoPandas, scanpy and squidpy are not installed: scripts/install-deps.sh --peers")
    sys.exit(77)
if os.environ.get("HER2_SPATIAL") != "1":
    environment = {**os.environ, "HER2_SPATIAL": "1", "OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
    sys.exit(subprocess.run([python, os.path.abspath(__file__)], env=environment, check=False).returncode)

warnings.filterwarnings("ignore")
import geopandas  # noqa: E402
import numpy  # noqa: E402
import scipy.spatial  # noqa: E402
import shapely.geometry  # noqa: E402

failed = 0


def check(holds, *words):
    global failed
    if not holds:
        failed += 1
        print("FAILED:", *words)


def run(*arguments, code=0):
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode != code:
        sys.exit(f"{' '.join(arguments)}: {done.returncode}: {done.stderr[-600:]}")
    return done.stdout + done.stderr


def geoparquet(folder, features):
    parquet = os.path.join(folder, "cells.parquet")
    script = os.path.join(source, "scripts", "cells_to_geoparquet.py")
    run(python, script, os.path.join(folder, "ihc", "cells.geojson.gz"), parquet)
    frame = geopandas.read_parquet(parquet)
    check(len(frame) == len(features), "GeoParquet has other cells")
    check(list(frame["id"]) == [f["id"] for f in features], "GeoParquet has other ids")
    check(frame.geometry.is_valid.all() and frame.crs is None, "outlines are not valid, or have a CRS")
    check(set(frame.columns) >= {"nucleus", "class", "her2 kind"}, "columns", list(frame.columns))
    for at in range(0, len(features), 97):
        ring = features[at]["geometry"]["coordinates"][0]
        check([list(p) for p in frame.geometry[at].exterior.coords] == ring, "another outline", features[at]["id"])
        check(all(frame[k][at] == v for k, v in features[at]["properties"]["measurements"].items()), "another measurement")
        nucleus = features[at]["nucleusGeometry"]["coordinates"][0]
        check([list(p) for p in frame["nucleus"][at].exterior.coords] == nucleus, "another nucleus")
    import pyarrow.parquet

    said = json.loads(pyarrow.parquet.read_schema(parquet).metadata[b"geo"])
    check(said["version"] == "1.1.0" and said["primary_column"] == "geometry" and said["columns"]["geometry"]["crs"] is None,
          "its metadata", said)
    left, top, right, bottom = frame.geometry[0].bounds
    check(0 in set(geopandas.read_parquet(parquet, bbox=(left, top, right, bottom))["id"].index), "no box to ask by")
    broken = os.path.join(folder, "broken.geojson")
    with open(broken, "w", encoding="utf-8") as file:
        file.write('{"features": [{}]}')
    says = run(python, script, broken, os.path.join(folder, "none.parquet"), code=1)
    check("is no GeoJSON of cells" in says and not os.path.exists(os.path.join(folder, "none.parquet")), says)
    check(not [name for name in os.listdir(folder) if name.startswith(".geoparquet")], "something is left behind")


def spatial(folder, features):
    import scanpy
    import squidpy

    cells = scanpy.read_h5ad(os.path.join(folder, "ihc", "cells.h5ad"))
    check(list(cells.obs_names) == [f["id"] for f in features], "scanpy reads other cells")
    places = numpy.asarray(cells.obsm["spatial"], dtype=float)
    centres = [shapely.geometry.shape(f["nucleusGeometry"]).centroid for f in features]
    away = numpy.hypot(places[:, 0] - [c.x for c in centres], places[:, 1] - [c.y for c in centres])
    check(numpy.quantile(away, 0.99) < 1, "cells.h5ad has cells in other places:", numpy.quantile(away, 0.99), "pixels away")
    squidpy.gr.spatial_neighbors(cells, coord_type="generic", delaunay=True)
    graph = cells.obsp["spatial_connectivities"].tocoo()
    theirs = {(int(i), int(j)) for i, j in zip(graph.row, graph.col) if i < j}
    ours = set()
    for triangle in scipy.spatial.Delaunay(places).simplices:
        a, b, c = sorted(int(v) for v in triangle)
        ours |= {(a, b), (b, c), (a, c)}
    check(len(ours) > 2 * len(features), "a graph of", len(ours), "edges")
    check(len(theirs ^ ours) <= len(ours) // 1000, "squidpy's graph differs in", len(theirs ^ ours), "of", len(ours), "edges")
    cells.obs["class"] = cells.obs["class"].astype("category")
    squidpy.gr.nhood_enrichment(cells, cluster_key="class", n_perms=10, seed=1, show_progress_bar=False)
    check("class_nhood_enrichment" in cells.uns, "no enrichment of neighbours by class")
    return len(ours)


with tempfile.TemporaryDirectory() as folder:
    slide = os.path.join(folder, "slide.tiff")
    run(her2, "phantom", "ihc", "--out", slide, "--score", "2+", "--width", "1536", "--height", "1536", "--seed", "7")
    done = subprocess.run([her2, "ihc", slide, "--out", os.path.join(folder, "ihc")], capture_output=True, check=False)
    check(done.returncode in (0, 1), "her2 ihc", done.stderr)
    with gzip.open(os.path.join(folder, "ihc", "cells.geojson.gz"), "rt", encoding="utf-8") as file:
        text = file.read()
    features = json.loads(text)["features"]
    plain = os.path.join(folder, "cells.geojson")
    with open(plain, "w", encoding="utf-8") as file:
        file.write(text)
    frame = geopandas.read_file(plain)
    check(len(frame) == len(features) and frame.geometry.is_valid.all(), "GeoPandas reads other cells, or outlines cross")
    geoparquet(folder, features)
    edges = spatial(folder, features)
print(f"{len(features)} cells, {edges} pairs of neighbours, {failed} faults")
sys.exit(1 if failed else 0)
