#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the house rules of docs/structure.md: rooms include only downwards and as her2/CMakeLists.txt says, no
cycles, one name for one type, short files, a licence line in every source, nothing left open without an issue number.

Runs first on a small house with every fault, so that a check that sees nothing is itself seen."""

import os
import pathlib
import re
import sys
import tempfile

MAX_LINES = 450
WARN_LINES = 400
SOURCES = ("*.cpp", "*.h", "*.py", "*.sh", "*.cmake", "CMakeLists.txt", "Makefile")
ROOM = re.compile(r"^ *her2_room\((\w+)([^)]*)\)", re.M)
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.M)
LEFT_OPEN = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b(?!\s*\(?#\d+)")
NAMESPACE = re.compile(r"^(?:inline )?namespace *([\w:]*) *\{")
TYPE = re.compile(r"^(?:struct|class|enum class) +(\w+)(?: +final)?(?: *:(?!:)[^;{]+)? *\{")
NEEDS_EMBEDDED = ("language", "run", "assay")  # rooms that link her2::embedded


def read_rooms(root, faults):
    """Room -> rooms that it may include, from the build's own table."""
    rooms = {}
    for name, rest in ROOM.findall((root / "her2/CMakeLists.txt").read_text()):
        words, uses = rest.split(), []
        if "USES" in words:
            for word in words[words.index("USES") + 1:]:
                if word.isupper():
                    break
                uses.append(word)
        for used in uses:
            if used not in rooms:  # a room stands below only if it was built before
                faults.append(f"her2/CMakeLists.txt: {name} uses {used}, which does not stand below it")
        rooms[name] = set(uses)
    for folder in sorted(path.name for path in (root / "her2").iterdir() if path.is_dir()):
        if folder not in rooms:
            faults.append(f"her2/{folder}: no her2_room({folder} ...) in her2/CMakeLists.txt")
    return rooms


def sources_of(root, folders):
    for folder in folders:
        for pattern in SOURCES:
            yield from sorted((root / folder).rglob(pattern))


def check_includes(root, rooms, faults):
    graph = {}
    for path in sources_of(root, ["her2", "apps"]):
        if path.suffix not in (".h", ".cpp"):
            continue
        name = path.relative_to(root).as_posix()
        room = name.split("/")[1] if name.startswith("her2/") else None
        graph[name] = []
        for included in INCLUDE.findall(path.read_text()):
            if not included.startswith("her2/"):
                if room is not None or not (path.parent / included).exists():
                    faults.append(f'{name}: include "{included}" should be written "her2/<room>/..."')
                continue
            if not (root / included).exists():
                faults.append(f"{name}: includes {included}, which does not exist")
            graph[name].append(included)
            target = included.split("/")[1]
            if room is not None and target != room and target not in rooms.get(room, set()):
                faults.append(f"{name}: {room} must not include {included}")
            if included == "her2/core/embedded.h" and room not in (None, "core", *NEEDS_EMBEDDED):
                faults.append(f"{name}: only {', '.join(NEEDS_EMBEDDED)}, apps and tests may use embedded files")
    check_cycles(graph, faults)


def check_cycles(graph, faults):
    done, path = set(), []

    def visit(name):
        if name in path:
            faults.append("include cycle: " + " -> ".join(path[path.index(name):] + [name]))
            return
        if name in done:
            return
        path.append(name)
        for included in graph.get(name, []):
            visit(included)
        path.pop()
        done.add(name)

    for name in sorted(graph):
        visit(name)


def check_types(root, faults):
    """Two types of one name in one namespace: the linker takes the functions of one for both."""
    places = {}
    for path in sources_of(root, ["her2", "apps"]):
        if path.suffix not in (".h", ".cpp"):
            continue
        spaces = []
        for line in path.read_text().splitlines():
            if found := NAMESPACE.match(line):
                spaces.append(found.group(1))
            elif line.startswith("}  // namespace") and spaces:
                spaces.pop()
            elif (found := TYPE.match(line)) and "" not in spaces:
                name = "::".join([*spaces, found.group(1)])
                places.setdefault(name, []).append(path.relative_to(root).as_posix())
    for name, files in sorted(places.items()):
        if len(files) > 1:
            faults.append(f"{name} is defined more than once: {', '.join(files)}")


