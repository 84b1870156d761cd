#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every kind of bad input, given to the program as a user would: exactly one sentence on standard error that names the
file and the place, an exit code that is not 0, no output file and nothing beside it."""
import gzip
import os
import subprocess
import sys
import tempfile

HER2 = os.environ["HER2"]
failed = 0


def fault(name, *words):
    global failed
    failed += 1
    print(f"{name}:", *words)


def run(arguments, folder, stdin=subprocess.DEVNULL, **more):
    return subprocess.run([HER2, *arguments], cwd=folder, stdin=stdin, capture_output=True, timeout=120, check=False, **more)


def one_sentence(name, done, words, code=2):
    """The complaint is one line, begins with "her2: ", and holds each of the words."""
    error = done.stderr.decode("utf-8", "replace")
    if done.returncode != code:
        fault(name, f"exit code {done.returncode} instead of {code}; {error[:300]!r}")
    if error.count("\n") != 1 or not error.endswith("\n") or not error.startswith("her2: "):
        fault(name, f"not one sentence: {error[:500]!r}")
    if len(error) > 700:
        fault(name, f"a sentence of {len(error)} bytes")
    for word in words:
        if word not in error:
            fault(name, f"{word!r} is not in {error[:500]!r}")
    if any(ord(c) < 32 and c != "\n" for c in error):
        fault(name, f"control characters in {error[:300]!r}")


def refused(name, content, words, extra=(), file="bad.csv", code=2):
    """A file of this content is refused whole; nothing is left behind."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, file), "wb") as out:
            out.write(content if isinstance(content, bytes) else content.encode())
        done = run(["status", file, "--out", "result", *extra], folder)
        one_sentence(name, done, words, code)
        if done.stdout:
            fault(name, f"printed {done.stdout[:200]!r}")
        left = sorted(set(os.listdir(folder)) - {file})
        if left:
            fault(name, f"left {left}")


GOOD = "id,ihc_score,cells,her2_total,cep17_total\nA,2+,20,90,40\n"

TABLES = [
    # name, content, words of the sentence
    ("empty file", b"", ["bad.csv", "empty"]),
    ("only blank lines", "\n\n\n", ["bad.csv"]),
    ("no id column", "name,ihc_score\nA,2+\n", ["bad.csv", "id"]),
    ("nothing that is used", "id,colour\nA,red\n", ["bad.csv"]),
    ("column twice", "id,ihc_score,ihc_score\nA,2+,3+\n", ["bad.csv", "ihc_score"]),
    ("UTF-16 with mark", GOOD.encode("utf-16"), ["bad.csv", "UTF-16"]),
    ("UTF-16 without mark", GOOD.encode("utf-16-le"), ["bad.csv"]),
    ("Latin-1", (GOOD + "Bär,3+,,,\n").encode("latin-1"), ["bad.csv", "line 3", "UTF-8"]),
    ("Latin-1 far behind", (GOOD + "".join(f"c{i},3+,,,\n" for i in range(5000)) + "Bär,3+,,,\n").encode("latin-1"),
     ["bad.csv", "line 5003", "UTF-8"]),
    ("NUL bytes", GOOD.encode() + b"B,2+,\x00,,\n", ["bad.csv", "line 3"]),
    ("line ends of CR alone", GOOD.replace("\n", "\r"), ["bad.csv"]),
    ("quote never closed", GOOD + 'B,"2+,20,90,40\nC,2+,20,90,40\n', ["bad.csv", "line 3", "quote"]),
    ("quote never closed in the names", 'id,"ihc_score\nA,2+\n', ["bad.csv", "line 1", "quote"]),
    ("a row of 17 MiB", GOOD + "B," + "2" * (17 << 20) + ",,,\n", ["bad.csv", "line 3"]),
    ("a quoted row of 17 MiB", GOOD + 'B,"' + "2\n" * (9 << 20) + '",,,\n', ["bad.csv", "line 3"]),
    ("truncated gzip", gzip.compress(GOOD.encode() * 1000)[:-30], ["bad.csv", "gzip"]),
    ("gzip of a few bytes", gzip.compress(GOOD.encode())[:12], ["bad.csv", "gzip"]),
    ("damaged gzip", gzip.compress(GOOD.encode() * 50)[:60] + b"\xff" * 60, ["bad.csv", "gzip"]),
    ("a workbook", b"PK\x03\x04" + b"\x00" * 200, ["bad.csv"]),
]

