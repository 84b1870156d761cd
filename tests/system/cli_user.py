#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The program as a person uses it: help, exit codes, standard input, formats, closed pipes, full disks, and what is left
when it is killed."""
import csv
import glob
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

HER2 = os.environ["HER2"]
SOURCE = os.environ["HER2_SOURCE"]
failed = 0


def check(condition, *words):
    global failed
    if not condition:
        failed += 1
        print("fault:", *words)


def run(*arguments, text=None, folder=None, stdout=subprocess.PIPE):
    return subprocess.run([HER2, *arguments], cwd=folder, input=text, stdout=stdout, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL if text is None else None, timeout=120, check=False)


def help_texts():
    commands = [[], ["status"], ["guideline"], ["guideline", "list"], ["guideline", "show"], ["guideline", "verify"],
                ["guideline", "explain"], ["guideline", "export"], ["map"], ["map", "list"], ["map", "show"]]
    for command in commands:
        done = run(*command, "--help")
        text = done.stdout.decode()
        check(done.returncode == 0 and not done.stderr, "help of", command, done.returncode)
        check(len(text) > 100, "help of", command, "is short")
        check(all(len(line) <= 130 for line in text.splitlines()), "help of", command, "is wide")
    top = run("--help").stdout.decode()
    for word in ("status", "guideline", "map", "research"):
        check(word in top, word, "is not in the help")
    text = run("status", "--help").stdout.decode()
    for option in ("--edition", "--format", "--out", "--map", "--policy", "--strict", "--threads", "--quiet", "--set"):
        check(option in text, option, "is not in the help of status")
    check(run("--version").stdout.decode().startswith("her2 "), "version")


def exit_codes():
    for arguments in ([], ["bogus"], ["status", "--bogus"], ["status", "--format", "xml"], ["guideline"], ["map", "show", "x"],
                      ["guideline", "show", "x"], ["guideline", "explain", "breast-her2-2018", "x/y"], ["status", "--threads", "-1"],
                      ["status", "--policy", "newest"]):
        done = run(*arguments)
        error = done.stderr.decode()
        check(done.returncode == 2, arguments, "ends with", done.returncode)
        check(error.startswith("her2: ") and error.count("\n") == 1, arguments, "says", error[:300])
        check(not done.stdout, arguments, "prints")
    check("bogus" in run("bogus").stderr.decode(), "an unknown command is not named")
    for case in glob.glob(os.path.join(SOURCE, "cases", "*.json")):
        check(run("status", case).returncode == 0, case)
    impossible = b'{"schema": "her2-case/1", "id": "a", "facts": {"strong_complete": 80, "weak_complete": 70}}'
    done = run("status", "-", text=impossible)
    check(done.returncode == 1 and b"research" in done.stdout.lower(), "an impossible case ends with", done.returncode)


TABLE = "id,ihc_score,cells,her2_total,cep17_total\nA,2+,20,90,40\nB,1+,,,\nC,4+,,,\n\"D,d\",0|1+,,,\n"


def standard_input():
    done = run("status", "-", "--edition", "2018", "--format", "jsonl", text=TABLE.encode())
    rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
    check(done.returncode == 0, "standard input:", done.returncode)
    check([row["id"] for row in rows] == ["A", "B", "C", "D,d"], "ids:", rows)
    check([row["state"] for row in rows] == ["decided", "decided", "refused", "decided"], "states:", rows)
    check(rows[0]["her2_status"] == "positive" and rows[0]["ish_group"] == "1", "first row:", rows[0])
    check(rows[2]["refusals"][0]["column"] == "ihc_score" and rows[2]["refusals"][0]["value"] == "4+", "refusal:", rows[2])
    check([row["line"] for row in rows] == [2, 3, 4, 5], "lines:", rows)
    summary = done.stderr.decode()
    for words in ("status 3", "refused 1", "4 in all", "research use"):
        check(words in summary, words, "is not in the summary:", summary)
    check(not run("status", "-", "-q", text=TABLE.encode()).stderr, "--quiet is not quiet")
    case = b'  {"schema": "her2-case/1", "id": "a", "facts": {"ihc_score": "3+"}}'
    check(b"positive" in run("status", "-", text=case.strip()).stdout.lower(), "a case from standard input")
    check(b"positive" in run("status", "-", text=case).stdout.lower(), "a case behind blanks")


def formats_agree():
    """TSV, CSV and JSON Lines of the same table say the same."""
    values = {}
    for form in ("tsv", "csv", "jsonl"):
        text = run("status", "-", "-q", "--format", form, text=TABLE.encode()).stdout.decode()
        if form == "jsonl":
            rows = [json.loads(line) for line in text.splitlines()]
        else:
            rows = list(csv.DictReader(io.StringIO(text), delimiter="\t" if form == "tsv" else ",",
                                       quoting=csv.QUOTE_NONE if form == "tsv" else csv.QUOTE_MINIMAL))
        values[form] = [[str(row[key] or "") for key in ("line", "id", "state", "her2_status", "her2_spectrum", "rule")] for row in rows]
    check(values["tsv"] == values["csv"] == values["jsonl"], "formats differ:", values)


def editions():
    counts = b"id,cells,her2_total,cep17_total\nA,20,84,40\n"
    for edition, status in (("2007", "equivocal"), ("2013", "positive"), ("2018", "positive"), ("fda-ratio", "positive")):
        row = json.loads(run("status", "-", "-q", "-e", edition, "-f", "jsonl", text=counts).stdout)
        check(row["her2_status"] == status, edition, row)
    row = json.loads(run("status", "-", "-q", "-e", "all", "-f", "jsonl", text=counts).stdout)
    check(row["her2_status_2007"] == "equivocal" and row["her2_status_2018"] == "positive", "all editions:", row)


def json_is_valid():
    try:
        import jsonschema  # pylint: disable=import-outside-toplevel
    except ImportError:
        print("python3-jsonschema is not installed: the schema is not checked")
        return
    with open(os.path.join(SOURCE, "schemas", "status.schema.json"), encoding="utf-8") as file:
        validator = jsonschema.Draft7Validator(json.load(file))
    for case in sorted(glob.glob(os.path.join(SOURCE, "cases", "*.json"))):
        for edition in ("2007", "2013", "2018", "2023", "nccn", "five-strata", "fda-ratio"):
            done = run("status", case, "--format", "json", "--edition", edition)
            errors = [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator.iter_errors(json.loads(done.stdout))]
            check(not errors, os.path.basename(case), edition, errors[:3])


def lost_output():
    """What cannot be written is said, whatever prints it."""
    case = os.path.join(SOURCE, "cases", "01-group-5-low.json")
    with tempfile.TemporaryDirectory() as folder:
        table = os.path.join(folder, "table.csv")
        with open(table, "w", encoding="utf-8") as out:
            out.write(TABLE)
        for arguments in (["status", case], ["status", table, "-q"], ["guideline", "list"], ["guideline", "verify", "breast-allred"],
                          ["map", "list"], ["map", "show", "plain"], ["--help"], ["--version"],
                          ["guideline", "export", "breast-allred"]):
            with open("/dev/full", "w", encoding="utf-8") as full:
                done = run(*arguments, stdout=full)
            check(done.returncode == 2, arguments, "onto a full disk ends with", done.returncode)
            check(b"standard output" in done.stderr and done.stderr.count(b"\n") == 1, arguments, done.stderr[:300])
        big = os.path.join(folder, "big.csv")
        with open(big, "w", encoding="utf-8") as out:
            out.write("id,ihc_score\n" + "".join(f"c{i},2+\n" for i in range(200000)))
        done = subprocess.run(["bash", "-c", f"'{HER2}' status '{big}' -q | head -n 2 > /dev/null; exit ${{PIPESTATUS[0]}}"],
                              capture_output=True, timeout=120, check=False)
        check(done.returncode == 2 and done.stderr.count(b"\n") == 1, "closed pipe:", done.returncode, done.stderr[:300])


def killed():
    """kill -9 in the middle: nothing stands under the final name, an earlier result stays."""
    with tempfile.TemporaryDirectory() as folder:
        result = os.path.join(folder, "result.tsv")
        with open(result, "w", encoding="utf-8") as out:
            out.write("earlier")
        for name in (result, os.path.join(folder, "new.tsv")):
            with subprocess.Popen([HER2, "status", "-", "--out", name, "-q"], stdin=subprocess.PIPE) as process:
                process.stdin.write(b"id,ihc_score\n")
                for i in range(400000):
                    process.stdin.write(b"c%d,2+\n" % i)
                process.stdin.flush()
                limit = time.monotonic() + 20
                while not glob.glob(name + ".part-*") and time.monotonic() < limit:
                    time.sleep(0.01)
                check(glob.glob(name + ".part-*"), "nothing was being written to", name)
                process.send_signal(signal.SIGKILL)
                try:
                    process.stdin.close()
                except BrokenPipeError:
                    pass
            check(process.returncode == -signal.SIGKILL, "was not killed but ended with", process.returncode)
        with open(result, encoding="utf-8") as file:
            check(file.read() == "earlier", "the earlier result was touched")
        check(not os.path.exists(os.path.join(folder, "new.tsv")), "a half result stands under the final name")


def main():
    for part in (help_texts, exit_codes, standard_input, formats_agree, editions, json_is_valid, lost_output, killed):
        part()
    print(f"{failed} faults")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
