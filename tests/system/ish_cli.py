#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""her2 ish as a person uses it: counts to files that their schemas and `her2 status` take, two readers, corrections that
recompute, pages as every page must be, the same bytes twice, and one clear sentence for what cannot be."""
import csv
import gzip
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from _html_page import check_page, faults

try:
    import jsonschema
except ImportError:
    jsonschema = None

HER2, SOURCE = os.environ["HER2"], pathlib.Path(os.environ["HER2_SOURCE"])
CASES = SOURCE / "cases" / "ish"


def run(*arguments, expect=0):
    done = subprocess.run([HER2, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != expect:
        sys.exit(f"her2 {' '.join(map(str, arguments))}: exit code {done.returncode}, not {expect}\n{done.stdout}{done.stderr}")
    return done.stderr if expect == 2 else done.stdout


def result(folder):
    text = (folder / "result.json").read_text()
    document = json.loads(text)
    if jsonschema:
        schema = json.loads((SOURCE / "schemas" / "ish.schema.json").read_text())
        jsonschema.Draft7Validator.check_schema(schema)
        for error in jsonschema.Draft7Validator(schema).iter_errors(document):
            faults.append(f"{folder.name}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
        status = json.loads((SOURCE / "schemas" / "status.schema.json").read_text())
        for edition in document["editions"]:
            for error in jsonschema.Draft7Validator(status).iter_errors(edition["status"]):
                faults.append(f"{folder.name}: status: {error.message[:300]}")
    page = (folder / "report.html").read_text()
    check_page(folder.name, page)
    return document


def good(folder):
    first, again = folder / "first", folder / "again"
    text = run("ish", "--counts", CASES / "borderline.csv", "--ihc", "2+", "--out", first)
    for words in ("ISH group 5", "ratio", "Count about", "research use only"):
        if words not in text:
            sys.exit(f"the summary does not say '{words}':\n{text}")
    for file in ("result.json", "report.html", "nuclei.csv", "case.json"):
        if not (first / file).stat().st_size:
            sys.exit(f"{file} is empty")
    one = result(first)
    run("ish", "--counts", CASES / "borderline.csv", "--ihc", "2+", "--out", again)
    for file in ("result.json", "report.html", "nuclei.csv", "case.json"):
        if (first / file).read_bytes() != (again / file).read_bytes():
            sys.exit(f"{file} differs from run to run")
    status = json.loads(run("status", first / "case.json", "--format", "json"))
    said = {v["value"]: v["probability"] for v in status["specimens"][0]["answers"][0]["values"]}
    if said != {v["value"]: v["probability"] for v in one["editions"][0]["likely"]}:
        sys.exit(f"her2 status decides the case otherwise: {said}")
    # Our own table counts the same.
    run("ish", "--counts", first / "nuclei.csv", "--ihc", "2+", "--out", folder / "own")
    if result(folder / "own")["count"] != one["count"]:
        sys.exit("nuclei.csv read back counts otherwise")
    return one


def corrections(folder, one):
    edits = folder / "edits.csv"
    edits.write_text("nucleus,action,her2,cep17,reason,author,time\n1,recount,40,2,,Ann,2026-03-01\n2,reject,,,overlap,Ann,\n")
    run("ish", "--counts", CASES / "borderline.csv", "--edits", edits, "--out", folder / "edited")
    two = result(folder / "edited")
    if two["count"]["nuclei"] != one["count"]["nuclei"] - 1 or two["nuclei"]["edited"] != 2:
        sys.exit(f"corrections were not counted: {two['count']}")
    if two["edits"][0]["author"] != "Ann" or "Ann" not in (folder / "edited" / "nuclei.csv").read_text():
        sys.exit("the author of a correction is lost")
    run("ish", "--counts", CASES / "borderline.csv", "--edits", folder / "edited" / "edits.json", "--out", folder / "json")
    if result(folder / "json")["count"] != two["count"]:
        sys.exit("corrections as JSON count otherwise")


def fields(folder):
    """Pictures with known truth; one thread or two, any order: the same bytes; a person's changes in QuPath come back."""
    if "fields" not in run("ish", "--help"):
        return print("skipped: built without imaging")
    run("phantom", "ish", "--out", folder / "phantom", "--fields", 2, "--copies", 5, "--ratio", 1.3, "--width", 900,
        "--height", 900, "--nuclei", 30, "--seed", 7)
    pictures = sorted((folder / "phantom").glob("*.png"))
    common = ["--mpp", 0.07, "--ihc", "2+", "--out"]
    run("ish", *pictures, *common, folder / "one", "--threads", 1)
    run("ish", *reversed(pictures), *common, folder / "two", "--threads", 2)
    one = result(folder / "one")
    for file in ("result.json", "nuclei.csv", "case.json"):
        if (folder / "one" / file).read_bytes() != (folder / "two" / file).read_bytes():
            sys.exit(f"{file} differs with threads and the order of the fields")
    # The truth of the section: signals of all nuclei that show both.
    rows = list(csv.DictReader((folder / "phantom" / "nuclei.csv").open()))
    both = [(int(row["her2_countable"]), int(row["cep17_countable"])) for row in rows if row["border"] == "0"]
    both = [(h, c) for h, c in both if h and c]
    ratio = sum(h for h, _ in both) / sum(c for _, c in both)
    if abs(one["count"]["ratio"]["value"] / ratio - 1) > 0.1:
        sys.exit(f"ratio {one['count']['ratio']} of a phantom with {ratio:.2f}")
    # One nucleus taken out, one HER2 signal of another deleted.
    source = sorted((folder / "one").glob("*.geojson.gz"))[0]
    document = json.loads(gzip.open(source).read())
    counted = [f for f in document["features"] if f["properties"]["classification"]["names"] == ["Counted"]]
    dots = lambda f: int(f["properties"]["metadata"]["her2 HER2 dots"])
    out, less = counted[0], next(f for f in counted[1:] if dots(f) > 1)
    out["properties"]["classification"] = {"name": "Ignore*"}
    document["features"].remove(next(
        f for f in document["features"] if f["properties"]["classification"].get("names") == ["HER2"]
        and f["properties"].get("metadata", {}).get("her2 nucleus") == less["id"]))
    changed = folder / "changed.geojson"
    changed.write_text(json.dumps(document))
    run("ish", *pictures, *common, folder / "three", "--edits", changed, "--author", "A. Reader")
    three = result(folder / "three")
    if three["count"]["nuclei"] != one["count"]["nuclei"] - 1 or three["nuclei"]["edited"] != 2:
        sys.exit(f"changes in QuPath were not counted: {three['count']}")
    if {edit["author"] for edit in three["edits"]} != {"A. Reader"}:
        sys.exit(f"the author of a change is lost: {three['edits']}")