def check_text(root, faults, warnings):
    folders = [f for f in ("her2", "apps", "tests", "fuzz", "bench", "cmake", "scripts") if (root / f).is_dir()]
    for path in sources_of(root, folders):
        name = path.relative_to(root).as_posix()
        lines = path.read_text().splitlines()
        if not any("SPDX-License-Identifier: Apache-2.0" in line for line in lines[:3]):
            faults.append(f"{name}: no line 'SPDX-License-Identifier: Apache-2.0' at its head")
        if path.suffix == ".h" and "#pragma once" not in lines:
            faults.append(f"{name}: no #pragma once")
        for number, line in enumerate(lines, 1):
            if LEFT_OPEN.search(line):
                faults.append(f"{name}:{number}: left open without an issue number (#N)")
        if name.startswith(("her2/", "apps/")):
            if len(lines) > MAX_LINES:
                faults.append(f"{name}: {len(lines)} lines, more than {MAX_LINES}: one idea a file?")
            elif len(lines) > WARN_LINES:
                warnings.append(f"{name}: {len(lines)} lines, nearly too many")


def check(root):
    faults, warnings = [], []
    check_includes(root, read_rooms(root, faults), faults)
    check_types(root, faults)
    check_text(root, faults, warnings)
    return faults, warnings


def self_test():
    spdx = "// SPDX-License-Identifier: Apache-2.0\n"
    header = spdx + "#pragma once\n"
    house = {
        "her2/CMakeLists.txt": "# SPDX-License-Identifier: Apache-2.0\nher2_room(low USES high LIBRARIES x)\nher2_room(high USES low)\n",
        "her2/low/up.h": header + '#include "her2/high/b.h"\n',
        "her2/high/a.h": header + '#include "her2/high/b.h"\n',
        "her2/high/b.h": header + '#include "her2/high/a.h"\n',
        "her2/high/bare.cpp": '#include "b.h"\n#include "her2/low/none.h"\n',
        "her2/high/long.cpp": spdx + "\n" * 460,
        "her2/high/open.cpp": spdx + "// TO" + "DO: later\n// TO" + "DO(#7): known\n",
        "her2/high/twice.h": spdx + '#include "her2/core/embedded.h"\n',
        "her2/attic/x.h": header,
        "her2/low/type.h": header + "namespace her2 {\nstruct Twin {\n};\nstruct Only;\n}  // namespace her2\n",
        "her2/high/type.h": header + "namespace her2 {\nclass Twin final : public Base {\n};\n}  // namespace her2\n"
                            "namespace her2 {\nnamespace {\nstruct Only {\n};\n}  // namespace\n}  // namespace her2\n",
        "her2/high/type2.h": header + "namespace her2 {\nstruct Only {\n};\n}  // namespace her2\n",
        "apps/.keep": "",
    }
    expected = [
        "low uses high, which does not stand below it", "her2/attic: no her2_room", "include cycle: her2/high/a.h",
        'include "b.h" should be', "includes her2/low/none.h, which does not exist", "her2/high/bare.cpp: no line",
        "her2/high/long.cpp: 461 lines", "her2/high/open.cpp:2: left open", "her2/high/twice.h: no #pragma once",
        "high must not include her2/core/embedded.h", "may use embedded files",
        "her2::Twin is defined more than once: her2/high/type.h, her2/low/type.h",
    ]
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in house.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        faults, _ = check(root)
        unseen = [text for text in expected if not any(text in fault for fault in faults)]
        false_alarms = [fault for fault in faults if "open.cpp:3" in fault or "Only" in fault]
        if unseen or false_alarms:
            sys.exit(f"rooms.py does not work: not seen {unseen}, false {false_alarms}")


def main():
    self_test()
    root = pathlib.Path(os.environ.get("HER2_SOURCE", pathlib.Path(__file__).resolve().parents[2]))
    faults, warnings = check(root)
    for line in warnings:
        print("warning:", line)
    for line in faults:
        print(line)
    print(f"{len(faults)} faults, {len(warnings)} warnings")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
