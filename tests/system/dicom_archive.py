#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Orthanc takes our objects by STOW-RS and by C-STORE and gives them back equal in every attribute; a server that refuses,
is absent or asks for a password is a clear sentence. On loopback only. Skipped without Orthanc, its DICOMweb plugin or
pydicom."""
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from _dicom_peers import a_pdf, need, run, scored_slide

need("Orthanc")

import pydicom

PLUGIN = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so"
if not os.path.exists(PLUGIN):
    print("skipped: orthanc-dicomweb is not installed: scripts/install-deps.sh --peers")
    sys.exit(77)
failed = 0


def check(holds, what):
    global failed
    if not holds:
        failed += 1
        print("FAILED:", what)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Orthanc:
    def __init__(self, folder, **more):
        self.http, self.dicom, self.user = free_port(), free_port(), more.get("RegisteredUsers")
        folder.mkdir()
        settings = {"Name": "peer", "StorageDirectory": str(folder / "db"), "IndexDirectory": str(folder / "db"),
                    "HttpPort": self.http, "DicomPort": self.dicom, "DicomAet": "PEER", "Plugins": [PLUGIN],
                    "RemoteAccessAllowed": True, "HttpServerEnabled": True, "AuthenticationEnabled": False,
                    "DicomAlwaysAllowStore": True, "DicomWeb": {"Enable": True, "Root": "/dicom-web/"}, **more}
        (folder / "orthanc.json").write_text(json.dumps(settings))
        self.log = open(folder / "log", "w")
        self.process = subprocess.Popen(["Orthanc", str(folder / "orthanc.json")], stdout=self.log, stderr=self.log,
                                        env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"})
        for _ in range(300):
            try:
                self.get("/system")
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)
        sys.exit("Orthanc did not start: " + (folder / "log").read_text()[-2000:])

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http}{path}", timeout=30) as answer:
            return answer.read()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)
        self.log.close()


def equal_in_content(orthanc, files):
    ids = json.loads(orthanc.get("/instances"))
    check(len(ids) == len(files), f"{len(ids)} of {len(files)} objects are there")
    back = {}
    for one in ids:
        data = pydicom.dcmread(pydicom.filebase.DicomBytesIO(orthanc.get(f"/instances/{one}/file")))
        back[data.SOPInstanceUID] = data
    for file in files:
        data = pydicom.dcmread(file)
        check(data.SOPInstanceUID in back and back[data.SOPInstanceUID] == data, f"{file.name} came back with another content")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        _, path, result = scored_slide(folder)
        pdf, objects = folder / "report.pdf", folder / "dicom"
        pdf.write_bytes(a_pdf())
        run("export", result, "--format", "dicom", "--slide", path, "--out", objects, "--report", pdf)
        files = sorted(objects.iterdir())
        with Orthanc(folder / "one") as peer:
            said = run("send", objects, "--stow", f"http://127.0.0.1:{peer.http}/dicom-web/")
            check("3 objects sent" in said, said)
            equal_in_content(peer, files)
            run("send", objects, "--stow", f"http://127.0.0.1:{peer.http}/dicom-web")  # again: harmless
            equal_in_content(peer, files)
            study = pydicom.dcmread(files[0]).StudyInstanceUID
            found = json.loads(peer.get(f"/dicom-web/studies/{study}/series"))
            check(len(found) == 3, f"QIDO-RS finds {len(found)} series")
            error = run("send", objects, "--stow", f"http://127.0.0.1:{peer.http}/nothing", expect=2)
            check("HTTP 404" in error, error)
            error = run("send", pdf, "--stow", f"http://127.0.0.1:{peer.http}/dicom-web", expect=2)
            check("HTTP" in error or "refused" in error or "took 0" in error, error)
        with Orthanc(folder / "two", DicomCheckCalledAet=True) as peer:
            said = run("send", *files, path, "--store", f"PEER@127.0.0.1:{peer.dicom}")
            check("4 objects sent" in said, said)
            equal_in_content(peer, [*files, path])
            error = run("send", files[0], "--store", f"OTHER@127.0.0.1:{peer.dicom}", expect=2)
            check("no association" in error and error.count("\n") == 1, error)
        with Orthanc(folder / "three", AuthenticationEnabled=True, RegisteredUsers={"lab": "secret"}) as peer:
            url = f"http://127.0.0.1:{peer.http}/dicom-web"
            error = run("send", files[1], "--stow", url, expect=2)
            check("HTTP 401" in error, error)
            (folder / "password").write_text("secret\n")
            run("send", files[1], "--stow", url, "--user", "lab", "--password-file", folder / "password")
        error = run("send", files[0], "--stow", f"http://127.0.0.1:{free_port()}/dicom-web", expect=2)
        check("was not reached" in error, error)
    print(f"{len(files)} kinds of objects sent twice over, {failed} failures")
    sys.exit(1 if failed else 0)


main()