def readers(folder):
    both = folder / "both"
    run("ish", "--counts", CASES / "reader-1.csv", "--counts", CASES / "reader-2.csv", "--ihc", "2+", "--blinded",
        "--ihc-2-area", "--out", both)
    document = result(both)
    if not document["readers"]["used_as_recount"] or document["readers"]["paired_nuclei"] != 30:
        sys.exit(f"the second reader's count is not the recount: {document['readers']}")
    two = folder / "two"
    run("ish", "--counts", CASES / "two-populations.csv", "--out", two)
    population = result(two)["second_population"]
    if not population["count_separately"] or population["pattern"] != "together":
        sys.exit(f"the second population was not found: {population}")
    joined = folder / "joined.json"
    joined.write_text(json.dumps({"schema": "her2-case/1", "id": "c", "facts": {"ihc_score": "3+"}}))
    run("ish", "--counts", CASES / "reader-1.csv", "--ihc", joined, "--out", folder / "joined")
    document = result(folder / "joined")
    if document["ihc"]["score"] != "3+" or document["editions"][0]["status"]["overall"]["her2_status"] != "positive":
        sys.exit("IHC of the case file did not join")


def bad(folder):
    def table(text):
        path = pathlib.Path(tempfile.mkdtemp(dir=folder)) / "bad.csv"
        path.write_text(text)
        return path

    none = folder / "none"
    run("ish", "--counts", table("her2,cep17\n" + "4,0\n" * 20), "--out", none, expect=1)
    document = result(none)
    if document["count"]["ratio"] is not None or document["count"]["group"] is not None or not document["refused"]:
        sys.exit("a ratio without CEP17")
    edits = folder / "wrong.csv"
    edits.write_text("nucleus,action\n99,accept\n")
    first = CASES / "borderline.csv"
    for arguments, says in (
            (["--counts", table("her2,cep17\n4,-2\n")], "bad.csv: row 1 (line 2), column cep17: \"-2\" is negative"),
            (["--counts", table("her2,cep17\n4.5,2\n")], "is a fraction"),
            (["--counts", table("her2,copies\n4,2\n")], "no column for CEP17"),
            (["--counts", table("her2,cep17,verdict\n4,2,border\n")], "none of the 1 nuclei can be counted"),
            (["--counts", table("")], "bad.csv"),
            (["--counts", folder / "absent.csv"], "absent.csv"),
            (["--counts", first, "--counts", first, "--counts", first], "there are 3 readers"),
            (["--counts", first, "--edits", edits], "the nucleus 99 is not among the 46"),
            (["--counts", first, "--ihc", "4+"], "--ihc"),
            (["--counts", first, "--ihc", folder / "absent.json"], "absent.json"),
            (["--counts", first, "--edition", "1999"], "no edition '1999'"),
            ([], "give pictures of fields, or counts")):
        left = folder / "left"
        said = run("ish", *arguments, "--out", left, expect=2)
        if says not in said or said.count("\n") != 1:
            sys.exit(f"{arguments}: expected one sentence with '{says}', got:\n{said}")
        if left.exists():
            sys.exit(f"{arguments}: something was left behind: {sorted(left.iterdir())}")


with tempfile.TemporaryDirectory() as name:
    work = pathlib.Path(name)
    corrections(work, good(work))
    fields(work)
    readers(work)
    bad(work)
for fault in faults:
    print(fault)
print(f"her2 ish: counts, corrections, readers, IHC, refusals; {len(faults)} faults")
sys.exit(1 if faults else 0)
