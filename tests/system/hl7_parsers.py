#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""HL7 v2 messages of every bundled case as two independent parsers (python3-hl7, hl7-standard from npm) read them: the
same codes, values and units, and each gives its case back. Skipped where neither is installed."""
import glob
import json
import os
import subprocess
import sys
import tempfile

try:
    import hl7
except ImportError:
    hl7 = None
source, her2 = os.environ["HER2_SOURCE"], os.environ["HER2"]
peers = os.path.join(source, "build", "peers", "node")
node = os.path.isdir(os.path.join(peers, "node_modules", "hl7-standard"))
if hl7 is None and not node:
    print("no parser to compare with: install python3-hl7, or scripts/install-deps.sh --peers")
    sys.exit(77)
failed = compared = 0


def run(*arguments):
    return subprocess.run([her2, *arguments], check=True, capture_output=True).stdout.decode()


def check(holds, what):
    global failed
    if not holds:
        failed += 1
        print("FAILED:", what)


def ours(message):
    rows = [line.split("|") + [""] * 20 for line in message.split("\r") if line.startswith("OBX")]
    return [(r[2], r[3].split("^")[0], r[5], r[6].split("^")[0], r[11]) for r in rows]


def status_of(path):
    status = json.loads(run("status", path, "--format", "json"))
    return [(s["id"], [(a["fact"], a["state"], a["words"]) for a in s["answers"]]) for s in status["specimens"]]


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "result.hl7")
    for case in sorted(glob.glob(os.path.join(source, "cases", "*.json"))):
        name = os.path.basename(case)
        message = run("export", case, "--format", "hl7", "--at", "2026-11-23T10:00:00Z")
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(message)
        wanted = ours(message)
        compared += len(wanted)
        if hl7 is not None:
            parsed = hl7.parse(message)
            check(str(parsed).replace("\r\r", "\r") == message, f"{name}: python3-hl7 does not write back what it read")
            theirs = [(str(s[2]), str(s[3][0][0]) if isinstance(s[3][0], list) else str(s[3]), str(s[5])) for s in parsed["OBX"]]
            check([t[:2] for t in theirs] == [w[:2] for w in wanted], f"{name}: python3-hl7 reads other codes")
            check([t[2] for t in theirs] == [w[2] for w in wanted], f"{name}: python3-hl7 reads other values")
        if node:
            out = subprocess.run(["node", os.path.join(source, "tests", "peers", "node", "hl7_read.mjs"), path], cwd=peers,
                                 check=True, capture_output=True, text=True).stdout
            theirs = [(o["type"], o["code"], o["unit"], o["status"]) for o in json.loads(out)]
            check(theirs == [(w[0], w[1], w[3], w[4]) for w in wanted], f"{name}: hl7-standard reads other codes or units")
        with open(case, encoding="utf-8") as file:
            has_ensemble = "\"ensembles\"" in file.read()
        if not has_ensemble:  # an ensemble's replicates have no place in HL7 (docs/exchange.md)
            check(status_of(case) == status_of(path), f"{name}: another status once read back")
    # NAACCR Volume V: fixed fields where the peers look for them; hl7apy holds the message to the tables of 2.5.1.
    apy = os.path.join(source, "build", "peers", "dicom", "bin", "python")
    strict = os.path.exists(apy) and subprocess.run([apy, "-c", "import hl7apy"], capture_output=True, check=False).returncode == 0
    for case in sorted(glob.glob(os.path.join(source, "cases", "*.json"))):
        name = os.path.basename(case)
        message = run("export", case, "--format", "hl7", "--at", "2026-11-23T10:00:00Z", "--naaccr", "--facility", "Lab & Co",
                      "--facility-address", "Main St 1", "--facility-phone", "555-0100", "--provider-address", "High St 2",
                      "--patient-id", "MRN7", "--patient-id-system", "HOSP", "--family", "Doe", "--signed-by", "Dr P")
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(message)
        if '"ensembles"' not in open(case, encoding="utf-8").read():
            check(status_of(case) == status_of(path), f"{name}: another status from Volume V")
        if hl7 is not None:
            parsed = hl7.parse(message)
            msh, pid, spm = parsed["MSH"][0], parsed["PID"][0], parsed["SPM"]
            check(str(msh[9]) == "ORU^R01^ORU_R01" and str(msh[12]) == "2.5.1", f"{name}: MSH-9, MSH-12")
            check(str(msh[21]) == "VOL_V_50_ORU_R01^NAACCR_CP^2.16.840.1.113883.9.8^ISO", f"{name}: MSH-21 {msh[21]}")
            check(str(pid[3][1]) == "MRN7^^^HOSP^MR", f"{name}: PID-3 {pid[3]}")
            check(len(spm) == len(parsed["OBR"]), f"{name}: an SPM for each OBR")
            for orc in parsed["ORC"]:
                check([str(orc[n]) for n in (1, 21, 22, 23, 24)] ==
                      ["RE", "Lab \\T\\ Co", "Main St 1", "555-0100", "High St 2"], f"{name}: ORC {orc}")
            part = 0
            for segment in parsed:
                part += str(segment[0]) == "OBR"
                if str(segment[0]) == "OBR":
                    check(str(segment[4]).startswith("11529-5^") and str(segment[22]) and str(segment[25]) == "F", f"{name}: OBR")
                if str(segment[0]) == "OBX":
                    check(str(segment[4]) == str(part), f"{name}: OBX-4 {segment[4]}")
            codes = [str(s[3]).split("^")[0] for s in parsed["OBX"]]
            check(codes.count("22637-3") == 1 and codes.count("22633-2") == len(spm), f"{name}: sections {codes}")
        if strict:
            says = subprocess.run([apy, os.path.join(source, "tests", "peers", "hl7apy_check.py"), path], capture_output=True,
                                  text=True, check=False)
            check(says.returncode == 0, f"{name}: hl7apy: {says.stdout} {says.stderr[-300:]}")
    done = subprocess.run([her2, "export", case, "--format", "hl7", "--naaccr"], capture_output=True, text=True, check=False)
    check(done.returncode == 2 and "--facility" in done.stderr, "Volume V without a facility")
    order = run("export", os.path.join(source, "cases", "02-group-4-recount.json"), "--format", "hl7").split("\r")
    check(order[0].startswith("MSH|^~\\&|her2|"), "a header")
print(f"{compared} results compared, {failed} failures")
sys.exit(1 if failed or not compared else 0)
