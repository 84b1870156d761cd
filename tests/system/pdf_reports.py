#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""PDF reports read by poppler: all that the text face says is in the PDF, fonts are embedded, pages are numbered as many as
there are, every page renders and shows something, the same input gives the same bytes; strange characters and long tables
break nothing; FHIR and HL7 v2 carry the very bytes. Skipped without poppler-utils, or where her2 has no PDF."""
import base64
import copy
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

source, her2 = os.environ["HER2_SOURCE"], os.environ["HER2"]
if not all(map(shutil.which, ("pdftotext", "pdffonts", "pdfinfo", "pdftoppm"))):
    print("poppler-utils is not installed: scripts/install-deps.sh --peers")
    sys.exit(77)
faults = []
NOTICE = "For research use only."
AT = "2026-11-23T10:00:00Z"


def run(*arguments, ok=(0,)):
    done = subprocess.run([her2, *arguments], cwd=source, capture_output=True, text=True, check=False)
    if done.returncode not in ok:
        sys.exit(f"her2 {' '.join(arguments)}: {done.returncode}: {done.stderr}")
    return done


def tool(*arguments):
    return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout


def check(what, right):
    if not right:
        faults.append(what)


def squeezed(text):
    return re.sub(r"\s", "", text.replace("\u00ad", ""))


def sheets(path):
    """The text of each page without its head and foot, which are checked here."""
    info = dict(re.findall(r"^(\w[\w ]*): +(.*)$", tool("pdfinfo", path), re.M))
    pages = tool("pdftotext", "-raw", path, "-").split("\f")[:-1]
    check(f"{path}: {info['Pages']} pages by pdfinfo, {len(pages)} by pdftotext", int(info["Pages"]) == len(pages))
    out = []
    for number, page in enumerate(pages, 1):
        foot = f"page {number} of {len(pages)}"
        check(f"{path}: no '{foot}'", foot in page)
        check(f"{path}: page {number} does not say what it is for", NOTICE in page)
        head, _, body = page.partition(foot)
        body = re.sub(r"^\s*For research use only\. States .*?nothing\.", "", body, flags=re.S)
        check(f"{path}: page {number} names no case", bool(head.strip()))
        out.append(body)
    return info, out


def parts(text):
    """What a text face says, line by line; columns stand apart by three blanks."""
    for line in text.splitlines():
        for part in re.split(r" {3,}", line):
            if re.search(r"\w", part):
                yield part


def holds_text(name, path, text):
    info, pages = sheets(path)
    found = squeezed("".join(pages))
    for part in parts(text):
        # a mark or number in front of an item is an element of its own on paper
        says = re.sub(r"^\s*([•!?]|if|\d+|Note:) ", "", part)
        check(f"{name}: the PDF does not say '{part.strip()}'", squeezed(says) in found)
    return info, pages


def embedded(path):
    rows = tool("pdffonts", path).splitlines()[2:]
    check(f"{path}: no fonts", bool(rows))
    for row in rows:
        check(f"{path}: not embedded: {row}", re.search(r" yes yes yes +\d+ +\d+$", row) is not None)


def rendered(path, folder):
    for old in glob.glob(os.path.join(folder, "page-*")):
        os.remove(old)
    tool("pdftoppm", "-r", "30", "-gray", path, os.path.join(folder, "page"))
    for page in sorted(glob.glob(os.path.join(folder, "page-*.pgm"))):
        with open(page, "rb") as file:
            pixels = file.read()[15:]
        check(f"{path}: {os.path.basename(page)} is empty", sum(p < 200 for p in pixels) > 100)


with tempfile.TemporaryDirectory() as folder:
    def at(name):
        return os.path.join(folder, name)

    first = run("status", os.path.join(source, "cases", "01-group-5-low.json"), "--format", "pdf", "--out", at("x.pdf"),
                ok=(0, 2))
    if "built without PDF" in first.stderr:
        print(first.stderr)
        sys.exit(77)

    # Status and care: every bundled case.
    for path in sorted(glob.glob(os.path.join(source, "cases", "*.json"))):
        name = os.path.basename(path)
        text = run("status", path, "--details", ok=(0, 1)).stdout
        run("status", path, "--format", "pdf", "--out", at("s.pdf"), ok=(0, 1))
        info, _ = holds_text(name, at("s.pdf"), text)
        check(f"{name}: not tagged", info.get("Tagged") == "yes")
        check(f"{name}: title {info.get('Title')}", info.get("Title") == "HER2 status")
        check(f"{name}: dated though no time was given", "CreationDate" not in info)
        embedded(at("s.pdf"))
    care = os.path.join(source, "cases", "11-care-early-luminal.json")
    run("care", care, "--format", "pdf", "--out", at("c.pdf"))
    holds_text("care", at("c.pdf"), run("care", care, "--details").stdout)
    rendered(at("c.pdf"), folder)
    run("explain", care, "--format", "pdf", "--out", at("e.pdf"))
    holds_text("explain", at("e.pdf"), run("explain", care, "--format", "text").stdout)

    # Same input, same bytes; the sizes of sheets; name, time and properties of a signed one.
    signed = ("status", care, "--format", "pdf", "--signed-by", "Dr Ångström", "--at", AT, "--paper")
    for size, points in (("a4", "595.276 x 841.89"), ("letter", "612 x 792")):
        run(*signed, size, "--out", at("1.pdf"))
        run(*signed, size, "--out", at("2.pdf"))
        with open(at("1.pdf"), "rb") as one, open(at("2.pdf"), "rb") as two:
            check(f"{size}: two runs differ", one.read() == two.read())
        info, pages = sheets(at("1.pdf"))
        check(f"{size}: {info['Page size']}", info["Page size"].startswith(points))
        check("no date of signature", info.get("CreationDate", "").startswith("Mon Nov 23 10:00:00 2026"))
        check("no name of who signs", "Dr Ångström" in pages[-1] and AT in pages[-1])
    if shutil.which("qpdf"):
        check("qpdf finds faults", "No syntax or stream encoding errors" in tool("qpdf", "--check", at("1.pdf")))

    # ISH: text and more.
    done = run("ish", "--counts", os.path.join(source, "cases", "ish", "two-populations.csv"), "--ihc", "2+", "--out",
               at("ish"), "--pdf", ok=(0, 1))
    holds_text("ish", at("ish/report.pdf"), done.stdout.split("\nWritten\n")[0])
    rendered(at("ish/report.pdf"), folder)
    if os.environ.get("HER2_IMAGING") != "OFF":
        run("phantom", "ihc", "--out", at("p.tiff"), "--score", "2+", "--width", "1024", "--height", "1024", "--seed", "7")
        done = run("ihc", at("p.tiff"), "--out", at("ihc"), "--pdf", ok=(0, 1))
        said = "\n".join(line for line in done.stdout.splitlines() if "█" not in line and " thread" not in line)
        holds_text("ihc", at("ihc/report.pdf"), said.split("\nWritten\n")[0])
        pictures = tool("pdfimages", "-list", at("ihc/report.pdf")).splitlines()[2:]
        check(f"{len(pictures)} pictures in the IHC report", len(pictures) >= 2)

    # Strange characters, markup and long words in a note; very many specimens.
    with open(care, encoding="utf-8") as file:
        case = json.load(file)
    strange = "汉字 日本 שלום مرحبا 🧬 \u202e\x07 <b>&amp; \\ (paren) %PDF " + "W" * 3000
    case["specimens"][0].setdefault("notes", []).append(strange)
    with open(at("strange.json"), "w", encoding="utf-8") as file:
        json.dump(case, file)
    run("status", at("strange.json"), "--format", "pdf", "--out", at("strange.pdf"), ok=(0, 1))
    _, pages = sheets(at("strange.pdf"))
    check("the note is lost", "<b>&amp;" in "".join(pages) and "W" * 40 in "".join(pages))
    embedded(at("strange.pdf"))
    lis = run("status", at("strange.json"), "--ascii", ok=(0, 1)).stdout
    check("not 7-bit", lis.isascii() and "<U+6C49><U+5B57>" in lis)
    check("a line over 80 columns", max(map(len, lis.splitlines())) <= 80)
    many = {**case, "specimens": []}
    for i in range(150):
        specimen = copy.deepcopy(case["specimens"][0])
        specimen.update(id=f"S{i}", notes=[])
        many["specimens"].append(specimen)
    with open(at("many.json"), "w", encoding="utf-8") as file:
        json.dump(many, file)
    run("status", at("many.json"), "--format", "pdf", "--out", at("many.pdf"), ok=(0, 1))
    _, pages = sheets(at("many.pdf"))
    rows = [[int(n) for n in re.findall(r"^S(\d+) ", page, re.M)] for page in pages]
    first_table = [page for page, numbers in zip(pages, rows) if numbers]
    check("rows of the table are lost", sorted(sum(rows, [])) == list(range(150)))
    check("a table goes on without its head", len(first_table) > 1 and
          all("specimen what result" in re.sub(r"\s+", " ", page) for page in first_table))

    # What cannot be written.
    done = run("status", care, "--format", "pdf", "--out", at("none/x.pdf"), ok=(2,))
    check(f"not one sentence: {done.stderr}", done.stderr.count("\n") == 1 and not os.path.exists(at("none")))
    done = run("status", care, "--format", "pdf", "--at", "yesterday", "--out", at("y.pdf"), ok=(2,))
    check("a file in spite of an error", "--at yesterday" in done.stderr and not os.path.exists(at("y.pdf")))

    # The very bytes travel.
    with open(at("1.pdf"), "rb") as file:
        report = file.read()
    bundle = json.loads(run("export", care, "--report", at("1.pdf"), "--at", AT).stdout)
    forms = [form for entry in bundle["entry"] for form in entry["resource"].get("presentedForm", [])]
    check("FHIR: not one PDF", [f["contentType"] for f in forms] == ["application/pdf"])
    check("FHIR: other bytes", base64.b64decode(forms[0]["data"]) == report)
    message = run("export", care, "--format", "hl7", "--report", at("1.pdf"), "--at", AT).stdout
    values = re.findall(r"OBX\|\d+\|ED\|[^|]*\|[^|]*\|\^application\^pdf\^Base64\^([A-Za-z0-9+/=]+)\|", message)
    check(f"HL7: {len(values)} PDFs", len(values) == 1)
    check("HL7: other bytes", values and base64.b64decode(values[0]) == report)

print("\n".join(faults[:40]))
sys.exit(1 if faults else 0)
