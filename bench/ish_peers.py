#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scikit-image's blob_log on both signal channels of a FISH field, against her2's whole count of it (bench/slide_ish).

    ish_peers.py SLIDE_ISH FIELD MPP [ROUNDS]

blob_log gets sigmas around a signal's (0.15 to 0.35 um) in 5 steps and in its default of 10; it finds dots only, no
nuclei. Times are CPU times of one thread.
"""
import os
import re
import subprocess
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"


def main():
    from skimage.feature import blob_log
    from skimage.io import imread

    tool, field, mpp = sys.argv[1], sys.argv[2], float(sys.argv[3])
    rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 3
    text = subprocess.run([tool, field, "--mpp", str(mpp), "--rounds", "7"], capture_output=True, text=True,
                          check=True).stdout
    print(text.strip())
    ours = float(re.search(r"all (\d+) ms", text).group(1)) / 1e3
    dots = float(re.search(r"dots alone ([0-9.]+) ms", text).group(1)) / 1e3
    picture = imread(field).astype(float) / 255
    for steps in (5, 10):
        times = []
        for _ in range(rounds):
            begun = time.process_time()
            for channel in (0, 1):
                blob_log(picture[:, :, channel], min_sigma=0.15 / mpp, max_sigma=0.35 / mpp, num_sigma=steps,
                         threshold=0.03)
            times.append(time.process_time() - begun)
        theirs = sorted(times)[len(times) // 2]
        print(f"blob_log, {steps} scales, 2 channels: {theirs * 1e3:.0f} ms; {theirs / dots:.0f} times her2's search for "
              f"dots in both, {theirs / ours:.1f} times its whole count")


if __name__ == "__main__":
    main()
