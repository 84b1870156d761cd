#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The cells of a slide as GeoParquet 1.1, for DuckDB, GeoPandas, R's sfarrow or QGIS.

    scripts/cells_to_geoparquet.py result/cells.geojson.gz cells.parquet

Takes what her2 ihc, ish and cells write (plain or gzipped): a row a cell, its outline as `geometry` (the primary
column) and its nucleus as `nucleus` where there is one, each measurement a column of numbers, class and metadata as
text. Coordinates are pixels of the slide at full size, y downwards; there is no CRS. The file is whole or not there.
Needs GeoPandas and pyarrow: pip install geopandas pyarrow. her2 writes no Parquet itself: docs/cell-table.md says why."""
import argparse
import gzip
import json
import os
import sys
import tempfile


def table_of(features):
    """Columns as lists, in the order in which they first appear. None where a cell has no such value."""
    from shapely.geometry import shape

    columns = {"id": [], "object": [], "class": [], "geometry": [], "nucleus": []}
    for row, feature in enumerate(features):
        properties = feature["properties"]
        nucleus = feature.get("nucleusGeometry")
        cells = {"id": feature["id"], "object": properties.get("objectType"),
                 "class": ": ".join(properties.get("classification", {}).get("names", [])) or None,
                 "geometry": shape(feature["geometry"]), "nucleus": shape(nucleus) if nucleus else None}
        for key, value in properties.get("metadata", {}).items():
            cells[key] = str(value)
        for key, value in properties.get("measurements", {}).items():
            cells[key] = float(value)
        for name, value in cells.items():
            columns.setdefault(name, [None] * row).append(value)
        for values in columns.values():
            if len(values) == row:
                values.append(None)
    if not any(columns["nucleus"]):
        del columns["nucleus"]
    return columns


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("cells", help="cells.geojson or cells.geojson.gz")
    parser.add_argument("out", help="the GeoParquet file to write")
    arguments = parser.parse_args()
    try:
        import geopandas
        import pyarrow  # noqa: F401  (what GeoPandas writes Parquet with)
    except ImportError as missing:
        sys.exit(f"cells_to_geoparquet: {missing}; pip install geopandas pyarrow")
    try:
        opener = gzip.open if arguments.cells.endswith(".gz") else open
        with opener(arguments.cells, "rt", encoding="utf-8") as file:
            features = json.load(file)["features"]
        columns = table_of(features)
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        sys.exit(f"cells_to_geoparquet: {arguments.cells}: is no GeoJSON of cells that her2 wrote ({wrong!r})")
    frame = geopandas.GeoDataFrame(columns, geometry="geometry")
    if "nucleus" in frame:
        frame["nucleus"] = geopandas.GeoSeries(frame["nucleus"])
    folder = os.path.dirname(os.path.abspath(arguments.out))
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".geoparquet-") as work:
            part = os.path.join(work, "part.parquet")
            frame.to_parquet(part, index=False, compression="zstd", schema_version="1.1.0", write_covering_bbox=True)
            os.replace(part, arguments.out)
    except OSError as wrong:
        sys.exit(f"cells_to_geoparquet: {arguments.out}: cannot be written: {wrong}")
    print(f"{arguments.out}: {len(frame)} cells, {len(frame.columns)} columns")


main()
