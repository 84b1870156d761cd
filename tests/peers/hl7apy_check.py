# SPDX-License-Identifier: Apache-2.0
"""hl7apy_check.py MESSAGE: hl7apy reads the message with its groups and holds it to the tables of its version, strictly.
It takes a text (TX) in OBX-5 for a string (ST), of at most 199 characters: longer ones are cut for it."""
import sys

from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.parser import parse_message


def cut(line):
    fields = line.split("|")
    if fields[:1] == ["OBX"] and fields[2] == "TX":
        fields[5] = fields[5][:199]
    return "|".join(fields)


with open(sys.argv[1], encoding="utf-8", newline="") as file:
    text = "\r".join(cut(line) for line in file.read().split("\r"))
message = parse_message(text, validation_level=VALIDATION_LEVEL.STRICT, find_groups=True)
message.validate()
print("valid", message.name)
