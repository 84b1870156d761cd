#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws docs/pictures/ish-coverage.svg: how often the 95 % intervals of her2 ish hold the truth, in simulated counts.

  scripts/ish_coverage.py [--from output.txt] [--build build/dev]

Runs the long tests of tests/ish/coverage_test.cpp (minutes), or takes what they printed before."""
import argparse
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
COLOURS = {"real-like": "#0a5566", "Poisson": "#8a1561", "overdispersed": "#b57b43", "mosaic": "#525c66",
           "truncated": "#2f7d32"}
LOW, HIGH = 70, 100


def read(text):
    single, areas = [], []
    for line in text.splitlines():
        if match := re.fullmatch(r"([\w-]+),([\d.]+),([\d.]+),(\d+),([\d.]+),([\d.]+),([\d.]+)", line):
            single.append((match[1], int(match[4]), [float(match[i]) for i in (5, 6, 7)]))
        if match := re.fullmatch(r"areas (\d+) sd ([\d.]+) n (\d+): ratio ([\d.]+) HER2 ([\d.]+) CEP17 ([\d.]+)", line):
            areas.append((int(match[1]), float(match[2]), int(match[3]), float(match[4])))
    return single, areas


class Svg:
    def __init__(self, width, height):
        self.out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
                    f'font-size="12"><rect width="{width}" height="{height}" fill="#fff"/>']

    def add(self, text):
        self.out.append(text)

    def text(self, x, y, text, anchor="middle", fill="#1a1e23", weight="400"):
        self.add(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}" font-weight="{weight}">{text}</text>')


def panel(svg, left, top, width, height, low, title):
    def y(value):
        return top + height * (HIGH - max(value, low)) / (HIGH - low)
    svg.add(f'<rect x="{left}" y="{y(97):.1f}" width="{width}" height="{y(93) - y(97):.1f}" fill="#e5f3f5"/>')
    svg.add(f'<line x1="{left}" x2="{left + width}" y1="{y(95):.1f}" y2="{y(95):.1f}" stroke="#0a5566"/>')
    svg.add(f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="none" stroke="#525c66"/>')
    for value in range(low, HIGH + 1, 1 if low >= 90 else 5):
        svg.text(left - 6, y(value) + 4, value, "end", "#525c66")
    svg.text(left, top - 10, title, "start", weight="600")
    return y


def draw(single, areas):
    svg = Svg(900, 430)
    y = panel(svg, 50, 40, 400, 300, 91, "Independent nuclei: every setting, ratio and both means")
    models, sizes = list(COLOURS), sorted({n for _, n, _ in single})
    step = 400 / max(len(sizes), 1)
    for place, n in enumerate(sizes):
        svg.text(50 + step * (place + .5), 358, n)
        for k, model in enumerate(models):
            values = [v for name, size, three in single if name == model and size == n for v in three]
            for i, value in enumerate(sorted(values)):
                x = 50 + step * place + step * (k + .6) / (len(models) + .2) + (i % 7 - 3) * .9
                svg.add(f'<circle cx="{x:.1f}" cy="{y(value):.1f}" r="1.6" fill="{COLOURS[model]}" fill-opacity=".7"/>')
    svg.text(250, 378, "nuclei counted")
    for k, model in enumerate(models):
        at = (58, 134, 198, 304, 366)[k]
        svg.add(f'<circle cx="{at}" cy="402" r="4" fill="{COLOURS[model]}"/>')
        svg.text(at + 8, 406, model, "start")
    y = panel(svg, 510, 40, 370, 300, LOW, "Nuclei of an area resemble each other: ratio")
    groups = sorted({(k, sd) for k, sd, _, _ in areas})
    step = 370 / max(len(groups), 1)
    for place, (k, sd) in enumerate(groups):
        x = 510 + step * (place + .5)
        svg.text(x, 356, f"{sd * 100:.0f}", fill="#525c66")
        for n, colour in ((20, "#8ec5d6"), (40, "#3f8ba0"), (100, "#0a5566")):
            for value in [v for kk, s, nn, v in areas if (kk, s, nn) == (k, sd, n)]:
                svg.add(f'<circle cx="{x:.1f}" cy="{y(value):.1f}" r="3.4" fill="{colour}"/>')
    for i, k in enumerate(sorted({k for k, _ in groups})):
        width = step * sum(1 for g in groups if g[0] == k)
        svg.text(510 + width * (i + .5), 376, f"{k} areas")
        svg.add(f'<line x1="{510 + width * (i + 1):.1f}" x2="{510 + width * (i + 1):.1f}" y1="40" y2="380" stroke="#d5dae0"/>')
    for i, (n, colour) in enumerate(((20, "#8ec5d6"), (40, "#3f8ba0"), (100, "#0a5566"))):
        svg.add(f'<circle cx="{520 + 90 * i}" cy="402" r="4" fill="{colour}"/>')
        svg.text(528 + 90 * i, 406, f"{n} nuclei", "start")
    svg.text(510, 424, "numbers below: by how many percent areas differ in HER2 (SD)", "start", "#525c66")
    svg.text(50, 424, "coverage of nominal 95 % intervals, percent; the band is 93 to 97", "start", "#525c66")
    return "\n".join(svg.out) + "\n</svg>\n"


arguments = argparse.ArgumentParser(description=__doc__)
arguments.add_argument("--from", dest="text")
arguments.add_argument("--build", default=str(ROOT / "build" / "dev"))
options = arguments.parse_args()
text = pathlib.Path(options.text).read_text() if options.text else subprocess.run(
    [f"{options.build}/tests/ish_test", "--gtest_filter=LongIshIntervals.*"], capture_output=True, text=True).stdout
single, areas = read(text)
target = ROOT / "docs" / "pictures" / "ish-coverage.svg"
target.write_text(draw(single, areas))
values = [v for _, _, three in single for v in three]
print(f"{target}: {len(values)} settings, {min(values):.2f} to {max(values):.2f} %; {len(areas)} with areas")
