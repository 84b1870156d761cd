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
import tomllib

import _pseudo

ROOT = pathlib.Path(os.environ["HER2_SOURCE"])
HER2 = os.environ["HER2"]
faults, faces = [], 0
MARK = set(_pseudo.MARKED) | set("⟦⟧")
# Names of files, formats and places in them.
NAMES = [r"^ *(EPG|V?PPG|GPG|MPG II?|RCB-I*|anatomic stage IA) *$",  # groups, and a value of a case below
         r"copies per cell \d|largest deposit in a node|anatomic stage IIA",  # facts that readings and scores name
         r"^\W*(totals-as-means|score-against-status|ratio-not-means)\W*$",  # ids
         r"^\W*[\w/.-]*/cases/", r"field-\w+|overlay|thumbnail|begin with report", r"Aperio|written by her2"]
# Of guidelines and options: who wrote them, for which tumour, ids, units, conditions as they stand in the file.
STAYS = {"id", "body", "edition", "tumour", "cite", "unit", "name", "when", "enter", "space", "authority", "date", "trials", "trial", "is", "numerator",
         "denominator", "based_on", "guidelines"}
# Not sentences: names of keys and programs, units, signs of a table, what a file name or a hash is made of.
ROW = re.compile(r"^[\s`]*[\w-]*\s*\w+/[\w.-]+[\s`]*$")  # the id of a rule: "breast-her2-2023 status/group-5"
FINE = re.compile(r"SHA-256|\b(html|csv|tiff|png|json|h5ad|jpg)\b|art-x-pseudo|her2 \d|um/px|megapixels?|[0-9a-f]{12,}|CEP17|HER2|IHC|ISH|FISH|DAB|PgR|ER|Ki-67|Allred")


def words_of(text):
    """Words only, in lower case, between blanks: numbers and signs are no part of a sentence."""
    return " " + re.sub(r"[\W\d_]+", " ", text).lower().strip() + " "


def plain_of(table, below=""):
    """What of a guideline stays as it is: names, sources, who wrote it; all else is said over."""
    for name, value in table.items():
        yield from (name, name.replace("_", " "))
        if isinstance(value, dict):
            yield from plain_of(value, name)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for one in value:
                yield from plain_of(one, name) if isinstance(one, dict) else [str(one)]
        elif below in ("sources", "trial", "trials") or name in STAYS:
            yield " ".join(map(str, value)) if isinstance(value, list) else str(value)


def known_texts():
    """Everything that the data of this tree says, in one lower-case string without line ends."""
    parts = []
    parts += [path.stem for path in ROOT.glob("guidelines/*.toml")]
    for path in ROOT.glob("guidelines/**/*.toml"):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        parts += [*plain_of(table), f"{table.get('body')} {table.get('edition')}"]
    parts += [str(rate["source"]) for rate in tomllib.loads((ROOT / "qa/rates.toml").read_text(encoding="utf-8"))["rate"]]
    parts += [" ".join(rule["cite"]) for rule in tomllib.loads((ROOT / "qa/rules.toml").read_text(encoding="utf-8"))["rule"].values()]
    for pattern in ("profiles/**/*.toml", "texts/*.toml", "cases/**/*", "maps/*.toml"):
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


def facts_of(case):
    """What `her2 care` knows of a case, as the page says it: names, values, units and rules of the data."""
    answer = json.loads(her2("care", case, "--format", "json"))
    lines = [f"{f['label']} {f['value']} {f['unit'] or ''} {f['follows_from'] or ''}" for f in answer["facts"]]
    for result in (*answer["stages"], *answer["prognosis"]):
        lines += [f"{one['label']} {one['value']}" for one in result["inputs"]]
    lines += [one[k] for option in answer["options"] for one in option["criteria"] for k in ("words", "recorded") if one[k]]
    lines += [f"{one[k]}" for one in answer["changes"] for k in ("from", "to")]
    return " ".join(map(words_of, lines))


