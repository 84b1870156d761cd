# SPDX-License-Identifier: Apache-2.0
"""What every HTML page of her2 must be: well-formed, nothing fetched, headings in order, tables and pictures that a screen
reader can tell, and colours with WCAG AA contrast in light, dark and print."""
import re
from html.parser import HTMLParser

VOID = {"meta", "br", "link", "img", "hr", "input", "rect", "line", "circle", "path"}
faults = []


class Page(HTMLParser):
    def __init__(self, name):
        super().__init__(convert_charrefs=True)
        self.name, self.open, self.ids, self.targets, self.level, self.h1 = name, [], set(), [], 0, 0
        self.last_svg = None

    def fault(self, text):
        faults.append(f"{self.name}:{self.getpos()[0]}: {text}")

    def handle_starttag(self, tag, attributes):
        attrs = dict(attributes)
        if tag not in VOID:
            self.open.append(tag)
        if len(attrs) != len(attributes):
            self.fault(f"<{tag}> has an attribute twice")
        if "id" in attrs:
            if attrs["id"] in self.ids:
                self.fault(f"id {attrs['id']} twice")
            self.ids.add(attrs["id"])
        for name, value in attributes:
            picture = tag == "img" and (value or "").startswith("data:image/png;base64,")
            if (name == "src" and not picture) or name == "action" or name.startswith("on"):
                self.fault(f"<{tag}> has {name}")
            if name == "href" and not value.startswith("#"):
                self.fault(f"href {value} leaves the page")
            if name == "href":
                self.targets.append(value[1:])
            if name in ("aria-labelledby", "aria-describedby"):
                self.targets += value.split()
        if tag in ("script", "iframe", "object", "link", "form"):
            self.fault(f"<{tag}>")
        if tag == "img" and not attrs.get("alt"):
            self.fault("img without alt")
        if re.fullmatch("h[1-6]", tag):
            level = int(tag[1])
            self.h1 += level == 1
            if level > self.level + 1:
                self.fault(f"<{tag}> after level {self.level}")
            self.level = level
        if tag == "th" and "scope" not in attrs:
            self.fault("th without scope")
        if tag == "svg" and not (attrs.get("role") == "img" and "aria-labelledby" in attrs) and \
                attrs.get("aria-hidden") != "true":
            self.fault("svg without a name")
        if tag == "html" and "lang" not in attrs:
            self.fault("html without lang")

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.fault(f"</{tag}> closes {self.open[-1:] or 'nothing'}")
        else:
            self.open.pop()

    def finish(self):
        if self.open:
            self.fault(f"not closed: {self.open}")
        if self.h1 != 1:
            self.fault(f"{self.h1} h1")
        for landmark in ("main",):
            if landmark not in self.ids:
                self.fault(f"no {landmark}")
        for target in self.targets:
            if target not in self.ids:
                self.fault(f"no element has the id {target}")


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i:i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def check_colours(css):
    schemes = re.findall(r":root \{(.*?)\}", css, re.S)
    if len(schemes) != 3:
        faults.append(f"{len(schemes)} colour schemes, not light, dark and print")
    grounds = ["positive-ground", "negative-ground", "unsettled-ground", "neutral-ground"]
    pairs = [(ink, ground) for ink in ("ink", "quiet", "link") for ground in ["ground", "sheet", "soft"] + grounds]
    pairs += [(g.removesuffix("-ground"), g) for g in grounds] + [("ink", f"g{i}") for i in range(1, 6)]
    pairs += [("sheet", "ink"), ("mark", "sheet")]
    for number, scheme in enumerate(schemes):
        colours = dict(re.findall(r"--([a-z0-9-]+):(#[0-9a-f]+)", scheme))
        for ink, ground in pairs:
            ratio = contrast(colours[ink], colours[ground])
            if ratio < 4.5:
                faults.append(f"scheme {number}: {ink} on {ground} has contrast {ratio:.2f}")
        for mark in [f"g{i}" for i in range(1, 6)]:
            if contrast(colours["mark"], colours[mark]) < 3:
                faults.append(f"scheme {number}: the point cannot be seen on {mark}")


def check_page(name, text):
    page = Page(name)
    page.feed(text)
    page.close()
    page.finish()
