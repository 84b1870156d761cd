#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What her2 case show, history and list write as JSON keeps to schemas/record, history and list, by a validator that is
not ours; and each of these documents, with anything in it made wrong, does not. Skipped where python3-jsonschema is
absent."""
import copy
import json
import os
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed")
    sys.exit(77)

source, her2 = os.environ["HER2_SOURCE"], os.environ["HER2"]
checked, failed = 0, 0


def schema(name):
    with open(os.path.join(source, "schemas", name + ".schema.json"), encoding="utf-8") as file:
        return json.load(file)


def validator(name):
    jsonschema.Draft202012Validator.check_schema(schema(name))
    return jsonschema.Draft202012Validator(schema(name))


validators = {name: validator(name) for name in ("record", "history", "list")}
status = jsonschema.Draft7Validator(schema("status"))
case_file = schema("case")
specimen = jsonschema.Draft202012Validator({"$defs": case_file["$defs"], "$ref": "#/$defs/specimen"})


def fault(*words):
    global failed
    failed += 1
    print("fault:", *words)


def check(name, document):
    global checked
    checked += 1
    for error in validators[name].iter_errors(document):
        fault(name, "/".join(map(str, error.absolute_path)), error.message[:300])
    return document


def wrong_values(value):
    """Of the same place: another type, and for texts of a fixed form another form."""
    yield [] if not isinstance(value, list) else {}
    if isinstance(value, bool):
        yield 1
    elif isinstance(value, str):
        yield 7
    elif isinstance(value, (int, dict, list)):
        yield "x"


def spoilt(document, path=()):
    """Every document that differs in one key or one value: a key taken out, a key too many, a value of another kind.
    Of what other schemas describe (the status, the specimens) only that it is there."""
    here = document
    for step in path:
        here = here[step]
    if path and path[-1] in ("status", "facts") and len(path) == 1:
        return
    if isinstance(here, dict):
        for key in here:
            without = copy.deepcopy(document)
            at = without
            for step in path:
                at = at[step]
            del at[key]
            yield path + (key, "taken out"), without
        more = copy.deepcopy(document)
        at = more
        for step in path:
            at = at[step]
        at["extra"] = 1
        yield path + ("extra",), more
    steps = here if isinstance(here, dict) else range(min(len(here), 2)) if isinstance(here, list) else ()
    for step in steps:
        for value in wrong_values(here[step]):
            other = copy.deepcopy(document)
            at = other
            for one in path:
                at = at[one]
            at[step] = value
            yield path + (step, value), other
        yield from spoilt(document, path + (step,))


with tempfile.TemporaryDirectory() as folder:
    actor = ["--author", "Dr Lindt", "--at", "2026-11-23T10:00:00Z"]

    def run(*arguments):
        done = subprocess.run([her2, *arguments], cwd=folder, env={**os.environ, "HER2_STORE": "lab.her2"}, capture_output=True,
                              text=True, check=False, timeout=120)
        if done.returncode != 0:
            fault(arguments, done.stderr)
        return done.stdout

    def write(name, content):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(content if isinstance(content, str) else json.dumps(content))

    def document(*arguments):
        return json.loads(run("case", *arguments, "--format", "json"))

    first = {"schema": "her2-case/1", "id": "17", "specimens": [{"id": "core", "facts": {"ihc_score": "2+", "er_percent": 90}}]}
    write("first.json", first)
    write("second.json", {**first, "specimens": [{"id": "core", "facts": {"ihc_score": "3+"}}]})
    write("slide.svs", "no pixels")
    run("case", "new", "empty", *actor)
    empty = check("record", document("show", "empty"))
    run("case", "import", "first.json", *actor)
    run("case", "add", "--case", "17", "--image", "slide.svs", "--specimen", "core", "--comment", "recut", *actor)
    run("case", "sign", "17", "--meaning", "final report", "--role", "pathologist", *actor)
    run("case", "amend", "17", "second.json", "--reason", "other stain", *actor)
    run("case", "amend", "17", "--retract", "2", "--reason", "wrong patient", *actor)
    full = check("record", document("show", "17"))
    check("record", document("show", "17", "--as-of", "3"))
    history = check("history", document("history"))
    check("history", document("history", "17"))
    found = check("list", document("list", "--where", "her2_status = equivocal or er_status = positive"))
    check("list", document("list"))
    check("list", document("list", "--where", "ratio >= 2", "--open"))

    for error in list(status.iter_errors(full["status"])):
        fault("status", error.message[:300])
    for one in full["facts"]:
        for error in specimen.iter_errors(one):
            fault("specimen", error.message[:300])
    for key in ("evidence", "retractions", "images", "comments", "signatures", "entries", "facts"):
        if not full[key]:
            fault("the example has no", key)
    if len(found["cases"]) != 1 or empty["status"] is not None:
        fault("the examples are not what they should be", found, empty["status"])

    wrong = 0
    for name, good in (("record", full), ("record", empty), ("history", history), ("list", found)):
        for where, bad in spoilt(good):
            wrong += 1
            if validators[name].is_valid(bad):
                fault(name, "takes a document with", where)
    for name, good in (("record", full), ("history", history), ("list", found)):
        if validators[name].is_valid({**good, "schema": f"her2-{name}/2"}):
            fault(name, "takes another version")
    for what, value in (("hash", "0" * 63), ("at", "yesterday"), ("action", "delete"), ("entry", 0)):
        bad = copy.deepcopy(history)
        bad["entries"][0][what] = value
        if validators["history"].is_valid(bad):
            fault("history takes", what, value)

print(f"{checked} documents valid, {wrong} made wrong, {failed} faults")
sys.exit(1 if failed or wrong < 200 else 0)