# Facts that contradict each other, ranges, what models refuse: every sentence of contradictions, stages and scores.
LUMINAL = {"sex": "female", "age_years": 58, "menopausal_status": "post", "ihc_score": "1+", "er_percent": 95, "pgr_percent": 60,
           "ki67_percent": 22, "grade": "2", "pt": "2", "pn": "1", "size_mm": 26, "positive_nodes": 2, "m_category": "0",
           "ct": "2", "cn": "0", "surgery": "conserving"}
SCORES = {"er_h_score": 250, "pgr_h_score": 120, "mitotic_score": 2, "tubule_score": 2, "pleomorphism_score": 3, "ypt": "1c",
          "ypn": "1", "yp_nodes": 1, "yp_deposit_mm": 3, "bed_length_mm": 20, "bed_width_mm": 15,
          "bed_cellularity_percent": 30, "bed_in_situ_percent": 5, "yp_ki67_percent": 5, "yp_allred": 7, "clinical_stage": "IIA",
          "seer_stage": "regional", "heart_dose_gy": 2, "given_radiotherapy": True, "given_endocrine": "five-years"}
COUNTED = {"cells": 20, "her2_total": 96, "cep17_total": 60}
MADE = {
    "scores": SCORES,
    "ranges": {"er_h_score": "100 to 300", "size_mm": "10 to 300", "age_years": "20 to 90", "positive_nodes": "0 to 60",
               "grade": None, "pn": None, "pt": None, "tubule_percent": "5 to 80", "pleomorphism_score": 2},
    "field": {"grade": None, "tubule_percent": 50, "pleomorphism_score": 2, "mitoses_10_hpf": 20, "hpf_area_mm2": 0.3},
    "metastatic": {"m_category": "1", "ct": None, "cn": None, "pt": None, "pn": None, "size_mm": None, "positive_nodes": None},
    "metastasis-and-stage": {"m_category": "1", "anatomic_stage": "IIA"},
    "old-and-large": {"age_years": 90, "size_mm": 250, "pt": "3"},
    "er-negative": {**SCORES, "er_percent": 0, "pgr_percent": 0, "ihc_score": "3+", "ypt": "0", "ypn": "0", "yp_nodes": 0},
    "before-menopause": {"menopausal_status": "pre", "age_years": 80},
    "npi-size-term": {"recorded_npi": 4.052}, "npi": {"recorded_npi": 9.0},
    "stage": {"anatomic_stage": "IA", "pt": "3", "size_mm": 60}, "nodes": {"pn": "0", "positive_nodes": 3},
    "size": {"pt": "1", "size_mm": 60}, "in-situ": {"pt": "is", "pn": "1", "size_mm": None, "positive_nodes": 1},
    "nothing": {name: None for name in LUMINAL if name != "sex"},
    "mean": {**COUNTED, "copies": 9}, "means": {**COUNTED, "ratio": 4.5, "copies": 9},
    "three-means": {**COUNTED, "ratio": 4.5, "copies": 9, "cep17_copies": 8},
    "ratio": {"ratio": 2.2, "copies": 3.2, "cep17_copies": 2.7}, "counted-ratio": {"her2_total": 96, "cep17_total": 60, "copies": 9, "cep17_copies": 2},
    "totals": {"copies": 69, "cep17_copies": 63, "cells": 60}, "high": {"copies": 40}, "laboratory": {**COUNTED, "ish_reported": "positive"},
    "pattern": {"ihc_score": None, "pattern_intensity": "weak", "pattern_completeness": "complete", "pattern_percent": 30,
                "strong_complete": 40},
    "patterns": {"ihc_score": None, "pattern_intensity": "weak|moderate"},
    "score": {"ihc_score": "3+", "ihc_reported": "negative"},
    "handled": {**COUNTED, "ihc_score": "2+", "pattern_intensity": "weak", "pattern_completeness": "complete",
                "pattern_percent": 30, "basolateral": True, "cold_ischaemia_min": 90, "fixation_hours": 100},
}


def made_cases(folder):
    for name, facts in MADE.items():
        path = pathlib.Path(folder, f"made-{name}.json")
        held = {fact: value for fact, value in {**LUMINAL, **facts}.items() if value is not None}
        specimen = {"id": "excision", "kind": "excision", "site": "primary", "date": "2026-03-02", "facts": held}
        path.write_text(json.dumps({"schema": "her2-case/1", "id": "demo", "tumour": "breast", "specimens": [specimen]}))
        yield path


