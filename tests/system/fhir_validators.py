#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every bundled case as a FHIR bundle is valid by two independent validators, R4 itself and (with the test data) the
profiles of mCODE 4.0.0 and US Core 6.1.0 that it claims; bundles made wrong on purpose are not; and what was written
reads back as the same case with the same status. An independent program turns each bundle into XML and back without a
difference, its XML gives the same status here, and the XML that we write is its XML. Skipped without the validators."""
import copy
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
from xml.etree import ElementTree

source = os.environ["HER2_SOURCE"]
her2 = os.environ["HER2"]
peers = os.path.join(source, "build", "peers", "node")
checker = os.path.join(source, "tests", "peers", "node", "fhir_check.mjs")
if not os.path.isdir(os.path.join(peers, "node_modules", "@medplum", "definitions")):
    print("the FHIR validators are not installed: scripts/install-deps.sh --peers")
    sys.exit(77)
definitions = os.path.join(os.environ.get("HER2_TEST_DATA", ""), "fhir")
profiles = definitions if os.path.isdir(os.path.join(definitions, "mcode-4.0.0")) else ""
failed = 0


def run(*arguments):
    return subprocess.run([her2, *arguments], check=True, capture_output=True, text=True).stdout


def validated(paths):
    out = subprocess.run(["node", checker, profiles, *paths], cwd=peers, check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def check(holds, what):
    global failed
    if not holds:
        failed += 1
        print("FAILED:", what)


def status_of(path):
    status = json.loads(run("status", path, "--format", "json"))
    return [(s["id"], [(a["fact"], a["state"], a["words"]) for a in s["answers"]]) for s in status["specimens"]]


def converted(paths):
    """Each bundle as XML by the peer, and whether that is the same bundle when it is JSON again."""
    tool = os.path.join(source, "tests", "peers", "node", "fhir_to_xml.mjs")
    out = subprocess.run(["node", tool, *paths], cwd=peers, check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def more_of(number):
    """Options of every second bundle; a few of them bring a report along."""
    report = ["--report", os.path.join(os.path.dirname(bundles[0]), "report.html")] if number % 4 == 1 else []
    return ["--signed-by", "Dr P & <Q>", "--family", "Doe", "--given", "J", "--gender", "female", "--patient-id", "7",
            "--patient-id-system", "urn:x:hospital", *report] if number % 2 else []


def first_apart(a, b, path=""):
    """The first place at which two XML trees differ; None: they are equal. Their decimals lose the zeros behind (3.30)."""
    number = lambda one: {k: float(v) if re.fullmatch(r"-?\d+\.\d+|-?\d+", v) else v for k, v in one.attrib.items()}
    path += "/" + a.tag.split("}")[-1]
    if a.tag != b.tag or number(a) != number(b) or len(a) != len(b):
        return path
    return next((found for found in (first_apart(c, d, path) for c, d in zip(a, b)) if found), None)


def of_profile(path, name):
    with open(path, encoding="utf-8") as file:
        entries = json.load(file)["entry"]
    return [e["resource"] for e in entries if any(p.endswith(name) for p in e["resource"].get("meta", {}).get("profile", []))]


resources = checked = 0
with tempfile.TemporaryDirectory() as folder:
    cases = sorted(glob.glob(os.path.join(source, "cases", "*.json")))
    bundles = [os.path.join(folder, os.path.basename(case)) for case in cases]
    with open(os.path.join(folder, "report.html"), "w", encoding="utf-8") as file:
        file.write("<p>begin & end</p>\n")
    for number, (case, path) in enumerate(zip(cases, bundles)):
        run("export", case, "--at", "2026-11-23T10:00:00Z", "--out", path, *more_of(number))
        with open(case, encoding="utf-8") as file:
            has_ensemble = "\"ensembles\"" in file.read()
        if not has_ensemble:  # an ensemble's replicates have no place in FHIR (docs/exchange.md)
            check(status_of(case) == status_of(path), f"{os.path.basename(case)}: another status once read back")
    for path, found in zip(bundles, validated(bundles)):
        resources += found["resources"]
        checked += found["profiles_checked"]
        for error in found["errors"]:
            check(False, f"{os.path.basename(path)}: {error}")

    groups = [group for path in bundles for group in of_profile(path, "mcode-tnm-stage-group")]
    check(len(groups) >= 3, f"{len(groups)} stage groups are written")
    ranks = {text for group in groups for text in [group["valueCodeableConcept"]["text"]]}
    check(ranks <= {"0", "IA", "IB", "IIA", "IIB", "IIIA", "IIIB", "IIIC", "IV"}, f"stage groups {ranks}")

    for path, found in zip(bundles, converted(bundles)):
        name = os.path.basename(path)
        # The XML that we write has the elements of theirs, in their order.
        ours = path.replace(".json", ".our.xml")
        run("export", path.replace(folder, os.path.join(source, "cases")), "--at", "2026-11-23T10:00:00Z", "--format", "fhir-xml",
            "--out", ours, *more_of(bundles.index(path)))
        apart = first_apart(ElementTree.parse(ours).getroot(), ElementTree.parse(path.replace(".json", ".xml")).getroot())
        check(apart is None, f"{name}: our XML differs from that of the converter at {apart}")
        check(run("import", path) == run("import", ours).replace(".our.xml", ".json"), f"{name}: another case from our XML")
        check(found["equal"], f"{name}: JSON to XML to JSON differs at {found['first']}")
        xml = path.replace(".json", ".xml")
        with open(path, encoding="utf-8") as file:
            check('"ensembles"' in file.read() or status_of(path) == status_of(xml), f"{name}: another status from XML")
        check(run("import", path) == run("import", xml).replace(".xml", ".json"), f"{name}: another case from XML")
    spoilt = os.path.join(folder, "spoilt.json")
    with open(bundles[0], encoding="utf-8") as file:
        bundle = json.load(file)
    bundle["entry"][0]["resource"]["colour"] = "brown"
    with open(spoilt, "w", encoding="utf-8") as file:
        json.dump(bundle, file)
    check(not converted([spoilt])[0]["equal"], "the converter does not see what XML has no place for")

    good = json.loads(run("export", os.path.join(source, "cases", "02-group-4-recount.json")))
    observation = next(i for i, e in enumerate(good["entry"]) if e["resource"]["resourceType"] == "Observation")
    wrongs = {
        "no code": lambda r: r.pop("code"),
        "a status that FHIR does not know": lambda r: r.update(status="finished"),
        "an unknown property": lambda r: r.update(colour="brown"),
        "a date that is none": lambda r: r.update(effectiveDateTime="yesterday"),
    }
    if profiles:
        wrongs |= {
            "no subject": lambda r: r.pop("subject"),
            "no category": lambda r: r.pop("category"),
            "no value": lambda r: [r.pop(k) for k in list(r) if k.startswith("value")],
        }
    staged = json.loads(run("export", os.path.join(source, "cases", "11-care-early-luminal.json")))
    group = next(i for i, e in enumerate(staged["entry"]) if "hasMember" in e["resource"])
    bad_paths = []
    for number, spoil in enumerate(wrongs.values()):
        bad = copy.deepcopy(good)
        spoil(bad["entry"][observation]["resource"])
        bad_paths.append(os.path.join(folder, f"wrong{number}.json"))
        with open(bad_paths[-1], "w", encoding="utf-8") as file:
            json.dump(bad, file)
    names = list(wrongs)
    for missing in ("method", "focus", "code") if profiles else ("code",):
        bad = copy.deepcopy(staged)
        del bad["entry"][group]["resource"][missing]
        names.append(f"a stage group and no {missing}")
        bad_paths.append(os.path.join(folder, f"wrong{len(bad_paths)}.json"))
        with open(bad_paths[-1], "w", encoding="utf-8") as file:
            json.dump(bad, file)
    for what, found in zip(names, validated(bad_paths)):
        check(found["errors"], f"the validators take an Observation with {what}")

print(f"{resources} resources valid, {checked} checks against profiles, {failed} failures")
sys.exit(1 if failed or not resources else 0)
