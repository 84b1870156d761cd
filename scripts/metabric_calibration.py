#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""PREDICT-compatible survival at ten years against what happened in METABRIC: calibration by decile, discrimination.

    metabric_calibration.py HER2 TABLE [--svg FILE]

HER2 is the program, TABLE the cBioPortal download brca_metabric_clinical_data.tsv. Only sums leave this script: numbers of
people, means, rates and their intervals. What is taken as recorded: age, size, nodes, grade, ER, HER2, PgR, chemotherapy,
endocrine and radiotherapy. Not in the table: smoking, screening, Ki-67, heart dose, generation of the chemotherapy; where
her2 gives an interval for that, its middle is used.
"""
import argparse
import csv
import math
import subprocess
import tempfile
from pathlib import Path

MODELS = ("predict-2.2", "predict-3.1", "predict-3.2")
MONTHS = 120.0


def middle(text):
    """The middle of "81.2000" or "80.1000-82.3000"."""
    parts = [float(part) for part in text.split("-")]
    return sum(parts) / len(parts)


def predictions(her2, table, model):
    """id -> percent alive at ten years, of the rows that have one."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "care.tsv"
        subprocess.run([her2, "care", table, "--map", "metabric", "--model", model, "--quiet", "--out", out], check=True)
        with out.open(newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {row["id"]: middle(row["alive_10"]) for row in rows if row["alive_10"]}


def outcomes(table):
    """id -> (months, dead), of the rows that have one."""
    out = {}
    with open(table, newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            months, status = row["Overall Survival (Months)"], row["Overall Survival Status"]
            if months not in ("", "NA") and status in ("1:DECEASED", "0:LIVING"):
                out[row["Patient ID"]] = (float(months), status == "1:DECEASED")
    return out


def kaplan_meier(people, at):
    """Share alive at a time and its 95 % interval (log-log, Greenwood); people: (time, dead)."""
    alive, spread = 1.0, 0.0
    at_risk = len(people)
    for time, dead in sorted(people, key=lambda one: (one[0], not one[1])):
        if time > at:
            break
        if dead:
            spread += 1 / (at_risk * (at_risk - 1)) if at_risk > 1 else 0.0
            alive *= 1 - 1 / at_risk
        at_risk -= 1
    if not 0 < alive < 1:
        return alive, alive, alive
    error = 1.959964 * math.sqrt(spread) / abs(math.log(alive))
    return alive, alive ** math.exp(error), alive ** math.exp(-error)


def concordance(people, at):
    """Harrell's C of (chance, time, dead), followed to `at`, with a 95 % interval from the jackknife."""
    people = [(chance, min(time, at), dead and time <= at) for chance, time, dead in people]
    pairs = [0.0] * len(people)  # usable pairs of each person, and those in the right order
    right = [0.0] * len(people)
    order = sorted(range(len(people)), key=lambda i: people[i][1])
    for place, i in enumerate(order):
        chance, time, dead = people[i]
        if not dead:
            continue
        for j in order[place + 1:]:
            other, later, other_dead = people[j]
            if later == time and other_dead:
                continue
            won = 1.0 if chance < other else 0.5 if chance == other else 0.0
            pairs[i] += 1
            pairs[j] += 1
            right[i] += won
            right[j] += won
    all_pairs, all_right = sum(pairs) / 2, sum(right) / 2
    whole = all_right / all_pairs
    left_out = [(all_right - r) / (all_pairs - p) for p, r in zip(pairs, right)]
    n = len(people)
    mean = sum(left_out) / n
    error = 1.959964 * math.sqrt((n - 1) / n * sum((one - mean) ** 2 for one in left_out))
    return whole, whole - error, whole + error


def deciles(chances, lived):
    """Ten groups by chance: people, mean chance, share alive at ten years and its interval; all in percent."""
    ids = sorted((one for one in chances if one in lived), key=lambda one: (chances[one], one))
    out = []
    for part in range(10):
        group = ids[len(ids) * part // 10:len(ids) * (part + 1) // 10]
        alive = kaplan_meier([lived[one] for one in group], MONTHS)
        out.append((len(group), sum(chances[one] for one in group) / len(group), *(100 * share for share in alive)))
    return out


def study(her2, table):
    """model -> (people, deciles, C with its interval, mean chance, share alive with its interval)."""
    lived = outcomes(table)
    out = {}
    for model in MODELS:
        chances = predictions(her2, table, model)
        both = [one for one in chances if one in lived]
        people = [(chances[one], *lived[one]) for one in sorted(both)]
        alive = tuple(100 * share for share in kaplan_meier([lived[one] for one in both], MONTHS))
        out[model] = (len(both), deciles(chances, lived), concordance(people, MONTHS),
                      sum(chances[one] for one in both) / len(both), alive)
    return out


def panel(model, result, left):
    people, groups, c, mean, alive = result
    side, low, top = 240, 20, 72  # pixels; the axes run from 20 to 100 %
    x = lambda percent: left + (percent - low) * side / (100 - low)
    y = lambda percent: top + side - (percent - low) * side / (100 - low)
    parts = [f'<text x="{left}" y="24" class="title">PREDICT-compatible {model[8:]}</text>',
             f'<text x="{left}" y="43" class="small">C {c[0]:.3f} (95 % interval {c[1]:.3f} to {c[2]:.3f})</text>',
             f'<text x="{left}" y="60" class="small">predicted {mean:.1f} %, seen {alive[0]:.1f} %</text>',
             f'<rect x="{left}" y="{top}" width="{side}" height="{side}" class="frame"/>',
             f'<line x1="{x(low)}" y1="{y(low)}" x2="{x(100)}" y2="{y(100)}" class="ideal"/>']
    for tick in range(low, 101, 20):
        parts.append(f'<line x1="{left}" x2="{left + side}" y1="{y(tick):.1f}" y2="{y(tick):.1f}" class="grid"/>')
        parts.append(f'<text x="{left - 6}" y="{y(tick) + 4:.1f}" class="tick" text-anchor="end">{tick}</text>')
        parts.append(f'<text x="{x(tick):.1f}" y="{top + side + 16}" class="tick" text-anchor="middle">{tick}</text>')
    for _, predicted, seen, seen_low, seen_high in groups:
        at = x(max(low, predicted))
        parts.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{y(max(low, seen_low)):.1f}" y2="{y(seen_high):.1f}" '
                     f'class="bar"/>')
        parts.append(f'<circle cx="{at:.1f}" cy="{y(max(low, seen)):.1f}" r="4" class="dot"/>')
    parts.append(f'<text x="{left + side / 2}" y="{top + side + 36}" class="small" text-anchor="middle">'
                 f'predicted alive at 10 years, %</text>')
    return "\n".join(parts)


def svg(results):
    style = ("text{font-family:sans-serif;fill:#222}.title{font-size:15px;font-weight:bold}.small{font-size:12px}"
             ".tick{font-size:11px;fill:#555}.frame{fill:#fff;stroke:#888}.grid{stroke:#e6e6e6}"
             ".ideal{stroke:#888;stroke-dasharray:5 4}.bar{stroke:#1f5a92;stroke-width:2}.dot{fill:#1f5a92}")
    width, height = 960, 376
    people = results[MODELS[0]][0]
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
             f'height="{height}" role="img" aria-label="Predicted against observed survival at ten years in METABRIC, '
             f'by decile, three versions">', f"<style>{style}</style>",
             f'<rect width="{width}" height="{height}" fill="#fff"/>',
             f'<text transform="translate(18 {72 + 120}) rotate(-90)" class="small" text-anchor="middle">'
             f'seen alive at 10 years, %</text>']
    for place, model in enumerate(MODELS):
        parts.append(panel(model, results[model], 60 + place * 304))
    parts.append(f'<text x="{width - 8}" y="{height - 6}" class="tick" text-anchor="end">METABRIC, {people} people in '
                 f'tenths; bars: 95 % interval (Kaplan-Meier)</text>')
    parts.append("</svg>\n")
    return "\n".join(parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("her2")
    parser.add_argument("table")
    parser.add_argument("--svg", help="picture to write")
    arguments = parser.parse_args()
    results = study(arguments.her2, arguments.table)
    for model, (people, groups, c, mean, alive) in results.items():
        print(f"{model}: {people} people, C {c[0]:.3f} (95 % interval {c[1]:.3f} to {c[2]:.3f}), "
              f"predicted {mean:.1f} %, seen {alive[0]:.1f} % ({alive[1]:.1f} to {alive[2]:.1f})")
        for number, (size, predicted, seen, low, high) in enumerate(groups, 1):
            print(f"  tenth {number:2d}: {size} people, predicted {predicted:5.1f} %, seen {seen:5.1f} % "
                  f"({low:.1f} to {high:.1f})")
    if arguments.svg:
        Path(arguments.svg).write_text(svg(results))


if __name__ == "__main__":
    main()
