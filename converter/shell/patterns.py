"""Shell patterns (`*`, `?`, `[…]`) as regular expressions, for parameter operators and `case`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

Piece = tuple[str, bool]
"""A piece of a pattern and whether it is quoted, so that it only matches itself."""

_SPECIAL = re.compile(r"[*?\[\\]")
_CLASS = re.compile(r"\[:(\w+):\]")
_BRACKET = re.compile(r"\[(?P<negated>[!^]?)(?P<members>\]?(?:\[:\w+:\]|[^\]])*)\]")


def literal(pieces: Iterable[Piece]) -> str | None:
    """The one text that the pattern matches, or None if it has pattern characters."""
    text = []
    for piece, quoted in pieces:
        if not quoted and _SPECIAL.search(piece):
            return None
        text.append(piece)
    return "".join(text)


def expression(pieces: Iterable[Piece]) -> re.Pattern[str]:
    """The regular expression that matches what the pattern matches."""
    return _compiled("".join(re.escape(piece) if quoted else _translated(piece) for piece, quoted in pieces))


@lru_cache(maxsize=256)
def _compiled(source: str) -> re.Pattern[str]:
    try:
        return re.compile(source, re.S)
    except re.error:
        return re.compile(r"(?!)")  # a bracket expression that no shell accepts either


def _translated(pattern: str) -> str:
    out = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "[" and (bracket := _BRACKET.match(pattern, at)):
            members = _CLASS.sub(lambda match: _CLASSES.get(match[1], ""), bracket["members"])
            members = members.replace("\\", "\\\\").replace("[", "\\[")
            out.append("[" + ("^" if bracket["negated"] else "") + members + "]")
            at = bracket.end()
            continue
        if char == "*":
            out.append(".*")
        else:
            out.append("." if char == "?" else re.escape(char))
        at += 1
    return "".join(out)


_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": " \t",
    "digit": "0-9",
    "lower": "a-z",
    "space": " \t\n\r\f\v",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}
