#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The DICOM objects of a scored DICOM slide, as others read them: dciodvfy and dcentvfy find no fault, highdicom reads the
same outlines, measurements, shares and score as stand in cells.h5ad's twin (CSV-like GeoJSON) and result.json, study and
patient are the slide's, and a pseudonym leaves none of them. Skipped without dicom3tools or highdicom."""
import gzip
import json
import pathlib
import subprocess
import sys
import tempfile

from _dicom_peers import a_pdf, complaints, need, run, scored_slide

need("dciodvfy", "dcentvfy")

import highdicom as hd
import numpy as np
import pydicom

failed = 0
# dciodvfy 20220618 asks within each group for a coordinate type that stands outside of it, and so says this of every 2D
# object, one that highdicom wrote too (checked below).
KNOWN = "/CommonZCoordinateValue(006a,0010)> - Only valid for AnnotationCoordinateType of 3D"


def check(holds, what):
    global failed
    if not holds:
        failed += 1
        print("FAILED:", what)


def theirs(slide, path):
    """An object with one polygon by highdicom: what dciodvfy says of it is what it says of all."""
    code = hd.sr.CodedConcept("CELL", "99HER2", "Cell")
    family = hd.AlgorithmIdentificationSequence(name="none", family=code, version="1")
    group = hd.ann.AnnotationGroup(number=1, uid=hd.UID(), label="one", annotated_property_category=code,
                                   annotated_property_type=code, graphic_type="POLYGON",
                                   graphic_data=[np.array([[1, 1], [9, 1], [9, 9]], np.float32)],
                                   algorithm_type="AUTOMATIC", algorithm_identification=family)
    hd.ann.MicroscopyBulkSimpleAnnotations(
        source_images=[slide], annotation_coordinate_type="2D", annotation_groups=[group], series_instance_uid=hd.UID(),
        series_number=1, sop_instance_uid=hd.UID(), instance_number=1, manufacturer="none", manufacturer_model_name="none",
        software_versions="1", device_serial_number="1", pixel_origin_interpretation="VOLUME").save_as(path)
    return complaints(path)


def ring_area(points):
    x, y = points[:, 0].astype(float), points[:, 1].astype(float)
    return abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def cells_as_read(objects, result, drawn):
    """Annotations against QuPath's GeoJSON of the same result, which another writer made."""
    with gzip.open(result / "cells.geojson.gz") as file:
        features = json.load(file)["features"]
    wanted = {}
    for feature in features:
        meta = feature["properties"]["metadata"]
        kind = meta["her2 kind"]
        label = f"tumour, {meta['her2 class'].replace('_', ' ')}" if kind == "tumour" else kind
        part = "nucleusGeometry" if drawn == "nuclei" else "geometry"
        ring = np.array(feature[part]["coordinates"][0][:-1])
        wanted.setdefault(label, []).append((ring, feature["properties"]["measurements"]))
    read = hd.ann.annread(objects / "annotations.dcm")
    groups = {group.label: group for group in read.get_annotation_groups()}
    check(set(groups) == set(wanted), f"groups {sorted(groups)} and classes {sorted(wanted)}")
    compared = 0
    for label, cells in wanted.items():
        graphics = groups[label].get_graphic_data("2D")
        names, values, _ = groups[label].get_measurements()
        check(len(graphics) == len(cells), f"{label}: {len(graphics)} of {len(cells)} cells")
        columns = {name.meaning: i for i, name in enumerate(names)}
        for points, row, (ring, measured) in zip(graphics, values, cells):
            near = points.shape == ring.shape and np.abs(points - ring).max() <= 0.0051  # GeoJSON has two decimals
            same_hull = drawn != "cells" or abs(ring_area(points) - ring_area(ring)) <= 0.02 * ring_area(ring) + 1
            check(near or same_hull, f"{label}: another outline: {points[:3]} {ring[:3]}")
            compared += near
            for name, value in measured.items():
                check(abs(row[columns[name]] - value) <= 1e-5 * max(1, abs(value)), f"{label}: {name} {row[columns[name]]} {value}")
    check(compared >= 0.95 * len(features), f"only {compared} of {len(features)} outlines are equal")
    return len(features)


