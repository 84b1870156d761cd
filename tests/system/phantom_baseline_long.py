# SPDX-License-Identifier: Apache-2.0
"""Phantoms are no easier than tissue: a fixed outside baseline (scikit-image) does about as well on both.

Membranes: rgb2hed's DAB above one cut, at 0.7 um/px, Dice pooled over three tiles (1+, 2+, 3+), against what a
person would draw as over-expressed. Nuclei: peaks of the blurred haematoxylin, matched to true points within 6 px.
Real tiles are read from HER2_TEST_DATA; without them, or without scikit-image, the test is skipped.
"""
import csv
import os
import pathlib
import subprocess
import sys
import tempfile

from _imaging import need_imaging

need_imaging()

try:
    import numpy as np
    import openslide
    from scipy import ndimage, optimize, spatial
    from skimage import color, feature, filters, io, transform
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

DATA = pathlib.Path(os.environ.get("HER2_TEST_DATA", "")) / "ihc"
TILES = [("score1_25", "1+"), ("score2_9", "2+"), ("score3_15", "3+")]
DAB_CUT = 0.16  # of rgb2hed: the cut named in the tiles' description
TILE_UM = 0.7
DRAWN_MOD = 250  # from here on a person draws a membrane as over-expressed: of the 2+ phantom 3 %, as of the 2+ tile
NUCLEUS_UM = 0.56  # at which a phantom's nucleus has as many pixels as one of the Ki-67 field
WITHIN = 0.1


def shrink(image, from_um, to_um):
    shape = [round(n * from_um / to_um) for n in image.shape[:2]]
    return transform.resize(image, shape, anti_aliasing=True)


def phantom(folder, seed, score):
    out = pathlib.Path(folder) / f"{seed}.tiff"
    subprocess.run([os.environ["HER2"], "phantom", "ihc", "--out", out, "--seed", str(seed), "--score", score, "--density",
                    "--width", "1600", "--height", "1600"], check=True, stdout=subprocess.DEVNULL)

    def level0(path):
        slide = openslide.OpenSlide(str(path))
        return np.asarray(slide.read_region((0, 0), 0, slide.dimensions))[..., :3] / 255.0

    with open(out.with_suffix(".cells.csv")) as text:
        points = np.array([(float(row["x"]), float(row["y"])) for row in csv.DictReader(text)])
    return level0(out), level0(out.with_suffix(".density.tiff"))[..., 2] * 255 * 8, points


def dice(pairs):
    both = sum((got & want).sum() for got, want in pairs)
    return 2 * both / max(1, sum(got.sum() + want.sum() for got, want in pairs))


def membrane(image):
    return color.rgb2hed(image)[..., 2] > DAB_CUT


def nuclei(image):
    h = ndimage.gaussian_filter(color.rgb2hed(image)[..., 0], 3)
    return feature.peak_local_max(h, min_distance=5, threshold_abs=filters.threshold_otsu(h))[:, ::-1] + 0.5


def f1(got, want, within=6):
    distance = spatial.distance.cdist(got, want)
    rows, columns = optimize.linear_sum_assignment(np.minimum(distance, within + 1))
    hits = (distance[rows, columns] <= within).sum()
    return 2 * hits / (len(got) + len(want))


def main():
    if not (DATA / "her2_tiles").is_dir():
        print(f"skipped: no tiles in {DATA}")
        return 77
    real, tiles, points_f1 = [], [], []
    for name, _ in TILES:
        image = io.imread(DATA / "her2_tiles" / f"{name}.png")[..., :3] / 255.0
        good = io.imread(DATA / "her2_tiles" / f"{name}_badpix.png") == 0
        real.append((membrane(image) & good, (io.imread(DATA / "her2_tiles" / f"{name}_membrane_mask.png") > 0) & good))
    field = io.imread(DATA / "ki67_kinet" / "pan.png")[..., :3] / 255.0
    with open(DATA / "ki67_kinet" / "pan_points.csv") as text:
        true_points = np.array([(float(row["x"]), float(row["y"])) for row in csv.DictReader(text)])
    real_f1 = f1(nuclei(field), true_points)
    with tempfile.TemporaryDirectory() as folder:
        for seed, (_, score) in enumerate(TILES, start=11):
            image, line, points = phantom(folder, seed, score)
            want = transform.resize((line >= DRAWN_MOD).astype(float), [round(n * 0.25 / TILE_UM) for n in line.shape],
                                    anti_aliasing=True) > 0.25
            tiles.append((membrane(shrink(image, 0.25, TILE_UM)), want))
            small = shrink(image, 0.25, NUCLEUS_UM)
            points_f1.append(f1(nuclei(small), points * 0.25 / NUCLEUS_UM))
    ok = True
    for what, on_real, on_phantom in (("membrane Dice", dice(real), dice(tiles)),
                                      ("nuclei F1", real_f1, float(np.mean(points_f1)))):
        print(f"{what}: tissue {on_real:.3f}, phantom {on_phantom:.3f}")
        ok = ok and abs(on_real - on_phantom) <= WITHIN
    print("by phantom: nuclei F1", np.round(points_f1, 3), "Dice", [round(float(dice([t])), 3) for t in tiles],
          "drawn %", [round(100 * float(t[1].mean()), 2) for t in tiles])
    print("by tile: Dice", [round(float(dice([t])), 3) for t in real], "drawn %",
          [round(100 * float(t[1].mean()), 2) for t in real])
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
