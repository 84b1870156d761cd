#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The patient page: every page that the catalogue can make (all combinations of what its conditions ask for) is at
reading grade 8 or below by Flesch-Kincaid, and so is each message of two sentences or more by itself; no figure on
survival stands on a page that was not asked for it; every message is shown by some page; nothing is prescribed; the
page is well-formed and self-contained."""
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import _html_page  # noqa: E402

HER2, SOURCE = os.environ["HER2"], pathlib.Path(os.environ["HER2_SOURCE"])
MOST = 8.0
faults = []


def syllables(word):
    word = re.sub(r"[^a-z]", "", word.lower())
    if not word:
        return 1  # a number or a sign is read as one word
    short = re.sub(r"(?:[^laeiouy]es|[^laeiouytd]ed|[^laeiouy]e)$", "", word)
    return max(1, len(re.findall(r"[aeiouy]{1,2}", re.sub(r"^y", "", short))))


def grade(text):
    """Flesch-Kincaid grade level (Kincaid 1975): 0.39 words a sentence + 11.8 syllables a word - 15.59."""
    sentences = [s for s in re.split(r"[.!?:]+(?:\s|$)", text) if s.strip()]
    words = re.findall(r"[A-Za-z0-9'+/-]+", text)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def page(facts, *options):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"schema": "her2-case/1", "id": "made", "facts": facts}, file)
        file.flush()
        done = subprocess.run([HER2, "explain", file.name, "--for", "patient", *options], capture_output=True, text=True,
                              check=False)
    if done.returncode:
        faults.append(f"{facts}: {done.stderr.strip()}")
    return done.stdout


def main():
    # The formula itself: 116 words of the catalogue's own kind would tell nothing; a text with a known grade does.
    known = "The cat sat on the mat."  # 6 words, 6 syllables, one sentence
    if abs(grade(known) - (0.39 * 6 + 11.8 - 15.59)) > 1e-9:
        faults.append("the formula is wrong")
    if grade("Administration of anthracycline-containing polychemotherapy necessitates echocardiographic surveillance.") < 15:
        faults.append("hard text is not seen")

    catalogue = tomllib.loads((SOURCE / "texts" / "patient.en.toml").read_text())
    for message in catalogue["message"]:
        text = re.sub(r"\{\w+\}", "90", message["text"])
        if len(re.findall(r"[.!?](?:\s|$)", text)) >= 2 and grade(text) > MOST:
            faults.append(f"message {message['id']}: grade {grade(text):.1f}")
        if re.search(r"\b(you should take|we recommend|must take|give you)\b", text.lower()):
            faults.append(f"message {message['id']} prescribes")

    her2 = [{"ihc_score": "3+"}, {"ihc_score": "1+"}, {"ihc_score": "0+"}, {"ihc_score": "0", "membrane_staining": "absent"},
            {"ihc_score": "0"}, {"ihc_score": "2+"}, {"ihc_score": "2+", "her2_total": 66, "cep17_total": 52, "cells": 20},
            {}]
    hormones = [{"er_percent": 90, "pgr_percent": 50}, {"er_percent": 0, "pgr_percent": 0},
                {"er_percent": 5, "pgr_percent": 0}, {}]
    extent = [{"m_category": "1"}, {"m_category": "0", "surgery": "conserving"}, {}]
    person = [{"germline_brca": "no", "sex": "female", "age_years": 38, "pregnant": True, "menopausal_status": "pre"},
              {"germline_brca": "yes", "sex": "female", "age_years": 70}, {}]
    pages, worst, shown = 0, 0.0, set()
    texts = {m["id"]: re.split(r"\{\w+\}", re.sub(r"\s+", " ", m["text"])) for m in catalogue["message"]}
    headings = catalogue["headings"]
    for parts in itertools.product(her2, hormones, extent, person):
        facts = {k: v for part in parts for k, v in part.items()}
        out = page(facts, "--format", "md").replace("\\", "")
        pages += 1
        body = out.split(headings["about"], 1)[-1].split("## " + headings["more"], 1)[0]
        prose = " ".join(line.lstrip("- ").strip() for line in body.splitlines() if line and not line.startswith("#"))
        level = grade(prose)
        worst = max(worst, level)
        if level > MOST:
            faults.append(f"{facts}: grade {level:.1f}")
        if re.search(r"\d+ ?%|alive after", prose):
            faults.append(f"{facts}: figures that were not asked for")
        shown |= {i for i, chunks in texts.items() if all(c.strip() in prose or c.strip() in out for c in chunks)}
    early = {"ihc_score": "1+", "er_percent": 90, "pgr_percent": 50, "m_category": "0", "sex": "female", "age_years": 60,
             "grade": "2", "size_mm": 20, "positive_nodes": 1, "surgery": "conserving"}
    with_numbers = page(early, "--with-numbers", "--format", "md").replace("\\", "")
    if "are alive" not in with_numbers:
        faults.append("--with-numbers shows no figures")
    if grade(with_numbers.split("## " + headings["more"])[0]) > MOST:
        faults.append("the page with figures is too hard")
    shown |= {i for i, chunks in texts.items() if all(c.strip() in with_numbers for c in chunks)}
    for never in sorted(set(texts) - shown):
        faults.append(f"message {never} is on no page")
    for name, facts, options in (("plain", early, []), ("numbers", early, ["--with-numbers"]), ("open", {}, [])):
        text = page(facts, "--format", "html", *options)
        _html_page.check_page(name, text)
    _html_page.check_colours(text)
    every = faults + _html_page.faults
    for one in every[:20]:
        print(one)
    print(f"{pages} pages, hardest grade {worst:.1f}, {len(texts)} messages, {len(every)} faults")
    return 1 if every else 0


if __name__ == "__main__":
    sys.exit(main())