def annotations_in(objects, folder, slide):
    """Ours come in as they went out; an object of highdicom's with every graphic type, too."""
    run("import", objects / "annotations.dcm", "--out", folder / "in.geojson")
    features = json.loads((folder / "in.geojson").read_text())["features"]
    read = hd.ann.annread(objects / "annotations.dcm")
    rings = [(group.label, ring, row) for group in read.get_annotation_groups()
             for ring, row in zip(group.get_graphic_data("2D"), group.get_measurements()[1])]
    check(len(features) == len(rings), f"{len(features)} of {len(rings)} annotations came in")
    for feature, (label, ring, row) in zip(features, rings):
        back = np.array(feature["geometry"]["coordinates"][0][:-1])
        check(back.shape == ring.shape and np.abs(back - ring).max() <= 0.0051, f"{label}: another ring came in")
        check(feature["properties"]["classification"]["name"] == label, f"{label}: another class")
        check(abs(feature["properties"]["measurements"]["Cell: Area µm^2"] - row[5]) < 1e-3, f"{label}: another area")
    code = hd.sr.CodedConcept("REGION", "99HER2", "Region")
    family = hd.AlgorithmIdentificationSequence(name="none", family=code, version="1")
    shapes = [("POINT", [[[3.5, 4.25]], [[5, 6]]]), ("POLYLINE", [[[1, 1], [9, 1]], [[2, 2], [3, 3], [4, 9]]]),
              ("RECTANGLE", [[[1, 1], [9, 1], [9, 9], [1, 9]]]), ("ELLIPSE", [[[1, 5], [9, 5], [5, 2], [5, 8]]]),
              ("POLYGON", [[[1, 1], [9, 1], [9, 9]], [[20, 20], [30, 20], [25, 28], [20, 26]]])]
    groups = [hd.ann.AnnotationGroup(number=i + 1, uid=hd.UID(), label=kind.lower(), annotated_property_category=code,
                                     annotated_property_type=code, graphic_type=kind,
                                     graphic_data=[np.array(one, np.float64 if i % 2 else np.float32) for one in data],
                                     algorithm_type="AUTOMATIC", algorithm_identification=family)
              for i, (kind, data) in enumerate(shapes)]
    hd.ann.MicroscopyBulkSimpleAnnotations(
        source_images=[slide], annotation_coordinate_type="2D", annotation_groups=groups, series_instance_uid=hd.UID(),
        series_number=1, sop_instance_uid=hd.UID(), instance_number=1, manufacturer="none", manufacturer_model_name="none",
        software_versions="1", device_serial_number="1", pixel_origin_interpretation="VOLUME").save_as(folder / "shapes.dcm")
    run("import", folder / "shapes.dcm", "--out", folder / "shapes.geojson")
    kinds = [f["geometry"]["type"] for f in json.loads((folder / "shapes.geojson").read_text())["features"]]
    check(kinds == ["Point"] * 2 + ["LineString"] * 2 + ["Polygon"] * 3, f"shapes came in as {kinds}")
    data = pydicom.dcmread(folder / "shapes.dcm")
    data.AnnotationGroupSequence[1].LongPrimitivePointIndexList = np.array([1, 900], np.uint32).tobytes()
    data.save_as(folder / "wrong.dcm")
    error = run("import", folder / "wrong.dcm", "--out", folder / "wrong.geojson", expect=2)
    check("annotation group 2" in error and "begins where none can" in error and not (folder / "wrong.geojson").exists(), error)
    data.AnnotationCoordinateType = "3D"
    data.save_as(folder / "wrong.dcm")
    check("millimetres" in run("import", folder / "wrong.dcm", "--out", folder / "wrong.geojson", expect=2), "3D")


