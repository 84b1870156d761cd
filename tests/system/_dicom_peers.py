# SPDX-License-Identifier: Apache-2.0
"""What the DICOM tests share: they run again under the interpreter that has pydicom and highdicom (build/peers/dicom,
scripts/install-deps.sh --peers), make a DICOM slide, and ask dciodvfy."""
import os
import shutil
import subprocess
import sys

SOURCE = os.environ["HER2_SOURCE"]
PEERS = os.path.join(SOURCE, "build", "peers", "dicom", "bin", "python")
SLIDE_CLASS = "1.2.840.10008.5.1.4.1.1.77.1.6"


def need(*programs):
    """Goes on under the peers' Python, or skips."""
    if os.environ.get("HER2_IMAGING") == "OFF":
        sys.exit(_skip("built with HER2_IMAGING=OFF, without slides and cells"))
    for program in programs:
        if shutil.which(program) is None and not os.path.exists(f"/usr/sbin/{program}"):
            sys.exit(_skip(f"{program} is not installed: scripts/install-deps.sh --peers"))
    if not os.path.exists(PEERS):
        sys.exit(_skip("pydicom and highdicom are not there: scripts/install-deps.sh --peers"))
    if os.path.realpath(sys.prefix) != os.path.realpath(os.path.dirname(os.path.dirname(PEERS))):
        os.execv(PEERS, [PEERS, *sys.argv])


def _skip(why):
    print("skipped:", why)
    return 77


def run(*arguments, expect=0):
    done = subprocess.run([os.environ["HER2"], *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != expect:
        sys.exit(f"her2 {' '.join(map(str, arguments))}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout if expect == 0 else done.stderr


def dicom_slide(tiff, path, um_per_px):
    """The picture as a VL Whole Slide Microscopy Image, TILED_FULL, uncompressed; its UIDs and patient are made up."""
    import numpy as np
    import pydicom
    from PIL import Image
    from pydicom.dataset import Dataset, FileMetaDataset

    Image.MAX_IMAGE_PIXELS = None
    pixels = np.asarray(Image.open(tiff).convert("RGB"))
    height, width = pixels.shape[:2]
    side = 256
    across, down = -(-width // side), -(-height // side)
    padded = np.full((down * side, across * side, 3), 255, np.uint8)
    padded[:height, :width] = pixels
    frames = padded.reshape(down, side, across, side, 3).swapaxes(1, 2)
    d = Dataset()
    d.SpecificCharacterSet = "ISO_IR 192"
    d.ImageType = ["DERIVED", "PRIMARY", "VOLUME", "NONE"]
    d.SOPClassUID, d.SOPInstanceUID = SLIDE_CLASS, "1.2.826.0.1.3680043.10.1.3"
    d.StudyInstanceUID, d.SeriesInstanceUID = "1.2.826.0.1.3680043.10.1.1", "1.2.826.0.1.3680043.10.1.2"
    d.FrameOfReferenceUID, d.PositionReferenceIndicator = "1.2.826.0.1.3680043.10.1.4", "SLIDE_CORNER"
    d.StudyDate, d.StudyTime, d.StudyID, d.AccessionNumber = "20261101", "081500", "S1", "S26-123"
    d.PatientName, d.PatientID, d.PatientBirthDate, d.PatientSex = "Müller^Eva", "P-1", "19600102", "F"
    d.ReferringPhysicianName, d.Modality, d.SeriesNumber, d.InstanceNumber = "", "SM", 1, 1
    d.ContainerIdentifier = "S26-123 A1"
    d.TotalPixelMatrixColumns, d.TotalPixelMatrixRows = width, height
    d.ImagedVolumeWidth, d.ImagedVolumeHeight = width * um_per_px / 1000, height * um_per_px / 1000
    d.Rows, d.Columns, d.NumberOfFrames = side, side, across * down
    d.SamplesPerPixel, d.PhotometricInterpretation, d.PlanarConfiguration = 3, "RGB", 0
    d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = 8, 8, 7, 0
    d.DimensionOrganizationType, d.SpecimenLabelInImage = "TILED_FULL", "NO"
    measures, shared = Dataset(), Dataset()
    measures.PixelSpacing = [um_per_px / 1000, um_per_px / 1000]
    shared.PixelMeasuresSequence = [measures]
    d.SharedFunctionalGroupsSequence = [shared]
    d.PixelData = np.ascontiguousarray(frames).tobytes()
    d.file_meta = FileMetaDataset()
    d.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    d.file_meta.MediaStorageSOPClassUID, d.file_meta.MediaStorageSOPInstanceUID = d.SOPClassUID, d.SOPInstanceUID
    d.save_as(path, enforce_file_format=True)
    return d


def scored_slide(folder):
    """A phantom slide as DICOM, scored: (the slide's data set, its path, the result's folder)."""
    tiff, path, result = folder / "p.tiff", folder / "slide.dcm", folder / "result"
    run("phantom", "ihc", "--out", tiff, "--width", 1100, "--height", 1000, "--seed", 9, "--score", "3+")
    slide = dicom_slide(tiff, path, 0.25)
    run("ihc", path, "--out", result, "--mpp", 0.25)
    return slide, path, result


def a_pdf():
    """A page with nothing on it."""
    return (b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
            b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")


def complaints(path):
    """What dciodvfy finds wrong (its errors)."""
    done = subprocess.run(["dciodvfy", "-new", str(path)], capture_output=True, text=True)
    return [line for line in (done.stdout + done.stderr).splitlines() if line.startswith(("Error", "Abort"))]