STRICT = [
    # rows behind two good ones, words; with --strict the first refusal ends the work
    ("negative count", "C,2+,20,-3,40\n", ["line 3", "her2_total"]),
    ("0 cells", "C,2+,0,90,40\n", ["line 3", "cells"]),
    ("wrong type", "C,2+,twenty,90,40\n", ["line 3", "cells", "twenty"]),
    ("unknown vocabulary", "C,4+,20,90,40\n", ["line 3", "ihc_score", "4+"]),
    ("half a signal", "C,2+,20,90.5,40\n", ["line 3", "her2_total"]),
    ("too many fields", "C,2+,20,90,40,7\n", ["line 3", "6"]),
    ("too few fields", "C,2+\n", ["line 3", "2"]),
    ("id twice", "A,2+,20,90,40\n", ["line 3", "A"]),
    ("no id", ",2+,20,90,40\n", ["line 3", "id"]),
    ("text behind a quote", 'C,"2+"x,20,90,40\n', ["line 3", "quote"]),
]

CASES = [
    # JSON of a case, words
    ("no JSON", "ihc 3+", ["bad.json", "line 1"]),
    ("empty JSON", "", ["bad.json"]),
    ("JSON cut off", '{"schema": "her2-case/1", "id": "a", "facts": {"ihc_score": "3+"', ["bad.json", "line 1"]),
    ("wrong schema", '{"schema": "her2-case/9", "id": "a", "facts": {}}', ["bad.json", "her2-case/1"]),
    ("unknown key", '{"schema": "her2-case/1", "id": "a", "fact": {}}', ["bad.json", "fact"]),
    ("unknown fact", '{"schema": "her2-case/1", "id": "a", "facts": {"ihc_scoer": "3+"}}', ["bad.json", "ihc_scoer", "ihc_score"]),
    ("unknown value", '{"schema": "her2-case/1", "id": "a", "facts": {"ihc_score": "4+"}}', ["bad.json", "ihc_score", "4+"]),
    ("wrong type", '{"schema": "her2-case/1", "id": "a", "facts": {"cells": {"n": 3}}}', ["bad.json", "cells"]),
    ("over 100 %", '{"schema": "her2-case/1", "id": "a", "facts": {"er_percent": 101}}', ["bad.json", "er_percent", "100"]),
    ("negative", '{"schema": "her2-case/1", "id": "a", "facts": {"her2_total": -1}}', ["bad.json", "her2_total"]),
    ("0 cells", '{"schema": "her2-case/1", "id": "a", "facts": {"cells": 0}}', ["bad.json", "cells"]),
    ("half a cell", '{"schema": "her2-case/1", "id": "a", "facts": {"cells": 20.5}}', ["bad.json", "cells"]),
    ("key twice", '{"schema": "her2-case/1", "id": "a", "facts": {"cells": 20, "cells": 30}}', ["bad.json", "cells"]),
    ("specimen twice", '{"schema": "her2-case/1", "id": "a", "specimens": [{"id": "s"}, {"id": "s"}]}', ["bad.json", "s"]),
    ("impossible day", '{"schema": "her2-case/1", "id": "a", "specimens": [{"id": "s", "date": "2023-02-29"}]}', ["bad.json", "2023-02-29"]),
    ("too deep", "[" * 100000, ["bad.json"]),
    ("UTF-16", '{"schema": "her2-case/1"}'.encode("utf-16"), ["bad.json", "UTF"]),
    ("Latin-1", '{"schema": "her2-case/1", "id": "B\xe4r", "facts": {}}'.encode("latin-1"), ["bad.json", "UTF-8"]),
    ("unknown tumour", '{"schema": "her2-case/1", "id": "a", "tumour": "spleen", "facts": {}}', ["bad.json", "spleen"]),
    ("NaN", '{"schema": "her2-case/1", "id": "a", "facts": {"cells": NaN}}', ["bad.json"]),
]


def good_inputs():
    """What looks odd but is fine."""
    for name, content in [
        ("byte order mark", b"\xef\xbb\xbf" + GOOD.encode()),
        ("CR LF", GOOD.replace("\n", "\r\n").encode()),
        ("no line end at the end", GOOD.rstrip("\n").encode()),
        ("gzip", gzip.compress(GOOD.encode())),
        ("semicolons", GOOD.replace(",", ";").encode()),
        ("quoted line break", GOOD.encode() + b'"B\nB","2+",20,90,40\n'),
        ("blank lines", GOOD.replace("\n", "\n\n").encode()),
    ]:
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "good.csv"), "wb") as out:
                out.write(content)
            done = run(["status", "good.csv", "--out", "result.tsv", "--quiet", "--strict"], folder)
            if done.returncode != 0 or done.stderr:
                fault(name, done.returncode, done.stderr[:300])
                continue
            with open(os.path.join(folder, "result.tsv"), encoding="utf-8") as file:
                rows = file.read().splitlines()
            if "A\tdecided\tpositive" not in rows[1]:
                fault(name, rows)
            if sorted(os.listdir(folder)) != ["good.csv", "result.tsv"]:
                fault(name, os.listdir(folder))