def report_as_read(objects, result, slide):
    with open(result / "result.json", encoding="utf-8") as file:
        wanted = json.load(file)
    report = hd.sr.srread(objects / "measurements.dcm")
    check(isinstance(report, hd.sr.Comprehensive3DSR), "another kind of report")
    library = [node for node in report.content[0].ContentSequence if node.ConceptNameCodeSequence[0].CodeValue == "111028"]
    image = library[0].ContentSequence[0].ContentSequence[0].ReferencedSOPSequence[0]
    check(image.ReferencedSOPInstanceUID == slide.SOPInstanceUID, "the image library has another slide")
    groups = report.content.get_image_measurement_groups()
    check(len(groups) == 1, f"{len(groups)} measurement groups")
    group = groups[0]
    check(group.tracking_identifier == "her2 slide" and group.tracking_uid, "tracking")
    numbers = {m.name.value: m for m in group.get_measurements()}
    for share in wanted["shares"]:
        head = share["fact"].upper().replace("_INCOMPLETE", "-I").replace("_COMPLETE", "-C").replace("_", "-")
        got = float(numbers["T-" + head].value)
        check(abs(got - share["percent"]["value"]) < 1e-6, f"{share['fact']}: {got} {share['percent']}")
    check(float(numbers["H-SCORE"].value) == wanted["h_score"]["value"], "H-score")
    check(int(float(numbers["TUMOUR-CELLS"].value)) == wanted["cells"]["tumour"], "tumour cells")
    lows = [item for item in numbers["H-SCORE"][0].ContentSequence if item.ConceptNameCodeSequence[0].CodeValue == "INTERVAL-LOW"]
    check(float(lows[0].MeasuredValueSequence[0].NumericValue) == wanted["h_score"]["low"], "interval of the H-score")
    verdicts = {e.name.value: e.value for e in group.get_qualitative_evaluations()}
    answer = wanted["editions"][wanted["primary_edition"]]["answer"]
    loinc = {"0": "LA6111-4", "1+": "LA11841-6", "2+": "LA11842-4", "3+": "LA11843-2"}
    check(verdicts["85319-2"].value == loinc[answer], f"score {verdicts['85319-2']}, not {answer}")
    texts = [item.TextValue for item in group[0].ContentSequence if item.ValueType == "TEXT"]
    for verdict in wanted["qc"]:
        check(any(verdict["reason"] in text for text in texts), f"quality: {verdict['id']} is missing")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        slide, path, result = scored_slide(folder)
        pdf = folder / "report.pdf"
        pdf.write_bytes(a_pdf() + b"x" * (len(a_pdf()) % 2 + 1))
        at = ("--at", "2026-11-23T10:00:00Z")
        objects = folder / "dicom"
        run("export", result, "--format", "dicom", "--slide", path, "--out", objects, "--report", pdf, *at)
        known = theirs(slide, folder / "theirs.dcm")
        check(any(KNOWN in line for line in known), f"dciodvfy no longer says so of highdicom's object: {known}")
        files = sorted(objects.iterdir())
        check([f.name for f in files] == ["annotations.dcm", "measurements.dcm", "report.dcm"], f"files {files}")
        for file in files:
            wrong = [line for line in complaints(file) if KNOWN not in line]
            check(not wrong, f"{file.name}: {wrong[:3]}")
            data = pydicom.dcmread(file)
            for tag in ("StudyInstanceUID", "PatientName", "PatientID", "PatientBirthDate", "AccessionNumber", "StudyDate"):
                check(data.get(tag) == slide.get(tag), f"{file.name}: {tag} is {data.get(tag)}")
            check(data.SeriesInstanceUID != slide.SeriesInstanceUID, f"{file.name}: in the slide's series")
        whole = subprocess.run(["dcentvfy", *map(str, files)], capture_output=True, text=True)
        check("Error" not in whole.stdout + whole.stderr, f"dcentvfy: {whole.stdout}{whole.stderr}")
        annotations = pydicom.dcmread(objects / "annotations.dcm")
        check(annotations.ReferencedImageSequence[0].ReferencedSOPInstanceUID == slide.SOPInstanceUID, "the slide is not referred to")
        document = pydicom.dcmread(objects / "report.dcm")
        check(document.EncapsulatedDocument[:document.EncapsulatedDocumentLength] == pdf.read_bytes(), "another PDF comes out")

        count = cells_as_read(objects, result, "cells")
        report_as_read(objects, result, slide)
        annotations_in(objects, folder, slide)
        run("export", result, "--format", "dicom", "--slide", path, "--out", folder / "nuclei", "--annotations", "nuclei", *at)
        cells_as_read(folder / "nuclei", result, "nuclei")

        again = folder / "again"
        run("export", result, "--format", "dicom", "--slide", path, "--out", again, "--report", pdf, *at)
        for file in files:
            check(file.read_bytes() == (again / file.name).read_bytes(), f"{file.name}: other bytes in a second run")
        masked = folder / "masked"
        run("export", result, "--format", "dicom", "--slide", path, "--out", masked, "--pseudonym", "CASE-7", *at)
        for file in masked.iterdir():
            raw = file.read_bytes()
            for secret in ("Müller", "P-1\0", "19600102", "S26-123", "1.2.826.0.1.3680043.10.1"):
                check(secret.encode() not in raw, f"{file.name}: {secret} is still there")
            check(not [line for line in complaints(file) if KNOWN not in line], f"{file.name}: masked, and no longer sound")
        for arguments, says in (
                ([folder / "none"], "give a folder that her2 ihc wrote"),
                ([result, "--slide", pdf], "no DICOM whole slide image"),
                ([result, "--report", path], "is no PDF"),
        ):
            error = run("export", *arguments, "--format", "dicom", "--out", folder / "wrong", expect=2)
            check(says in error and error.count("\n") == 1, f"{arguments}: {error}")
    print(f"{count} cells compared, {failed} failures")
    sys.exit(1 if failed else 0)


main()
