#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What scripts/showcase.sh asks of other people's programs, each with one line as its answer.
  showcase.py alter STORE                             changes one recorded fact of a store
  showcase.py fhir < LINES                            what the validators of tests/peers/node said
  showcase.py cells FILE.h5ad                         anndata's reader, by Debian's Python
  showcase.py archive HER2 FOLDER SLIDE PICTURE       the objects to Orthanc and back; the cells that come back drawn on the slide"""
import collections
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request


def fhir():
    errors = resources = 0
    for line in sys.stdin:
        found = json.loads(line)
        resources += found["resources"]
        errors += len(found["errors"])
    if not resources:
        sys.exit("FAILED: the validators said nothing")
    print(f"{resources} resources, {errors} faults found by two validators")
    sys.exit(1 if errors else 0)


def cells(path):
    import anndata

    table = anndata.read_h5ad(path)
    classes = collections.Counter(table.obs["class"][table.obs["kind"] == "tumour"])
    print(f"{table.n_obs} cells x {table.n_vars} measurements; most tumour cells: " +
          ", ".join(f"{name} {count}" for name, count in classes.most_common(3)))


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def draw(annotations, slide, picture):
    import highdicom
    from PIL import Image, ImageDraw

    image = Image.open(slide).convert("RGB")
    scale = 3 if image.width < 800 else 1
    side = min(900 // scale, image.width, image.height)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    image = image.crop((left, top, left + side, top + side)).resize((side * scale, side * scale), Image.LANCZOS)
    pen = ImageDraw.Draw(image)
    colours = {"strong complete": (200, 30, 30), "moderate complete": (230, 120, 0), "weak complete": (200, 170, 0),
               "unstained": (90, 90, 200)}
    for group in annotations.get_annotation_groups():
        colour = colours.get(group.label.replace("tumour, ", ""), (20, 130, 90) if "tumour" in group.label else (120, 120, 120))
        for ring in group.get_graphic_data("2D"):
            points = [((x - left) * scale, (y - top) * scale) for x, y in ring]
            pen.line(points + points[:1], fill=colour, width=2)
    image.save(picture)


def archive(her2, objects, slide, picture):
    import highdicom
    import pydicom

    files = sorted(pathlib.Path(objects).glob("*.dcm"))
    with tempfile.TemporaryDirectory() as name:
        folder, port = pathlib.Path(name), free_port()
        (folder / "orthanc.json").write_text(json.dumps(
            {"StorageDirectory": name, "IndexDirectory": name, "HttpPort": port, "DicomPort": free_port(),
             "AuthenticationEnabled": False, "RemoteAccessAllowed": False, "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
             "Plugins": ["/usr/share/orthanc/plugins/libOrthancDicomWeb.so"]}))
        with open(folder / "log", "w") as log:
            server = subprocess.Popen(["Orthanc", str(folder / "orthanc.json")], stdout=log, stderr=log)
        try:
            ask = lambda path: urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60).read()
            for _ in range(300):
                try:
                    ask("/system")
                    break
                except OSError:
                    time.sleep(0.1)
            subprocess.run([her2, "send", objects, "--stow", f"http://127.0.0.1:{port}/dicom-web"], check=True, capture_output=True)
            back = {}
            for one in json.loads(ask("/instances")):
                (folder / "back.dcm").write_bytes(ask(f"/instances/{one}/file"))
                data = pydicom.dcmread(folder / "back.dcm")
                back[data.SOPInstanceUID] = data
                if data.Modality == "ANN":
                    draw(highdicom.ann.annread(folder / "back.dcm"), slide, picture)
            equal = all(back.get(wanted.SOPInstanceUID) == wanted for wanted in map(pydicom.dcmread, files))
        finally:
            server.terminate()
            server.wait(30)
    if not equal:
        sys.exit("what came back is not equal")
    print(f"{len(files)} objects in, equal out; the cells that came back: {os.path.relpath(picture)}")


def alter(store):
    """One recorded value becomes another, past the triggers, as somebody with the file in his hands could do it."""
    import sqlite3

    with sqlite3.connect(store) as file:
        triggers = file.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'fact'").fetchall()
        for name, _ in triggers:
            file.execute(f'DROP TRIGGER "{name}"')
        file.execute("UPDATE fact SET value = value || '0' WHERE id = 1")
        for _, sql in triggers:
            file.execute(sql)


{"alter": alter, "fhir": fhir, "cells": cells, "archive": archive}[sys.argv[1]](*sys.argv[2:])