def lost_files():
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "sub"))
        with open(os.path.join(folder, "good.csv"), "w", encoding="utf-8") as out:
            out.write(GOOD)
        for name, arguments, words in [
            ("missing table", ["nowhere.csv"], ["nowhere.csv"]),
            ("missing case", ["nowhere.json"], ["nowhere.json"]),
            ("folder", ["sub"], ["sub", "folder"]),
            ("folder as a case", ["."], ["folder"]),
            ("missing map", ["good.csv", "--map", "nowhere.toml"], ["nowhere.toml"]),
            ("folder as a map", ["good.csv", "--map", "sub"], ["sub"]),
            ("result in a folder that is not there", ["good.csv", "--out", "nowhere/result"], ["nowhere/result"]),
            ("result is a folder", ["good.csv", "--out", "sub"], ["sub"]),
            ("unknown edition", ["good.csv", "--edition", "1999"], ["1999"]),
            ("unknown parameter", ["good.csv", "--set", "nonsense=3"], ["nonsense"]),
            ("bad parameter", ["good.csv", "--set", "ki67_cut=many"], ["ki67_cut"]),
            ("empty guidelines", ["good.csv", "--guidelines", "sub"], ["sub"]),
            ("table as a page", ["good.csv", "--format", "html"], ["html"]),
            ("full disk", ["good.csv", "--out", "/dev/full"], ["/dev/full"]),
            ("strict and missing", ["nowhere.csv", "--strict"], ["nowhere.csv"]),
        ]:
            one_sentence(name, run(["status", *arguments], folder), words)
        if os.getuid() != 0:  # root reads everything
            os.chmod(os.path.join(folder, "good.csv"), 0)
            one_sentence("unreadable", run(["status", "good.csv"], folder), ["good.csv"])
        if sorted(os.listdir(folder)) != ["good.csv", "sub"] or os.listdir(os.path.join(folder, "sub")):
            fault("lost files", "left", os.listdir(folder))


def sanitized():
    try:
        with open(os.path.join(os.environ["HER2_BUILD"], "CMakeCache.txt"), encoding="utf-8") as file:
            return any(line.startswith("HER2_SANITIZE:") and line.strip()[-1] != "=" for line in file)
    except (KeyError, OSError):
        return False


def long_line():
    """A line of 1 GB through a pipe, under a limit of memory: refused early, with the line."""
    limit = "" if sanitized() else "ulimit -v 600000; "  # sanitizers reserve terabytes of addresses
    script = limit + f"(printf 'id,ihc_score\\nA,2+\\nB,'; head -c 1000000000 /dev/zero | tr '\\0' 'x') | '{HER2}' status -"
    done = subprocess.run(["bash", "-c", script], capture_output=True, timeout=250, check=False)
    error = done.stderr.decode()
    if done.returncode != 2 or "standard input: line 3" not in error or error.count("her2: ") != 1:
        fault("1 GB line", done.returncode, error[:500])


def previous_result_stays():
    """A refused table does not touch the result of an earlier run."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "bad.csv"), "wb") as out:
            out.write(GOOD.encode() + b"\xff,2+,20,90,40\n")
        with open(os.path.join(folder, "result"), "w", encoding="utf-8") as out:
            out.write("earlier")
        run(["status", "bad.csv", "--out", "result"], folder)
        with open(os.path.join(folder, "result"), encoding="utf-8") as file:
            if file.read() != "earlier":
                fault("earlier result", "was overwritten")
        if sorted(os.listdir(folder)) != ["bad.csv", "result"]:
            fault("earlier result", os.listdir(folder))


def main():
    for name, content, words in TABLES:
        refused(name, content, words)
        refused(name + ", 3 threads", content, words, ["--threads", "3", "--format", "jsonl"])
    for name, rows, words in STRICT:
        refused("strict: " + name, GOOD + rows + "Z,3+,,,\n", ["bad.csv", *words], ["--strict"], code=1)
    for name, content, words in CASES:
        refused("case: " + name, content, words, file="bad.json")
    good_inputs()
    lost_files()
    previous_result_stays()
    long_line()
    print(f"{2 * len(TABLES) + len(STRICT) + len(CASES)} bad inputs, {failed} faults")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
