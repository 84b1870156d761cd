# SPDX-License-Identifier: Apache-2.0
"""A language that nobody speaks: messages/en with every sentence in brackets and every letter replaced by one with a
mark, decimal comma, "1 234", days first. What a report in it still shows in plain letters comes from elsewhere."""
import pathlib
import re
import tomllib

PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
MARKED = "áƀćďéƒğĥíĵķĺɱńóƥɋŕśťúṽŵẋýžÁɃĆĎÉƑĞĤÍĴĶĹṂŃÓƤɊŔŚŤÚṼŴẊÝŽ"
TABLE = str.maketrans(PLAIN, MARKED)


def foreign(sentence):
    parts = re.split(r"(\{[a-z0-9_]+\})", sentence)
    return "⟦" + "".join(part if part.startswith("{") else part.translate(TABLE) for part in parts) + "⟧"


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def lines_of(table, prefix):
    for name, value in table.items():
        key = prefix + [name]
        if isinstance(value, dict) and "by" not in value and not {"of", "say"} <= set(value):
            yield from lines_of(value, key)
            continue
        dotted = ".".join(part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else quoted(part) for part in key)
        if isinstance(value, dict) and "say" in value:
            yield f"{dotted} = {{ of = {quoted(value['of'])}, say = {quoted(foreign(value['say']))} }}"
        elif isinstance(value, dict):
            forms = ", ".join(f"{form} = {quoted(text if form == 'by' else foreign(text))}" for form, text in value.items())
            yield f"{dotted} = {{ {forms} }}"
        else:
            yield f"{dotted} = {quoted(foreign(value))}"


def catalogue(root, leave_out=(), data=""):
    """The text of the catalogue. Keys of `leave_out` have no translation. `data`: what `her2 messages --data` prints,
    with the texts of guidelines and options; without it they stay in English."""
    lines = ['language = "art-x-pseudo"', 'locale.decimal = ","', 'locale.group = "\u202f"', "locale.group_from = 4",
             'locale.percent = "{n} %"', 'locale.date = "{d}.{m}.{y}"', 'locale.plural.one = "i = 1 and v = 0"']
    files = sorted(pathlib.Path(root, "messages/en").glob("*.toml"))
    for text in [data] if data else [path.read_text(encoding="utf-8") for path in files]:
        table = tomllib.loads(text)
        for name in ("language", "locale", "open"):
            table.pop(name, None)
        lines += [line for line in lines_of(table, []) if line.split(" = ")[0] not in leave_out]
    return "\n".join(lines) + "\n"
