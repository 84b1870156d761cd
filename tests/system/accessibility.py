#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every kind of HTML page of her2 in a browser at three widths, and dark at one: axe-core finds no violation of WCAG 2.0
to 2.2, levels A and AA, and nothing makes the page wider than the window. Runs first on a page with known faults.
HER2_PREVIEW=DIR keeps screenshots. Skipped without Chromium or axe-core."""
import os
import subprocess
import sys
import tempfile

from _browser import Browser, chromium

source, her2 = os.environ["HER2_SOURCE"], os.environ["HER2"]
axe = os.path.join(source, "build", "peers", "node", "node_modules", "axe-core", "axe.min.js")
if not chromium():
    print("Chromium is not installed: scripts/install-deps.sh --peers")
    sys.exit(77)
if not os.path.isfile(axe):
    print("axe-core is not installed: scripts/install-deps.sh --peers")
    sys.exit(77)
with open(axe, encoding="utf-8") as file:
    AXE = file.read()
RUN = """axe.run(document, {runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
  resultTypes: ["violations"]}).then(r => ({passes: r.passes.length, violations: r.violations.map(v => v.id + ": " +
  v.help + ": " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(" | "))}))"""
WIDTHS = (360, 800, 1400)
keep = os.environ.get("HER2_PREVIEW")
failed = 0


def make(*arguments, ok=(0,)):
    done = subprocess.run([her2, *arguments], cwd=source, capture_output=True, text=True, check=False)
    if done.returncode not in ok:
        sys.exit(f"her2 {' '.join(arguments)}: {done.returncode}: {done.stderr}")


def case(name):
    return os.path.join(source, "cases", name)


def pages(folder):
    def out(name):
        return os.path.join(folder, name + ".html")

    for name in ("02-group-4-recount", "07-primary-and-metastasis", "08-contradiction", "03-ultralow-from-shares"):
        make("status", case(name + ".json"), "--format", "html", "--out", out("status-" + name), ok=(0, 1))
        yield out("status-" + name)
    for name in ("11-care-early-luminal", "15-care-contradictions"):
        make("care", case(name + ".json"), "--format", "html", "--out", out("care-" + name))
        yield out("care-" + name)
    make("explain", case("11-care-early-luminal.json"), "--with-numbers", "--out", out("explain"))
    yield out("explain")
    make("guideline", "export", "breast-her2-2018", "--format", "html", "--out", out("guideline"))
    yield out("guideline")
    laboratory = os.path.join(folder, "laboratory.csv")
    with open(laboratory, "w", encoding="utf-8") as file:
        file.write("id,laboratory,reported,ihc_score\n")
        for row in range(240):
            file.write(f"C{row},{('North', 'South', 'East')[row % 3]},2025-{1 + row % 12:02d}-15,{('0', '1+', '2+', '3+')[row % 7 % 4]}\n")
    make("cohort", laboratory, "--by", "laboratory", "--date", "reported", "--quiet", "--report", out("cohort"))
    yield out("cohort")
    actor = ("--store", os.path.join(folder, "lab.her2"), "--author", "Dr Lindt", "--at", "2026-11-23T10:00:00Z")
    make("case", "import", case("02-group-4-recount.json"), *actor)
    make("case", "add", "--case", "demo-02", "--image", laboratory, "--comment", "recut ordered", *actor)
    make("case", "sign", "demo-02", "--meaning", "final report", "--role", "pathologist", *actor)
    make("case", "amend", "demo-02", "--retract-fact", "1", "--reason", "counted on another slide", *actor)
    make("case", "show", "demo-02", *actor[:2], "--details", "--format", "html", "--out", out("record"))
    yield out("record")
    make("ish", "--counts", case("ish/two-populations.csv"), "--ihc", "2+", "--out", os.path.join(folder, "ish"),
         ok=(0, 1))
    yield os.path.join(folder, "ish", "report.html")
    if os.environ.get("HER2_IMAGING") != "OFF":
        slide = os.path.join(folder, "slide.tiff")
        make("phantom", "ihc", "--out", slide, "--score", "2+", "--width", "1536", "--height", "1536", "--seed", "7")
        make("ihc", slide, "--out", os.path.join(folder, "ihc"), ok=(0, 1))
        yield os.path.join(folder, "ihc", "report.html")


def look(browser, path, width, scheme):
    browser.open(path, width, scheme=scheme)
    wide = browser.evaluate("document.documentElement.scrollWidth")
    browser.evaluate(AXE + "; 0")
    found = browser.evaluate(RUN)
    return wide, found


with tempfile.TemporaryDirectory() as folder:
    browser = Browser()
    try:
        broken = os.path.join(folder, "broken.html")
        with open(broken, "w", encoding="utf-8") as file:
            file.write("<!DOCTYPE html><html><head><title>x</title></head><body><main><h1>x</h1><img src='data:,'>"
                       "<p style='color:#bbb;background:#fff'>pale</p><p style='width:2000px'>wide</p></main></body></html>")
        wide, found = look(browser, broken, 800, "light")
        seen = {v.split(":")[0] for v in found["violations"]}
        if not {"html-has-lang", "image-alt", "color-contrast"} <= seen or wide <= 800:
            sys.exit(f"the check does not see the faults of the broken page: {seen}, {wide} px")
        looked = 0
        for path in pages(folder):
            name = os.path.relpath(path, folder).replace("/", "-").removesuffix(".html")
            for width in WIDTHS:
                for scheme in ("light", "dark") if width == WIDTHS[1] else ("light",):
                    wide, found = look(browser, path, width, scheme)
                    looked += 1
                    for violation in found["violations"]:
                        failed += 1
                        print(f"{name} at {width}, {scheme}: {violation}")
                    if wide > width:
                        failed += 1
                        print(f"{name} at {width}: the page is {wide} px wide")
                    if keep and scheme == "light":
                        browser.screenshot(os.path.join(keep, f"{name}-{width}.png"))
        print(f"{looked} views looked at, {failed} faults")
    finally:
        browser.close()
sys.exit(1 if failed else 0)
