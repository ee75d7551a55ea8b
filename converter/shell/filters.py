"""Filters on a known text: `cut`, `tr` and a plain `sed s///`, as files use them to take a version apart."""

from __future__ import annotations

import re
from collections.abc import Sequence


def filtered(words: Sequence[str], text: str) -> str | None:
    """The output of a filter for the input `text`, or None where it is not known."""
    name, *arguments = words
    if name == "cut":
        return _cut(arguments, text)
    if name == "tr":
        return _tr(arguments, text)
    if name == "sed":
        return _sed(arguments, text)
    return None


def _cut(arguments: list[str], text: str) -> str | None:
    delimiter, fields, characters = "\t", "", ""
    index = 0
    while index < len(arguments):
        match = re.fullmatch(r"(-[dfc]|--(?:delimiter|fields|characters)=)(.*)", arguments[index], re.S)
        if match is None:
            return None
        option, value = match[1], match[2]
        if not value:
            index += 1
            if index == len(arguments):
                return None
            value = arguments[index]
        if option in ("-d", "--delimiter="):
            delimiter = value
        elif option in ("-f", "--fields="):
            fields = value
        else:
            characters = value
        index += 1
    if bool(fields) == bool(characters) or len(delimiter) != 1:
        return None
    ranges = _ranges(fields or characters)
    if ranges is None:
        return None
    lines = []
    for line in text.splitlines():
        if fields and delimiter not in line:
            lines.append(line)
            continue
        pieces = line.split(delimiter) if fields else list(line)
        chosen = [
            piece for at, piece in enumerate(pieces, 1) if any(low <= at <= high for low, high in ranges)
        ]
        lines.append((delimiter if fields else "").join(chosen))
    return "".join(line + "\n" for line in lines)


def _ranges(text: str) -> list[tuple[int, int]] | None:
    ranges = []
    for piece in text.split(","):
        match = re.fullmatch(r"(\d*)(-?)(\d*)", piece)
        if match is None or not (match[1] or match[3]):
            return None
        low = int(match[1] or "1")
        high = int(match[3]) if match[3] else (10**9 if match[2] else low)
        ranges.append((low, high))
    return ranges


def _tr(arguments: list[str], text: str) -> str | None:
    if arguments[:1] == ["-d"] and len(arguments) == 2:
        return None if (gone := _set(arguments[1])) is None else "".join(c for c in text if c not in gone)
    if len(arguments) != 2 or arguments[0].startswith("-"):
        return None
    before, after = _set(arguments[0]), _set(arguments[1])
    if not before or not after:
        return None
    after = after.ljust(len(before), after[-1])
    return text.translate({ord(old): new for old, new in reversed(list(zip(before, after, strict=False)))})


def _set(text: str) -> str | None:
    classes = {"[:lower:]": "a-z", "[:upper:]": "A-Z", "[:digit:]": "0-9", "[:space:]": " \t\n"}
    for name, members in classes.items():
        text = text.replace(name, members)
    if re.search(r"[\\\[]", text):
        return None
    return re.sub(
        r"(.)-(.)",
        lambda match: "".join(chr(c) for c in range(ord(match[1]), ord(match[2]) + 1)),
        text,
        flags=re.S,
    )


def _sed(arguments: list[str], text: str) -> str | None:
    extended = False
    scripts = []
    index = 0
    while index < len(arguments):
        argument = arguments[index]
        if argument in ("-r", "-E"):
            extended = True
        elif argument == "-e" and index + 1 < len(arguments):
            index += 1
            scripts.append(arguments[index])
        elif argument.startswith("-") or scripts:
            return None
        else:
            scripts.append(argument)
        index += 1
    for script in scripts:
        changed = _substituted(script, text, extended)
        if changed is None:
            return None
        text = changed
    return text if scripts else None


def _substituted(script: str, text: str, extended: bool) -> str | None:
    match = re.fullmatch(r"s([/|,#:@!%])((?:\\.|(?!\1).)*)\1((?:\\.|(?!\1).)*)\1(g?);?", script.strip(), re.S)
    if match is None:
        return None
    delimiter, pattern, replacement, everywhere = match.groups()
    plain = r"(?:[\w ~:/@,#%=!-]|\\[.\\/-]|\.)*"
    anchored = re.fullmatch(rf"(\^?)({plain})(\$?)", pattern.replace("\\" + delimiter, delimiter))
    if anchored is None or re.search(r"[\\&]", replacement.replace("\\" + delimiter, "").replace("\\.", "")):
        return None
    compiled = re.compile(anchored[1] + anchored[2] + anchored[3])
    value = replacement.replace("\\" + delimiter, delimiter).replace("\\.", ".")
    return "".join(
        compiled.sub(lambda _: value, line, count=0 if everywhere else 1) + "\n" for line in text.splitlines()
    )
