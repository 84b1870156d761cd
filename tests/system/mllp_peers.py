#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""her2 listen and send against others: python3-hl7's mllp_send sends to us and hl7apy's MLLP server receives from us; each
bundled case goes out as ORU^R01 and comes back with the status it had; SIGTERM ends a listener within a message and leaves
no part of one. The first and last need no peer; the middle is left out without hl7apy (build/peers/dicom)."""
import glob
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time

SOURCE, HER2 = os.environ["HER2_SOURCE"], os.environ["HER2"]
PEERS = os.path.join(SOURCE, "build", "peers", "dicom", "bin", "python")
failed = 0
SERVER = textwrap.dedent("""
    import sys
    from hl7apy.mllp import AbstractHandler, MLLPServer
    from hl7apy.parser import parse_message

    class Keep(AbstractHandler):
        def reply(self):
            message = parse_message(self.incoming_message, find_groups=False)
            with open(sys.argv[1], "a", encoding="utf-8") as file:
                file.write(f"{message.msh.msh_10.value} {len([s for s in message.children if s.name == 'OBX'])}\\n")
            code = "AR" if len(sys.argv) > 2 else "AA"
            return "\\x0bMSH|^~\\\\&|x||her2||20261123||ACK^R01|1|T|2.5.1\\rMSA|%s|%s|said so\\r\\x1c\\r" % (code, message.msh.msh_10.value)

    server = MLLPServer("127.0.0.1", 0, {"ORU^R01^ORU_R01": (Keep,)})
    print(server.server_address[1], flush=True)
    server.serve_forever()
""")


def check(holds, what):
    global failed
    if not holds:
        failed += 1
        print("FAILED:", what)


def run(*arguments, expect=0):
    done = subprocess.run([HER2, *map(str, arguments)], capture_output=True, text=True)
    check(done.returncode == expect, f"{arguments}: exit code {done.returncode}: {done.stderr}")
    return done.stdout + done.stderr


class Listener:
    def __init__(self, folder, *more):
        self.process = subprocess.Popen([HER2, "listen", "--mllp", "0", "--out", str(folder), *more], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().split(",")[0].rsplit(":", 1)[1])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        said = self.process.stdout.read()
        return self.process.wait(20), said


def status(path):
    tree = json.loads(run("status", path, "--format", "json"))
    return [(s["id"], [(a["fact"], a["state"], a["words"]) for a in s["answers"]]) for s in tree["specimens"]]


def there_and_back(folder):
    listener = Listener(folder / "inbox")
    sent = 0
    for case in sorted(glob.glob(os.path.join(SOURCE, "cases", "*.json"))):
        with open(case, encoding="utf-8") as file:
            if "\"ensembles\"" in file.read():  # replicates have no place in HL7 (docs/exchange.md)
                continue
        message = folder / "out.hl7"
        run("export", case, "--format", "hl7", "--out", message, "--at", "2026-11-23T10:00:00Z")
        before = set((folder / "inbox").iterdir())
        said = run("send", message, "--mllp", f"127.0.0.1:{listener.port}")
        check(said.endswith(": AA\n"), said)
        new = set((folder / "inbox").iterdir()) - before
        check(len(new) == 1, f"{case}: {len(new)} files")
        for path in new:
            check(path.read_bytes() == message.read_bytes(), f"{case}: other bytes")
            check(status(path) == status(case), f"{case}: another status")
        sent += 1
    if shutil.which("mllp_send"):
        done = subprocess.run(["mllp_send", "--loose", "--port", str(listener.port), "--file", str(message), "127.0.0.1"],
                              capture_output=True)
        check(b"MSA|AA|" in done.stdout, f"python3-hl7: {done.stdout} {done.stderr}")
    code, said = listener.stop()
    check(code == 0 and f"stopped: {sent} accepted" in said, said)
    return sent


def stopped_within_a_message(folder):
    listener = Listener(folder / "cut")
    with socket.create_connection(("127.0.0.1", listener.port)) as client:
        client.sendall(b"\x0bMSH|^~\\&|LAB|HOSP|her2||20261123100000||ORU^R01|X1|T|2.5.1\rPID|")
        time.sleep(0.3)
        code, said = listener.stop()
        check(code == 0 and "0 accepted" in said, said)
    check(not list((folder / "cut").iterdir()), "a part of a message was kept")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = run("listen", "--mllp", taken.getsockname()[1], "--out", folder / "cut", expect=2)
        check("cannot be listened on" in said, said)


def to_hl7apy(folder):
    message = folder / "to.hl7"
    run("export", os.path.join(SOURCE, "cases", "02-group-4-recount.json"), "--format", "hl7", "--out", message)
    for refusing in ([], ["refuse"]):
        seen = folder / f"seen{len(refusing)}"
        peer = subprocess.Popen([PEERS, "-c", SERVER, str(seen), *refusing], stdout=subprocess.PIPE, text=True)
        try:
            said = run("send", message, "--mllp", f"127.0.0.1:{int(peer.stdout.readline())}", expect=len(refusing))
            check(("AR said so" if refusing else ": AA") in said, said)
            wanted = message.read_bytes().count(b"\rOBX|")
            check(seen.read_text().split()[1] == str(wanted), f"hl7apy saw {seen.read_text()}, not {wanted} OBX")
        finally:
            peer.kill()
            peer.wait()


with tempfile.TemporaryDirectory() as name:
    place = pathlib.Path(name)
    count = there_and_back(place)
    stopped_within_a_message(place)
    with_peer = os.path.exists(PEERS) and subprocess.run([PEERS, "-c", "import hl7apy"], capture_output=True).returncode == 0
    if with_peer:
        to_hl7apy(place)
print(f"{count} cases sent and read back, {'with' if with_peer else 'without'} hl7apy, {failed} failures")
sys.exit(1 if failed or not count else 0)