def her2(*arguments, codes=(0, 1)):
    done = subprocess.run([HER2, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode not in codes:
        faults.append(f"her2 {' '.join(map(str, arguments))}: {done.returncode} {done.stderr.strip()}")
    return done.stdout


known = known_texts()
with tempfile.TemporaryDirectory() as folder:
    words = pathlib.Path(folder, "words.toml")
    words.write_text(_pseudo.catalogue(ROOT, data=her2("messages", "--data")), encoding="utf-8")
    in_words = ("--messages", words)
    for case in sorted(glob.glob(str(ROOT / "cases/*.json"))):
        name = pathlib.Path(case).stem
        facts = facts_of(case)
        for command in ("status", "care", "explain"):
            for form in ("text", "md", "html"):
                page = her2(command, case, "--format", form, *in_words)
                where = f"{command} {name} {form}"
                if form == "html" and 'lang="art-x-pseudo"' not in page:
                    faults.append(f"{where}: lang is not that of the report")
                if command == "explain" and form != "html":
                    continue  # the patient's texts have a file of their own
                page = re.sub(r"\\(.)", r"\1", page) if form == "md" else page
                check(where, visible(page) if form == "html" else page, known + facts if command == "care" else known,
                      [re.escape(folder), r"cases/"])
        # For programs nothing changes.
        if her2("status", case, "--format", "json") != her2("status", case, "--format", "json", *in_words):
            faults.append(f"status {name}: the JSON differs by language")
    for case in made_cases(folder):
        facts = facts_of(case)
        check(f"status {case.stem}", her2("status", case, *in_words), known, [re.escape(folder)])
        check(f"care {case.stem}", her2("care", case, "--details", *in_words), known + facts, [re.escape(folder)])
        check(f"care {case.stem} html", visible(her2("care", case, "--format", "html", *in_words)), known + facts, [re.escape(folder)])
        check(f"synoptic {case.stem}", her2("status", case, "--format", "synoptic", *in_words), known + facts, [re.escape(folder)])
    for case in (ROOT / "cases/01-group-5-low.json", pathlib.Path(folder, "made-handled.json")):
        gastric = pathlib.Path(folder, "gastric.json")
        gastric.write_text(case.read_text().replace('"breast"', '"gastric"'))
        check(f"synoptic gastric {case.stem}", her2("status", gastric, "--format", "synoptic", *in_words), known)
        if her2("status", case, "--format", "synoptic-json") != her2("status", case, "--format", "synoptic-json", *in_words):
            faults.append(f"synoptic {case.stem}: the JSON differs by language")
        if her2("care", case, "--format", "json") != her2("care", case, "--format", "json", *in_words):
            faults.append(f"care {case.stem}: the JSON differs by language")
    for counts in sorted(glob.glob(str(ROOT / "cases/ish/*.csv"))):
        out = pathlib.Path(folder, "ish-" + pathlib.Path(counts).stem)
        text = her2("ish", "--counts", counts, "--ihc", "2+", "--out", out, *in_words)
        plain = pathlib.Path(folder, "plain-" + out.name)
        her2("ish", "--counts", counts, "--ihc", "2+", "--out", plain)
        ours, theirs = (json.loads((one / "result.json").read_text(encoding="utf-8")) for one in (out, plain))
        if ours["editions"] != theirs["editions"]:
            faults.append(f"{out.name}: the editions in the JSON differ by language")
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

    own = [re.escape(folder), r"the row has \d+ fields", r"cohort\.csv|D-\d+"]
    for by in ([], ["--by", "edition", "--date", "day", "--period", "month"]):
        table = ROOT / "cases/cohort.csv"
        if by:  # as long as charts need
            table = pathlib.Path(folder, "long.csv")
            lines = ["id,edition,day,ihc_score,er_status"]
            lines += [f"C{i},lab {i % 7},{2020 + i // 600}-{1 + i // 50 % 12:02d}-11,{'3+' if i % (5 if i > 700 else 9) == 0 else '1+'},{'positive' if i % 31 else 'x'}" for i in range(1200)]
            table.write_text("\n".join(lines) + "\n", encoding="utf-8")
        page = pathlib.Path(folder, "cohort.html")
        her2("cohort", table, *by, "--report", page, "--json", page.with_suffix(".json"), "-q", *in_words)
        check(f"cohort {len(by)}", visible(page.read_text(encoding="utf-8")), known, [*own, r"lab|C\d+|long"])
        plain = page.with_suffix(".plain")
        her2("cohort", table, *by, "--json", plain, "-q")
        if plain.read_text(encoding="utf-8") != page.with_suffix(".json").read_text(encoding="utf-8"):
            faults.append("cohort: the JSON differs by language")
    readers = pathlib.Path(folder, "readers.csv")
    readers.write_text("id,ann,ben,cleo,x,y\n" + "".join(f"{i},{'0+'[i % 2]},{i % 3 and '1+' or '3+'},{i % 4 and '1+' or '2+'},{i + 1},{i + 2}\n".replace(",+,", ",1+,") for i in range(40)), encoding="utf-8")
    people = [r"ann|ben|cleo|ihc_score|^\s*[xy]\s*$|\\"]
    check("agree", her2("agree", *[f"{readers}:{one}" for one in ("ann", "ben", "cleo")], "--fact", "ihc_score", "--method", "cleo", "--need", "95,5", "--need", "99,0.001",
                        *[part for rule in ("validation-2007", "validation-2013-approved", "proficiency", "markers-2014") for part in ("--rule", rule)], *in_words), known, people)
    check("agree panel", her2("agree", *[f"{readers}:{one}" for one in ("ann", "ben", "cleo")], "--fact", "ihc_score", "--rule", "proficiency", "--events", "1", *in_words), known, people)
    check("agree numbers", her2("agree", f"{readers}:x", f"{readers}:y", "--numbers", *in_words), known, people)
    check("agree ratio", her2("agree", f"{readers}:x", f"{readers}:y", "--ratio", *in_words), known, people)
    check("guideline list", her2("guideline", "list", *in_words), known)
    for path in sorted(ROOT.glob("guidelines/*.toml")):
        if path.stem not in ("facts", "schemes", "breast-care-facts"):
            check(f"guideline show {path.stem}", her2("guideline", "show", path.stem, *in_words), known)
    for name in ("breast-her2-2018", "breast-her2-2023"):  # alike but for the face
        check(f"guideline html {name}", visible(her2("guideline", "export", name, "-f", "html", *in_words)), known)
        check(f"guideline md {name}", re.sub(r"\\(.)", r"\1", her2("guideline", "export", name, *in_words)), known)
    if her2("guideline", "export", "breast-her2-2018", "-f", "dmn") != her2("guideline", "export", "breast-her2-2018", "-f", "dmn", *in_words):
        faults.append("guideline export: DMN differs by language")
    check("guideline explain", her2("guideline", "explain", "breast-her2-2018", "dual_probe/group-4", *in_words), known)
    for form in ("text", "md"):
        check(f"guideline diff {form}", re.sub(r"\\(.)", r"\1", her2("guideline", "diff", "2013", "2018", "--cohort", ROOT / "cases/cohort.csv", "-f", form, *in_words)), known, own)
    # A translation of an older text of a rule is not used, and is named.
    old = pathlib.Path(folder, "old.toml")
    old.write_text('language = "de"\n[guideline.breast-her2-2018."dual_probe/group-4"]\ncomment = { of = "An older rule.", say = "ALT" }\n'
                   '[fact.ihc_score]\nlabel = { of = "HER2 IHC score", say = "NEU" }\n', encoding="utf-8")
    if "guideline.breast-her2-2018.dual_probe/group-4.comment: translates a text" not in her2("messages", old):
        faults.append("her2 messages does not name an outdated translation")
    shown = her2("guideline", "show", "breast-her2-2018", "--messages", old)
    if "ALT" in shown or "NEU" not in shown:
        faults.append("an outdated translation is used, or one that is not is left")

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
