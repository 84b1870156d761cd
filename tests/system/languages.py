#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints every report in a language that nobody speaks (_pseudo.py) and looks for sentences in plain letters: they do
not come from the catalogue. What guidelines, dictionaries, options, profiles and the case itself say is let through."""
import glob
import html
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import _pseudo

ROOT = pathlib.Path(os.environ["HER2_SOURCE"])
HER2 = os.environ["HER2"]
faults, faces = [], 0
MARK = set(_pseudo.MARKED) | set("⟦⟧")
# Names of files, formats and places in them.
NAMES = [r"^\W*[\w/.-]*/cases/", r"field-\w+|overlay|thumbnail|begin with report", r"Aperio|written by her2"]
# Not sentences: names of keys and programs, units, signs of a table, what a file name or a hash is made of.
ROW = re.compile(r"^[\s`]*[\w-]*\s*\w+/[\w.-]+[\s`]*$")  # the id of a rule: "breast-her2-2023 status/group-5"
FINE = re.compile(r"SHA-256|\b(html|csv|tiff|png|json|h5ad|jpg)\b|art-x-pseudo|her2 \d|um/px|megapixels?|[0-9a-f]{12,}|CEP17|HER2|IHC|ISH|FISH|DAB|PgR|ER|Ki-67|Allred")


def words_of(text):
    """Words only, in lower case, between blanks: numbers and signs are no part of a sentence."""
    return " " + re.sub(r"[\W\d_]+", " ", text).lower().strip() + " "


def known_texts():
    """Everything that the data of this tree says, in one lower-case string without line ends."""
    parts = []
    parts += [path.stem for path in ROOT.glob("guidelines/*.toml")]
    for pattern in ("guidelines/**/*.toml", "profiles/**/*.toml", "texts/*.toml", "cases/**/*", "qa/**/*"):
        for path in ROOT.glob(pattern):
            if path.is_file():
                parts.append(re.sub(r'["\\]', " ", path.read_text(encoding="utf-8", errors="replace")))
    return words_of(" ".join(parts))


def runs(text):
    """Pieces of text between marked letters, and between line ends, signs and columns."""
    for line in re.split(r"\n|\t| {2,}", text):
        for piece in re.split("[" + re.escape("".join(sorted(MARK))) + "]", line):
            yield from re.split(r"[:;,.()•·→<>=≥≤“”?!\[\]|]+", piece)


def check(name, text, known, let_through=()):
    global faces
    faces += 1
    if "⟦" not in text:
        faults.append(f"{name}: nothing in it is in the language")
    for piece in runs(text):
        rest = FINE.sub(" ", piece)
        words = re.findall(r"[A-Za-z][A-Za-z'-]+", rest)
        if len(words) == 0 or words_of(piece) in known or words_of(rest) in known or ROW.match(piece) or any(re.search(one, piece) for one in (*NAMES, *let_through)):
            continue
        if any(len(word) > 2 and f" {word.lower()} " not in known for word in words) or len(words) > 1:
            faults.append(f"{name}: \"{piece.strip()}\"")


def visible(page):
    page = re.sub(r"<style>.*?</style>", " ", page, flags=re.S)
    said = re.findall(r'(?:alt|title|aria-label|data-head)="([^"]*)"', page)
    return html.unescape("\n".join([re.sub(r"<[^>]*>", "\n", page), *said]))


def sentences(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return " ".join(map(sentences, value))
    return words_of(str(value))


def her2(*arguments, codes=(0, 1)):
    done = subprocess.run([HER2, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode not in codes:
        faults.append(f"her2 {' '.join(map(str, arguments))}: {done.returncode} {done.stderr.strip()}")
    return done.stdout


known = known_texts()
with tempfile.TemporaryDirectory() as folder:
    words = pathlib.Path(folder, "words.toml")
    words.write_text(_pseudo.catalogue(ROOT), encoding="utf-8")
    in_words = ("--messages", words)
    for case in sorted(glob.glob(str(ROOT / "cases/*.json"))):
        name = pathlib.Path(case).stem
        for command in ("status", "care", "explain"):
            for form in ("text", "md", "html"):
                page = her2(command, case, "--format", form, *in_words)
                where = f"{command} {name} {form}"
                if form == "html" and 'lang="art-x-pseudo"' not in page:
                    faults.append(f"{where}: lang is not that of the report")
                if command == "explain" and form != "html":
                    continue  # the patient's texts have a file of their own
                page = re.sub(r"\\(.)", r"\1", page) if form == "md" else page
                check(where, visible(page) if form == "html" else page, known, [re.escape(folder), r"cases/"])
        # For programs nothing changes.
        if her2("status", case, "--format", "json") != her2("status", case, "--format", "json", *in_words):
            faults.append(f"status {name}: the JSON differs by language")
    for counts in sorted(glob.glob(str(ROOT / "cases/ish/*.csv"))):
        out = pathlib.Path(folder, "ish-" + pathlib.Path(counts).stem)
        text = her2("ish", "--counts", counts, "--ihc", "2+", "--out", out, *in_words)
        through = [re.escape(folder), "Written to|begin with report", r"^\s*IHC\s*$", r"nuclei\.csv|case\.json"]
        check(f"ish {out.name} text", text, known, through)
        check(f"ish {out.name} html", visible((out / "report.html").read_text(encoding="utf-8")), known, through)
    if os.environ.get("HER2_IMAGING") == "ON":
        slide = pathlib.Path(folder, "slide.tiff")
        her2("phantom", "ihc", "--out", slide, "--width", "1024", "--height", "1024", "--no-truth")
        for marker in ("her2", "er"):
            out = pathlib.Path(folder, "ihc-" + marker)
            text = her2("ihc", slide, "--marker", marker, "--no-geojson", "--out", out, *in_words)
            check(f"ihc {marker} text", text, known, [re.escape(folder)])
            check(f"ihc {marker} html", visible((out / "report.html").read_text(encoding="utf-8")), known)
    store = pathlib.Path(folder, "store.her2")
    her2("case", "import", ROOT / "cases/01-group-5-low.json", "--store", store, "--author", "Ann", "--at",
         "2026-01-02T10:00:00Z")
    her2("case", "sign", "demo-01", "--meaning", "final", "--store", store, "--author", "Ann", "--at", "2026-01-02T10:01:00Z")
    check("case show", her2("case", "show", "demo-01", "--store", store, *in_words), known, ["demo-01|Ann"])
    check("case list", her2("case", "list", "--store", store, *in_words), known, ["demo-01|Ann"])

    # The catalogue that is printed is one that is read, and lacks nothing.
    words.write_text(her2("messages"), encoding="utf-8")
    counted = re.search(r"(\d+) of (\d+) texts are translated into en\n", her2("messages", words))
    if counted is None or counted[1] != counted[2]:
        faults.append("her2 messages does not print every text")

    # What lacks a translation stands in English, and the foot says how much.
    words.write_text(_pseudo.catalogue(ROOT, leave_out=("status.required_next", "status.why")), encoding="utf-8")
    text = her2("status", ROOT / "cases/10-triple-negative.json", *in_words)
    if "\nWhy\n" not in text or not re.search(r"⟦\d+ ťéẋťś óƒ ťĥíś", text):
        faults.append("a sentence without translation is not in English, or the foot does not say so")
    words.write_text('language = "de"\n[status]\nwhy = "Warum {x}"\n', encoding="utf-8")
    done = subprocess.run([HER2, "status", ROOT / "cases/10-triple-negative.json", "--messages", words],
                          capture_output=True, text=True)
    if done.returncode != 2 or f"{words}: line 3, status.why: has {{x}}" not in done.stderr or done.stdout:
        faults.append(f"a faulty catalogue: {done.returncode} {done.stderr}")
    done = subprocess.run([HER2, "status", ROOT / "cases/10-triple-negative.json", "--language", "tlh"],
                          capture_output=True, text=True)
    if done.returncode != 2 or "built in is en" not in done.stderr:
        faults.append(f"an unknown language: {done.returncode} {done.stderr}")

for fault in sorted(set(faults))[:400]:
    print(fault)
print(f"{faces} faces, {len(faults)} faults ({len(set(faults))} different)")
sys.exit(1 if faults or faces < 100 else 0)
