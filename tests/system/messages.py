#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the sources to the catalogue messages/en: every key that code says is in it with the very placeholders, every
key of it is said, names of the data exist, and plural rules hold for the numbers for which Babel says so."""
import os
import pathlib
import re
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(os.environ["HER2_SOURCE"])
CALL = re.compile(r"\b(?:\w+_)?say(?:_if|_as)?\(")
OLD_NOTATION = ((" mod ", " % "), (" not in ", " != "), (" is not ", " != "), (" in ", " = "), (" is ", " = "))  # Babel's
faults = []


def flat(table, prefix=""):
    """Key -> (sentence of the form "other", all its forms)."""
    for name, value in table.items():
        key = prefix + name
        if isinstance(value, dict) and "by" in value:
            yield key, {name: form for name, form in value.items() if name != "by"}
        elif isinstance(value, dict):
            yield from flat(value, key + ".")
        else:
            yield key, {"other": value}


def catalogue():
    keys, open_groups = {}, set()
    for path in sorted((ROOT / "messages/en").glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        open_groups |= set(table.pop("open", []))
        table.pop("language", None)
        table.pop("locale", None)
        for key, forms in flat(table):
            if key in keys:
                faults.append(f"{path.name}: {key} stands twice")
            keys[key] = forms
    return keys, open_groups


def places(sentence):
    return set(re.findall(r"\{([a-z0-9_]+)\}", sentence))


def end_of(text, at):
    """Behind the bracket that closes the one at `at`; strings are passed over."""
    depth = 0
    while at < len(text):
        if text[at] == '"':
            at += 1
            while text[at] != '"':
                at += 2 if text[at] == "\\" else 1
        elif text[at] in "({[":
            depth += 1
        elif text[at] in ")}]":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return at


def top_level(text):
    """The parts between commas that are in no brackets."""
    parts, at, last = [], 0, 0
    while at < len(text):
        if text[at] in '({["':
            at = end_of(text, at) if text[at] != '"' else text.index('"', at + 1) + 1
        elif text[at] == ",":
            parts.append(text[last:at])
            last = at = at + 1
        else:
            at += 1
    return [part.strip() for part in parts + [text[last:]]]


def check_sources(keys, open_groups):
    said = set()
    calls = 0
    for path in sorted([*ROOT.glob("her2/**/*.cpp"), *ROOT.glob("her2/**/*.h"), *ROOT.glob("apps/**/*.cpp")]):
        text = path.read_text(encoding="utf-8")
        where = path.relative_to(ROOT)
        if where.parts[1] == "language" and path.name != "say.cpp":
            continue
        for name in re.findall(r'\bname_in\("(\w+)"', text):
            if name not in open_groups:
                faults.append(f"{where}: name_in(\"{name}\"): the group is not in `open` of messages/en/locale.toml")
        for found in CALL.finditer(text):
            end = end_of(text, found.end() - 1)
            parts = top_level(text[found.end():end - 1])
            if "say_as" in found.group(0):
                parts = parts[1:]
            named = re.findall(r'"([a-z0-9_]+\.[A-Za-z0-9_.+-]+)"', parts[0])
            if not named:
                continue  # a declaration, or a key that comes from data
            calls += 1
            given = set()
            if len(parts) > 1:
                given = {re.match(r'\{"(\w+)"', one).group(1) for one in top_level(parts[1][1:-1]) if one}
            for key in named:
                said.add(key)
                if key not in keys:
                    faults.append(f"{where}: {key} is not in messages/en")
                    continue
                wanted = places(keys[key]["other"])
                if wanted != given:
                    faults.append(f"{where}: {key}: the code gives {sorted(given)}, the sentence has {sorted(wanted)}")
    for key in sorted(set(keys) - said):
        if key.split(".")[0] not in open_groups:
            faults.append(f"messages/en: {key} is said nowhere")
    return calls


def check_values(keys):
    """value.FACT.VALUE: both are in a dictionary of facts."""
    facts = {}
    for path in ROOT.glob("guidelines/**/*.toml"):
        for name, fact in tomllib.loads(path.read_text(encoding="utf-8")).get("facts", {}).items():
            if isinstance(fact, dict):
                facts.setdefault(name, set()).update(map(str, fact.get("values", [])))
    for key in keys:
        if key.startswith("value."):
            _, fact, value = key.split(".", 2)
            if value not in facts.get(fact, set()):
                faults.append(f"messages/en/values.toml: {fact} has no value {value}")


def check_plurals():
    try:
        import babel
    except ImportError:
        print("Babel is not installed: plural rules were not compared")
        return 0
    rules = {}
    for name in babel.localedata.locale_identifiers():
        for category, rule in babel.Locale.parse(name).plural_form.rules.items():
            for old, new in OLD_NOTATION:
                rule = rule.replace(old, new)
            rules.setdefault(rule, (name, category))
    numbers = [*range(0, 205), 1000, 1001, 1011, 100000, 1000000, 1000002]
    lines = "".join(f"{number}\t{rule}\n" for rule in rules for number in numbers)
    program = os.path.join(os.environ["HER2_BUILD"], "tests", "plural_values")
    ours = subprocess.run([program], input=lines, text=True, capture_output=True, check=True).stdout.split()
    at = 0
    for rule, (name, category) in rules.items():
        theirs = babel.plural.PluralRule({category: rule})
        for number in numbers:
            if (theirs(number) == category) != (ours[at] == "1"):
                faults.append(f"plural rule {rule} of {name}: {number} is {ours[at]}, Babel says {theirs(number)}")
            at += 1
    return len(rules)


keys, open_groups = catalogue()
calls = check_sources(keys, open_groups)
check_values(keys)
rules = check_plurals()
for fault in faults[:60]:
    print(fault)
print(f"{len(keys)} keys, {calls} calls, {rules} plural rules, {len(faults)} faults")
sys.exit(1 if faults or calls < 300 else 0)
